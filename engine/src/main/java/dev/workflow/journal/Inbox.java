package dev.workflow.journal;

import dev.workflow.engine.Journal.DamagedException;
import dev.workflow.engine.Journal.Message;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The messages that processes leave for whoever drives a run. */
final class Inbox {
  /** More than this for one run and something is wrong with whoever sends them. */
  static final int MESSAGES_MAX = 1_000;

  private Inbox() {}

  /**
   * Messages in the order in which they came.
   *
   * @param last key of the last one; 0: there is none
   */
  record Taken(List<Message> messages, long last) {}

  static int count(Connection connection, long run) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT count(*) FROM inbox WHERE run = ?")) {
      query.setLong(1, run);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next() ? rows.getInt(1) : 0;
      }
    }
  }

  static void post(Connection connection, long run, Message message) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement("INSERT INTO inbox(run, message) VALUES(?, ?)")) {
      insert.setLong(1, run);
      insert.setBytes(2, write(message));
      insert.executeUpdate();
    }
  }

  /** The messages with a key greater than the one given. */
  static Taken after(Connection connection, long run, long after) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT key, message FROM inbox WHERE run = ? AND key > ? ORDER BY key")) {
      query.setLong(1, run);
      query.setLong(2, after);
      List<Message> messages = new ArrayList<>();
      long last = 0;
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          last = rows.getLong(1);
          messages.add(read(rows.getBytes(2)));
        }
      }
      return new Taken(List.copyOf(messages), last);
    }
  }

  /** Removes the messages up to a key. */
  static void forget(Connection connection, long run, long upTo) throws SQLException {
    try (PreparedStatement delete =
        connection.prepareStatement("DELETE FROM inbox WHERE run = ? AND key <= ?")) {
      delete.setLong(1, run);
      delete.setLong(2, upTo);
      delete.executeUpdate();
    }
  }

  private static byte[] write(Message message) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    switch (message) {
      case Message.Cancel cancel -> tree.put("reason", cancel.reason()).put("undo", cancel.undo());
      case Message.Answer answer -> tree.put("step", answer.step()).set("output", answer.answer());
    }
    return new CompactWriter(Integer.MAX_VALUE, Chain::sha256).value(tree).toBytes();
  }

  private static Message read(byte[] bytes) {
    try {
      JsonNode tree = new CompactReader(bytes, Inbox::noBlob).lastValue();
      return tree.has("reason")
          ? new Message.Cancel(tree.get("reason").stringValue(), tree.path("undo").asBoolean(false))
          : new Message.Answer(tree.get("step").stringValue(), tree.get("output"));
    } catch (RuntimeException e) {
      throw new DamagedException("Inbox: a message is not as it was written: " + e.getMessage(), e);
    }
  }

  private static JsonNode noBlob(Octets hash) {
    throw new IllegalArgumentException("messages have no blobs");
  }
}
