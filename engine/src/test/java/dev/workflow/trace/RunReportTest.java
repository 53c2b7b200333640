package dev.workflow.trace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Money;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.run.Event;
import dev.workflow.run.Event.QuestionAsked;
import dev.workflow.run.Event.RunFinished;
import dev.workflow.run.Event.StepBlocked;
import dev.workflow.run.Event.StepFailed;
import dev.workflow.run.Event.StepPrepared;
import dev.workflow.run.Event.StepSkipped;
import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.ModelReply;
import dev.workflow.run.Plan;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepError;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class RunReportTest {
  private static final StepPath A = StepPath.of("a");
  private static final StepPath B = StepPath.of("b");
  private static final StepPath C = StepPath.of("c");
  private static final StepError BROKEN =
      new StepError(ErrorKind.TOOL_ERROR, "It broke.", List.of("in two"));

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private static Plan.Node node(String id, Plan.Kind kind, OnError onError) {
    return new Plan.Node(
        id,
        kind,
        List.of(),
        null,
        null,
        null,
        Retry.NONE,
        null,
        onError,
        0,
        Duration.ZERO,
        null,
        false,
        null,
        Allowance.NONE);
  }

  /** The state after these events, one a second, of a plan with the steps a, b and c. */
  private static RunState after(OnError ofA, boolean simulated, Event... events) {
    Plan plan =
        new Plan(
            List.of(
                node("a", Plan.Kind.SET, ofA),
                node("b", Plan.Kind.ASK, new OnError.Fail()),
                node("c", Plan.Kind.SET, new OnError.Fail())),
            Map.of(),
            Map.of());
    Event start =
        new Event.RunStarted("r1", "trip", plan, json("{}"), json("{}"), Limits.DEFAULT, simulated);
    RunState state = RunState.begin(new Recorded(1, Instant.EPOCH, 1, start));
    for (int i = 0; i < events.length; i++) {
      state.apply(new Recorded(i + 2, Instant.EPOCH.plusSeconds(i + 1), 1, events[i]));
    }
    return state;
  }

  @Test
  void theCostIsANumberOnlyWhereEveryPriceIsKnown() {
    assertThat(usage(Money.parse("0.0043 USD")))
        .isEqualTo(
            "{\"tool_calls\":0,\"model_calls\":1,\"input_tokens\":100,\"output_tokens\":20,"
                + "\"cost\":0.0043,\"currency\":\"USD\"}");
    assertThat(usage(null))
        .isEqualTo(
            "{\"tool_calls\":0,\"model_calls\":1,\"input_tokens\":100,\"output_tokens\":20,"
                + "\"cost\":\"unknown\"}");
  }

  private static String usage(@Nullable Money cost) {
    StepPath a = StepPath.of("a");
    RunState run =
        after(
            new OnError.Fail(),
            false,
            new Event.StepPrepared(a, new Prepared.Conversation("writer", "write", 1, null)),
            new Event.StepStarted(a, 1),
            new Event.ModelCalled(a, "a#1", 1, 1, 0),
            new Event.ModelReplied(
                a,
                "a#1",
                new ModelReply(
                    "openai/x",
                    "Dear",
                    null,
                    List.of(),
                    null,
                    List.of(),
                    new ModelReply.Usage(100, 20, 0, 0, 0),
                    cost)));
    return RunReport.of(run).path("usage").toString();
  }

  @Test
  void aRunThatFailedSaysWhatEachStepGaveAndWhyItFailed() {
    RunState run =
        after(
            new OnError.Fail(),
            false,
            new StepPrepared(A, new Prepared.Value(json("1"))),
            new StepStarted(A, 1),
            new StepFailed(A, BROKEN),
            new StepBlocked(B, List.of("a")),
            new StepPrepared(C, new Prepared.Value(json("{'n':2}"))),
            new StepSucceeded(C, json("{'n':2}")),
            new RunFinished(RunStatus.FAILED, Map.of("c", json("2")), List.of("careful")));
    assertThat(json(RunReport.of(run).toString()))
        .isEqualTo(
            json(
                """
                {'run':'r1','workflow':'trip','status':'failed','simulated':false,
                 'outputs':{'c':2},
                 'steps':{
                  'a':{'status':'failed','attempts':1,
                   'error':{'kind':'tool_error','message':'It broke.','details':['in two']}},
                  'b':{'status':'blocked','attempts':0,'reason':'needs a'},
                  'c':{'status':'succeeded','attempts':1,'output':{'n':2}}},
                 'pending':[],
                 'errors':[
                  {'kind':'tool_error','message':'It broke.','details':['in two'],'step':'a'}],
                 'warnings':['careful'],'replans':0,
                 'usage':{'tool_calls':0,'model_calls':0,'input_tokens':0,'output_tokens':0,
                  'cost':'none'},
                 'started':'1970-01-01T00:00:00Z','ended':'1970-01-01T00:00:07Z'}
                """));
  }

  @Test
  void whatWaitsForAPersonSaysWhatIsAskedAndInWhichForm() {
    JsonNode form = json("{'type':'integer'}");
    Event approval = new StepPrepared(B, new Prepared.Question("Go?", null));
    Event filled = new StepPrepared(B, new Prepared.Question("How many?", form));

    assertThat(
            RunReport.of(
                    after(
                        new OnError.Fail(),
                        true,
                        approval,
                        new QuestionAsked(B, "Go?", null, null)))
                .get("pending"))
        .isEqualTo(json("[{'step':'b','kind':'approval','text':'Go?'}]"));
    assertThat(
            RunReport.of(
                    after(
                        new OnError.Fail(),
                        true,
                        filled,
                        new QuestionAsked(B, "How many?", form, null)))
                .get("pending"))
        .isEqualTo(
            json("[{'step':'b','kind':'form','text':'How many?','form':{'type':'integer'}}]"));
  }

  @Test
  void aFailureThatTheRunGotOverIsNoErrorOfTheRun() {
    RunState run =
        after(
            new OnError.Continue(),
            true,
            new StepPrepared(A, new Prepared.Value(json("1"))),
            new StepStarted(A, 1),
            new StepFailed(A, BROKEN),
            new StepSkipped(B, "not wanted"),
            new StepFailed(C, BROKEN));

    assertThat(RunReport.failures(run)).extracting(StepInfo::path).containsExactly(C);
    assertThat(RunReport.of(run).at("/errors/0/step").asString()).isEqualTo("c");
    assertThat(RunReport.of(run).get("errors")).hasSize(1);
    assertThat(RunReport.of(run).at("/steps/b"))
        .isEqualTo(json("{'status':'skipped','attempts':0,'reason':'not wanted'}"));
  }
}
