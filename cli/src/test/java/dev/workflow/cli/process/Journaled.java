package dev.workflow.cli.process;

import dev.workflow.engine.Journal.RunLog;
import dev.workflow.journal.SqliteJournal;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What the journal says about a run.
 *
 * @param events in their order
 */
record Journaled(List<Recorded> events) {
  Journaled {
    events = List.copyOf(events);
  }

  /** The newest run of a home. */
  static Journaled last(Path home) {
    try (SqliteJournal journal = new SqliteJournal(home)) {
      return of(journal, journal.find("last").getFirst().run());
    }
  }

  /** A run of a home. */
  static Journaled of(Path home, String run) {
    try (SqliteJournal journal = new SqliteJournal(home)) {
      return of(journal, run);
    }
  }

  private static Journaled of(SqliteJournal journal, String run) {
    List<Recorded> events = new ArrayList<>();
    journal.read(run, 1, events::add);
    return new Journaled(events);
  }

  /** Writes the events into the journal of a home. */
  void writeTo(Path home, String run) {
    try (SqliteJournal journal = new SqliteJournal(home);
        RunLog log = journal.create(run)) {
      log.append(
          events,
          failure -> {
            if (failure != null) {
              throw failure;
            }
          });
    }
  }

  /** The calls of tools that have neither an answer nor a failure. */
  List<Event.ToolCalled> underWay() {
    Set<String> ended =
        all(Event.OfCall.class).stream()
            .filter(each -> !(each instanceof Event.ToolCalled))
            .map(Event.OfCall::call)
            .collect(Collectors.toSet());
    return all(Event.ToolCalled.class).stream()
        .filter(called -> !ended.contains(called.call()))
        .toList();
  }

  /** How many runs a home has. */
  static int runs(Path home) {
    try (SqliteJournal journal = new SqliteJournal(home)) {
      return journal.runs().size();
    }
  }

  /** All events of a kind. */
  <E extends Event> List<E> all(Class<E> kind) {
    return events.stream().map(Recorded::event).filter(kind::isInstance).map(kind::cast).toList();
  }

  /** The time of the first event of a kind about a step. */
  Instant time(Class<? extends Event.OfStep> kind, String step) {
    return events.stream()
        .filter(recorded -> kind.isInstance(recorded.event()))
        .filter(recorded -> kind.cast(recorded.event()).step().toString().equals(step))
        .map(Recorded::time)
        .findFirst()
        .orElseThrow(() -> new NoSuchElementException("no " + kind.getSimpleName() + " " + step));
  }

  /** What each tool returned last, by the tool's name. */
  Map<String, JsonNode> returned() {
    Map<String, String> tools = new HashMap<>();
    all(Event.ToolCalled.class).forEach(called -> tools.put(called.call(), called.tool()));
    Map<String, JsonNode> returned = new HashMap<>();
    for (Event.ToolReturned answer : all(Event.ToolReturned.class)) {
      returned.put(tools.getOrDefault(answer.call(), answer.call()), answer.output());
    }
    return returned;
  }

  /** What a tool returned last. */
  JsonNode returned(String tool) {
    JsonNode returned = returned().get(tool);
    if (returned == null) {
      throw new NoSuchElementException(tool + " returned nothing");
    }
    return returned;
  }
}
