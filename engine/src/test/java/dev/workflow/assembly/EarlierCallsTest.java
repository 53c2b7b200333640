package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Limits;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.engine.ToolExperience.Tally;
import dev.workflow.journal.MemoryJournal;
import dev.workflow.run.Event;
import dev.workflow.run.Plan;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class EarlierCallsTest {
  private static final ObjectNode NONE = JsonNodeFactory.instance.objectNode();

  /** A run whose journal has one event, and two for each call. */
  private static void run(MemoryJournal journal, String id, int calls) {
    ObjectNode definition = JsonNodeFactory.instance.objectNode();
    definition.putObject("bindings").put("forecast", "met/sky");
    List<Event> events = new ArrayList<>();
    events.add(
        new Event.RunStarted(
            id,
            "w",
            new Plan(List.of(), Map.of(), Map.of()),
            definition,
            NONE,
            Limits.DEFAULT,
            false));
    for (int i = 1; i <= calls; i++) {
      StepPath step = StepPath.of("s");
      String call = "s#" + i;
      events.add(
          new Event.ToolCalled(
              step, call, 1, "met", "sky", NONE, "hash", "digest", Effect.READ, "key", null));
      events.add(new Event.ToolReturned(step, call, NONE, List.of()));
    }
    List<Recorded> recorded = new ArrayList<>();
    for (Event event : events) {
      recorded.add(new Recorded(recorded.size() + 1L, Instant.EPOCH, 1, event));
    }
    try (RunLog log = journal.create(id)) {
      log.append(recorded, failure -> {});
    }
  }

  private static Map<String, Tally> known(MemoryJournal journal) {
    return new EarlierCalls(() -> journal).with("forecast");
  }

  @Test
  void theNewestHundredRunsCount() {
    try (MemoryJournal journal = new MemoryJournal()) {
      run(journal, "oldest", 7);
      for (int i = 0; i < 100; i++) {
        run(journal, "r" + i, 1);
      }

      assertThat(known(journal)).containsOnly(Map.entry("met/sky", new Tally(100, 0)));
    }
  }

  @Test
  void aRunOfMoreEventsThanFiveThousandDoesNotCount() {
    try (MemoryJournal journal = new MemoryJournal()) {
      run(journal, "long", 2_500);
      assertThat(known(journal)).isEmpty();
      run(journal, "short", 2_499);
      assertThat(known(journal)).containsOnly(Map.entry("met/sky", new Tally(2_499, 0)));
    }
  }
}
