package dev.workflow.assembly;

import dev.workflow.engine.Journal;
import dev.workflow.engine.Journal.JournalException;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.run.Event.RunFinished;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The runs of a journal, as a whole. */
record KeptRuns(Journal journal) {

  /** The state of a run, folded from its events. */
  RunState state(String run) {
    RunState[] state = new RunState[1];
    journal.read(
        run,
        1,
        recorded -> {
          if (state[0] == null) {
            state[0] = RunState.begin(recorded);
          } else {
            state[0].apply(recorded);
          }
        });
    if (state[0] == null) {
      throw none(run);
    }
    return state[0];
  }

  List<Recorded> events(String run) {
    List<Recorded> events = new ArrayList<>();
    journal.read(run, 1, events::add);
    if (events.isEmpty()) {
      throw none(run);
    }
    return events;
  }

  private static JournalException none(String run) {
    return new JournalException("Run " + run + " has no events", null);
  }

  /** The last succeeded run; one that answers were scripted for is none to a real one. */
  Optional<Journal.RunSummary> previous(String workflow, boolean simulated) {
    return journal.runs().stream()
        .filter(run -> run.workflow().equals(workflow) && run.status() == RunStatus.SUCCEEDED)
        .filter(run -> simulated || !run.simulated())
        .findFirst();
  }

  JsonNode outputs(String run) {
    ObjectNode outputs = JsonNodeFactory.instance.objectNode();
    journal
        .last(run, RunFinished.class)
        .ifPresent(last -> ((RunFinished) last.event()).outputs().forEach(outputs::set));
    return outputs;
  }

  /**
   * Records all events of a run that is new, or none.
   *
   * @throws JournalException when a run of its id exists
   */
  void record(String run, List<Recorded> events) {
    CompletableFuture<@Nullable Void> durable = new CompletableFuture<>();
    try (RunLog log = journal.create(run)) {
      log.append(
          events,
          failure -> {
            if (failure == null) {
              durable.complete(null);
            } else {
              durable.completeExceptionally(failure);
            }
          });
    }
    try {
      durable.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof JournalException failure ? failure : e;
    }
  }
}
