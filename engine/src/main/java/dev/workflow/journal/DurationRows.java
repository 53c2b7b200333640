package dev.workflow.journal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long steps took in the last succeeded runs of each workflow. */
final class DurationRows {
  private DurationRows() {}

  /** Adds those of one run, and forgets those of runs too long ago. */
  static void insert(
      Connection connection, long run, String workflow, Map<String, Duration> durations)
      throws SQLException {
    if (durations.isEmpty()) {
      return;
    }
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT OR REPLACE INTO duration VALUES(?, ?, ?)")) {
      for (Map.Entry<String, Duration> duration : durations.entrySet()) {
        insert.setLong(1, run);
        insert.setString(2, duration.getKey());
        insert.setLong(3, duration.getValue().toNanos());
        insert.addBatch();
      }
      insert.executeBatch();
    }
    String old =
        "DELETE FROM duration WHERE run IN (SELECT DISTINCT d.run FROM duration d JOIN run r"
            + " ON r.key = d.run WHERE r.workflow = ? ORDER BY d.run DESC LIMIT -1 OFFSET ?)";
    try (PreparedStatement delete = connection.prepareStatement(old)) {
      delete.setString(1, workflow);
      delete.setInt(2, StepTimes.RUNS_MAX);
      delete.executeUpdate();
    }
  }

  /** The median of each step of a workflow. */
  static Map<String, Duration> medians(Connection connection, String workflow) throws SQLException {
    String sql =
        "SELECT d.step, d.nanos FROM run r JOIN duration d ON d.run = r.key WHERE r.workflow = ?"
            + " AND r.status = 'SUCCEEDED'";
    Map<String, List<Duration>> found = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setString(1, workflow);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          found
              .computeIfAbsent(rows.getString(1), step -> new ArrayList<>())
              .add(Duration.ofNanos(rows.getLong(2)));
        }
      }
    }
    return StepTimes.medians(found);
  }
}
