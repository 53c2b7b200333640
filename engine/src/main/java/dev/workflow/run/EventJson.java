package dev.workflow.run;

import dev.workflow.run.Event.RunStarted;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Events as JSON, exact in both directions. One line of an event stream is {@code {"seq", "time",
 * "run", "type", "step"?, ..., "epoch", "schemaVersion"}}; {@code event.schema.json} is its
 * contract. Reading ignores unknown fields and refuses unknown types.
 */
public final class EventJson {

  /** Version of the shape that is written; all versions up to it are read. */
  public static final int SCHEMA_VERSION = 1;

  private EventJson() {}

  /**
   * A line of an event stream.
   *
   * @param run id of the run that the event belongs to
   */
  public record Line(String run, Recorded recorded) {
    public Line {
      if (recorded.event() instanceof RunStarted started && !started.run().equals(run)) {
        throw new IllegalArgumentException(
            "run_started.run: expected \"" + run + "\", found \"" + started.run() + "\"");
      }
    }
  }

  /** The line of an event, with all that surrounds it. */
  public static ObjectNode write(Line line) {
    Recorded recorded = line.recorded();
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("seq", recorded.seq());
    tree.put("time", recorded.time().toString());
    tree.put("run", line.run());
    new EventWriter(tree).write(recorded.event());
    tree.put("epoch", recorded.epoch());
    tree.put("schemaVersion", SCHEMA_VERSION);
    return tree;
  }

  /**
   * The line that {@link #write(Line)} wrote, or an older version of it.
   *
   * @throws IllegalArgumentException when the tree is no such line
   */
  public static Line readLine(JsonNode tree) {
    Fields fields = new Fields("event", tree);
    int version = fields.integer("schemaVersion");
    Recorded recorded =
        new Recorded(
            fields.whole("seq"),
            fields.time("time"),
            fields.whole("epoch"),
            readEvent(tree, version));
    return new Line(fields.text("run"), recorded);
  }

  /** The event alone: {@code {"type", "step"?, ...}}. */
  public static ObjectNode write(Event event) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    new EventWriter(tree).write(event);
    return tree;
  }

  /**
   * The event that {@link #write(Event)} wrote.
   *
   * @param version the {@link #SCHEMA_VERSION} of the writer
   * @throws IllegalArgumentException when the tree is no event, or a newer version wrote it
   */
  public static Event readEvent(JsonNode tree, int version) {
    if (version < 1 || version > SCHEMA_VERSION) {
      throw new IllegalArgumentException(
          "event.schemaVersion: expected at most "
              + SCHEMA_VERSION
              + ", found "
              + version
              + "; a newer version of workflow wrote it: update this one");
    }
    return EventReader.read(tree);
  }
}
