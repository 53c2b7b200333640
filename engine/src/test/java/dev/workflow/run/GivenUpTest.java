package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Event.Resolution;
import dev.workflow.run.Plan.Fan;
import dev.workflow.run.Plan.Kind;
import dev.workflow.run.Plan.Node;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** A payment inside a group that would be tried again: it is lost, and somebody gives it up. */
class GivenUpTest {
  private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();

  private final List<Command> commands = new ArrayList<>();
  private long seq;

  /** Beside the payment, which may be one of many, stands what fails for want of its server. */
  private static Plan payingInsideAGroup(@Nullable Fan each) {
    Node other = Plans.plain("other", Kind.TOOL, List.of(), Duration.ZERO);
    Node pay = node("pay", Kind.TOOL, each, Retry.NONE, null);
    Retry retry =
        new Retry(2, Duration.ofSeconds(1), Duration.ofSeconds(1), Set.of(ErrorKind.UNAVAILABLE));
    Node group = node("group", Kind.GROUP, null, retry, "group");
    return new Plan(List.of(group), Map.of("group", List.of(other, pay)), Map.of());
  }

  private static Node node(
      String id, Kind kind, @Nullable Fan each, Retry retry, @Nullable String body) {
    return new Node(
        id,
        kind,
        List.of(),
        each,
        null,
        null,
        retry,
        null,
        new OnError.Fail(),
        0,
        Duration.ZERO,
        body,
        false,
        null,
        Allowance.NONE);
  }

  private Recorded recorded(Event event) {
    return new Recorded(++seq, Instant.EPOCH, 1, event);
  }

  @Test
  void noRetryOfWhatStandsAroundACallThatSomebodyGaveUpMakesItAgain() {
    assertThat(paid(payingInsideAGroup(null))).containsExactly("group/other", "group/pay");
  }

  @Test
  void noRetryOfWhatStandsAroundManyCallsOneOfWhichSomebodyGaveUpMakesThemAgain() {
    assertThat(paid(payingInsideAGroup(new Fan(0, false, false))))
        .containsExactly("group/other", "group/pay[0]", "group/pay[1]");
  }

  /** The steps whose tools were called, to the end of the run. */
  private List<String> paid(Plan plan) {
    RunState run =
        RunState.begin(
            recorded(
                new Event.RunStarted("r", "w", plan, NOTHING, NOTHING, Limits.DEFAULT, false)));
    Decider decider = new Decider(run);
    for (Decision next = decider.decide(); !next.isEmpty(); next = decider.decide()) {
      next.events().forEach(event -> run.apply(recorded(event)));
      commands.addAll(next.commands());
      next.commands().forEach(command -> answer(command, run));
    }
    assertThat(commands).hasAtLeastOneElementOfType(Command.AskAboutDoubt.class);
    assertThat(commands).doesNotHaveAnyElementsOfTypes(Command.DrawBackoff.class);
    assertThat(run.status()).isEqualTo(RunStatus.FAILED);
    return commands.stream()
        .filter(Command.CallTool.class::isInstance)
        .map(command -> ((Command.CallTool) command).step().toString())
        .toList();
  }

  private void answer(Command command, RunState run) {
    if (command instanceof Command.Prepare prepare) {
      run.apply(
          recorded(
              new Event.StepPrepared(prepare.step(), prepared(run.steps.get(prepare.step())))));
    } else if (command instanceof Command.CallTool call) {
      StepError lost = StepError.of(ErrorKind.UNAVAILABLE, "The server is gone");
      boolean paid = call.step().id().equals("pay");
      run.apply(recorded(new Event.ToolFailed(call.step(), call.call(), lost, paid)));
    } else if (command instanceof Command.AskAboutDoubt doubt) {
      run.apply(
          recorded(new Event.DoubtResolved(doubt.step(), doubt.call(), Resolution.FAIL, null)));
    } else if (command instanceof Command.Finish finish) {
      run.apply(recorded(new Event.RunFinished(finish.status(), Map.of(), List.of())));
    }
  }

  private static Prepared prepared(StepRun step) {
    if (step.fansOut()) {
      return new Prepared.Items(
          List.of(new Prepared.Item("0", NOTHING), new Prepared.Item("1", NOTHING)), false);
    }
    return step.node.kind() == Kind.GROUP
        ? new Prepared.Body(null, null)
        : new Prepared.Call("s", "pay", NOTHING, "hash", "d", Effect.DESTRUCTIVE, "key");
  }
}
