package dev.workflow.travel.tide;

import java.util.List;

/** What is known of the tide at a place on one local calendar day. */
public sealed interface TideDay {
  /** Name of the port that stands for the place, or of the nearest one. */
  String port();

  /** From the place to {@link #port()}, in kilometres. */
  double distanceKm();

  /**
   * A prediction.
   *
   * @param meanLevelM mean sea level above {@code datum}, in metres
   * @param turns high and low waters in time order
   */
  record Predicted(
      String port,
      double distanceKm,
      double meanLevelM,
      String datum,
      String basis,
      String source,
      List<TideTurn> turns)
      implements TideDay {
    public Predicted {
      turns = List.copyOf(turns);
    }

    public List<TideTurn> highs() {
      return turns.stream().filter(TideTurn::high).toList();
    }

    public List<TideTurn> lows() {
      return turns.stream().filter(turn -> !turn.high()).toList();
    }
  }

  /** No tide to be told, and why. */
  record Unavailable(String reason, String port, double distanceKm) implements TideDay {}
}
