package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Limits;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A step that an earlier run answers makes no call and takes nothing from anybody. */
class CachedStepTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
  private static final Prepared.Cached KEPT =
      new Prepared.Cached(
          JsonNodeFactory.instance.stringNode("kept"),
          "earlier",
          StepPath.of("a"),
          Instant.EPOCH.minusSeconds(60));

  private final List<Recorded> journal = new ArrayList<>();
  private final List<Command> commands = new ArrayList<>();

  private static Plan chain() {
    Node first = Plans.plain("a", Kind.TOOL, List.of(), Duration.ZERO);
    Node second =
        Plans.plain("b", Kind.AGENT, List.of(new Plan.Edge(0, Plan.EdgeKind.VALUE)), Duration.ZERO);
    return new Plan(List.of(first, second), Map.of(), Map.of());
  }

  private Recorded next(Event event) {
    Recorded recorded = new Recorded(journal.size() + 1, Instant.EPOCH, 1, event);
    journal.add(recorded);
    return recorded;
  }

  /** A run that may call nothing at all. */
  private RunState run() {
    Limits none =
        Limits.DEFAULT.with("tool_calls", "0").with("model_calls", "0").with("concurrency", "1");
    RunState run =
        RunState.begin(
            next(new Event.RunStarted("r", "w", chain(), NOTHING, NOTHING, none, false)));
    decide(run);
    return run;
  }

  private void decide(RunState run) {
    Decider decider = new Decider(run);
    for (Decision next = decider.decide(); !next.isEmpty(); next = decider.decide()) {
      next.events().forEach(event -> run.apply(next(event)));
      for (Command command : next.commands()) {
        commands.add(command);
        if (command instanceof Command.Prepare prepare) {
          run.apply(next(new Event.StepPrepared(prepare.step(), KEPT)));
        } else if (command instanceof Command.Finish finish) {
          run.apply(next(new Event.RunFinished(finish.status(), Map.of(), List.of())));
        }
      }
    }
  }

  @Test
  void itSucceedsWithoutASlotACallOrABudget() {
    RunState run = run();
    assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(commands)
        .hasOnlyElementsOfTypes(Command.Prepare.class, Command.Finish.class)
        .hasSize(3);
    assertThat(journal)
        .extracting(recorded -> recorded.event().getClass().getSimpleName())
        .containsExactly(
            "RunStarted",
            "StepPrepared",
            "StepSucceeded",
            "StepPrepared",
            "StepSucceeded",
            "RunFinished");
    assertThat(run.toolCalls() + run.modelCalls()).isZero();
    assertThat(run.step("b").output()).isEqualTo(KEPT.output());
    assertThat(run.step("b").prepared()).isEqualTo(KEPT);
  }

  @Test
  void afterACrashAtAnyMomentTheAnswerIsThatOfTheJournal() {
    run();
    List<Recorded> whole = List.copyOf(journal);
    for (int cut = 1; cut < whole.size(); cut++) {
      journal.clear();
      commands.clear();
      journal.addAll(whole.subList(0, cut));
      RunState run = RunState.begin(journal.getFirst());
      journal.stream().skip(1).forEach(run::apply);
      long prepared =
          journal.stream().filter(each -> each.event() instanceof Event.StepPrepared).count();
      run.apply(next(new Event.RunResumed(run.limits())));
      decide(run);
      assertThat(run.status()).as("cut after %d", cut).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(commands.stream().filter(Command.Prepare.class::isInstance))
          .as("cut after %d", cut)
          .hasSize((int) (2 - prepared));
    }
  }
}
