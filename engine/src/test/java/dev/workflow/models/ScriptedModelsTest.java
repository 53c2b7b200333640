package dev.workflow.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Models;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.ModelException;
import dev.workflow.engine.Models.Reply;
import dev.workflow.engine.Models.Request;
import dev.workflow.engine.Models.Wanted;
import dev.workflow.expression.CelExpressions;
import dev.workflow.run.ModelReply.Usage;
import dev.workflow.run.StepPath;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class ScriptedModelsTest extends ModelsContract {
  @TempDir private @Nullable Path folder;

  @Override
  ModelRef model() {
    return ModelRef.of("openai", "gpt-5");
  }

  @Override
  Models models(Will... wills) {
    ArrayNode turns = JsonNodeFactory.instance.arrayNode();
    for (Will will : wills) {
      turns.add(turn(will));
    }
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    ObjectNode rule = file.putArray("answers").addObject();
    if (wills.length == 1) {
      rule.setAll((ObjectNode) turns.get(0));
    } else {
      rule.set("turns", turns);
    }
    return new ScriptedModels(file, new CelExpressions());
  }

  private static ObjectNode turn(Will will) {
    ObjectNode turn = JsonNodeFactory.instance.objectNode();
    return switch (will) {
      case Will.Say say -> turn.put("text", say.text());
      case Will.SayCut cut -> turn.put("text", cut.text()).put("truncated", true);
      case Will.Wait slow ->
          turn.put("text", slow.text()).put("delay", slow.delay().toSeconds() + "s");
      case Will.Fail fail -> {
        turn.putObject("fail").put("kind", fail.kind().word());
        yield turn;
      }
      case Will.Call call -> {
        ArrayNode calls = turn.putArray("calls");
        for (FakeAnswer.Call one : call.calls()) {
          calls.addObject().put("tool", one.tool()).set("with", json(one.arguments()));
        }
        yield turn;
      }
    };
  }

  private Documents.Tree read(Path file) {
    return new YamlDocuments(new JsonSchemas()).tree(file, "answers.schema.json");
  }

  /** Reads YAML as a run does: schema first, then the expressions. */
  private ScriptedModels script(String yaml) {
    try {
      Path file = Objects.requireNonNull(folder).resolve("answers.yaml");
      Files.writeString(file, yaml);
      Documents.Tree tree = read(file);
      assertThat(tree.problems()).isEmpty();
      return new ScriptedModels(Objects.requireNonNull(tree.value()), new CelExpressions());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Path travel() {
    try {
      return Path.of(
          Objects.requireNonNull(ScriptedModelsTest.class.getResource("travel-answers.yaml"))
              .toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One agent's conversation, carried on as the engine would. */
  private static final class Talk {
    private final Models models;
    private final String agent;
    private final StepPath step;
    private final JsonNode scope;
    private final List<Message> messages = new ArrayList<>(List.of(new Message.User("Go on.")));
    private int turn;
    private Reply last = new Reply("", null, List.of(), null, false, Usage.NONE);

    Talk(Models models, String agent, String step, String scope) {
      this.models = models;
      this.agent = agent;
      this.step = StepPath.parse(step);
      this.scope = json(scope);
    }

    Request next() {
      return new Request(
          ModelRef.of("openai", "gpt-5"),
          agent,
          step,
          "plan#1",
          ++turn,
          "",
          messages,
          List.of(),
          json("{'type':'object'}"),
          null,
          scope);
    }

    Talk asks() {
      last = ask(models, next());
      messages.add(new Message.Assistant(last.text(), null, last.calls()));
      return this;
    }

    Talk gets(int call, String value) {
      Wanted wanted = last.calls().get(call);
      messages.add(new Message.ToolOutput(wanted.id(), wanted.name(), value, json(value), false));
      return this;
    }

    Talk failsWith(int call, String error) {
      Wanted wanted = last.calls().get(call);
      messages.add(new Message.ToolOutput(wanted.id(), wanted.name(), error, null, true));
      return this;
    }

    List<String> calls() {
      return last.calls().stream().map(call -> call.name() + " " + call.arguments()).toList();
    }
  }

  private ScriptedModels travelScript() {
    Documents.Tree tree = read(travel());
    assertThat(tree.problems()).isEmpty();
    return new ScriptedModels(Objects.requireNonNull(tree.value()), new CelExpressions());
  }

  @Test
  void aResearcherCallsToolsWithWhatEarlierToolsGave() {
    Talk talk =
        new Talk(travelScript(), "researcher", "research", "{'inputs':{'destination':'raglan'}}");

    assertThat(talk.asks().calls()).containsExactly("geocode {\"place\":\"raglan\"}");
    talk.gets(0, "{'name':'Raglan'}".replace('\'', '"'));
    assertThat(talk.asks().calls())
        .containsExactly("find_places {\"place\":\"Raglan\",\"limit\":2}");
    talk.gets(0, "{\"places\":[{\"name\":\"Bridal Veil Falls\"},{\"name\":\"Ngarunui\"}]}");
    assertThat(talk.asks().last.structured())
        .isEqualTo(json("{'place':'Raglan','options':['Bridal Veil Falls','Ngarunui']}"));
  }

  @Test
  void theAnswerHoldsWhatTheToolsReallyGaveAndSaysWhatFailed() {
    Talk talk =
        new Talk(
            travelScript(),
            "planner",
            "planner",
            "{'inputs':{'date':'2026-12-01'},'context':{'research':{'place':'Raglan',"
                + "'options':['A','Nowhere','B']}}}");

    assertThat(talk.asks().calls())
        .containsExactly(
            "weather_forecast {\"place\":\"Raglan\",\"date\":\"2026-12-01\"}",
            "tide_data {\"place\":\"Raglan\",\"date\":\"2026-12-01\"}",
            "route_planning {\"from\":\"Raglan\",\"to\":\"A\"}",
            "route_planning {\"from\":\"Raglan\",\"to\":\"B\"}");
    talk.gets(0, "{\"temperature_max_c\":21.5}")
        .failsWith(1, "no port is near")
        .failsWith(2, "no road")
        .gets(3, "{\"distance_km\":12.5}");
    assertThat(talk.asks().last.structured())
        .isEqualTo(
            json(
                "{'summary':'Raglan on 2026-12-01','high_c':21.5,'tides':[],'legs':[12.5],"
                    + "'warning':'no port is near'}"));
    assertThat(talk.last.usage()).isEqualTo(Usage.NONE);
  }

  @Test
  void aRevisionFollowsAnotherRuleWithTheVerdictInReach() {
    Talk talk =
        new Talk(
            travelScript(),
            "planner",
            "planner~1",
            "{'inputs':{'date':'2026-12-01'},'context':{'research':{'place':'Raglan'}},"
                + "'feedback':{'unsafe':true,'why':'storms'}}");

    talk.asks().gets(0, "{\"temperature_max_c\":21.5}");
    assertThat(talk.asks().last.structured())
        .isEqualTo(json("{'summary':'Indoors, because of storms','high_c':21.5}"));
  }

  @Test
  void aVerdictIsComputedFromTheOutputsInItsContext() {
    ScriptedModels models = travelScript();
    Talk hot = new Talk(models, "verifier", "check", "{'context':{'planner':{'high_c':31}}}");
    Talk mild = new Talk(models, "verifier", "check", "{'context':{'planner':{'high_c':30}}}");

    assertThat(hot.asks().last.structured()).isEqualTo(json("{'unsafe':true,'why':'heat'}"));
    assertThat(mild.asks().last.structured()).isEqualTo(json("{'unsafe':false,'why':'heat'}"));
  }

  @Test
  void whereNoRuleMatchesTheErrorNamesWhoAskedAndTheRulesThereAre() {
    ModelException failure =
        failure(
            script(
                """
                answers:
                  - {agent: researcher, text: hi}
                  - agent: planner
                    step: plan
                    when: revision > 0
                    turns: [{text: a}, {text: b}]
                  - {model: ollama/x, turn: 2, text: c}
                """),
            plain());

    assertThat(failure.error().kind()).isEqualTo(ErrorKind.MODEL_ERROR);
    assertThat(failure.error().message())
        .isEqualTo(
            "Scripted answers, /answers: no rule matches agent planner, step plan, turn 1 (model"
                + " openai/gpt-5). The rules are: /answers/0 (agent researcher); /answers/1 (agent"
                + " planner, step plan, when revision > 0, 2 turns); /answers/2 (model ollama/x,"
                + " turn 2). Add one that names it.");
  }

  @Test
  void aRuleThatEndsWithCallsHasNoAnswerForTheTurnAfter() {
    ScriptedModels models =
        script(
            """
            answers:
              - turns: [{calls: [{tool: a}]}]
            """);
    Talk talk = new Talk(models, "planner", "plan", "{}");
    talk.asks().gets(0, "{}");

    assertThat(failure(models, talk.next()).error().message())
        .isEqualTo(
            "Scripted answers, /answers/0: the rule has 1 turn, the last of which calls tools;"
                + " there is no answer for agent planner, step plan, turn 2 (model openai/gpt-5)");
  }

  @Test
  void theLastAnswerIsGivenAgainWhenTheAgentIsAskedToRepairIt() {
    Talk talk =
        new Talk(script("answers: [{turns: [{text: no JSON}, {answer: {a: 1}}]}]"), "a", "b", "{}");

    assertThat(talk.asks().last.structured()).isNull();
    assertThat(talk.asks().last.structured()).isEqualTo(json("{'a':1}"));
    assertThat(talk.asks().last.structured()).isEqualTo(json("{'a':1}"));
  }

  @Test
  void aFailureThatPassesIsFollowedByTheReply() {
    ScriptedModels models =
        script(
            """
            answers:
              - fail: {kind: rate_limited, message: slow down, times: 2}
                text: there
            """);

    assertThat(failure(models, plain()).error().message()).isEqualTo("slow down");
    assertThat(failure(models, plain()).error().kind()).isEqualTo(ErrorKind.RATE_LIMITED);
    assertThat(ask(models, plain()).text()).isEqualTo("there");
  }

  @Test
  void aRuleMayFailForOneModelOnlySoThatTheNextOneAnswers() {
    ScriptedModels models =
        script(
            """
            answers:
              - {model: openai/gpt-5, fail: {kind: unavailable}}
              - {text: from another}
            """);
    Request first = plain();
    Request other =
        new Request(
            ModelRef.of("anthropic", "claude"),
            "planner",
            StepPath.of("plan"),
            "plan#1",
            1,
            "",
            first.messages(),
            List.of(),
            null,
            null,
            json("{}"));

    assertThat(failure(models, first).error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
    assertThat(ask(models, other).text()).isEqualTo("from another");
  }

  @Test
  void aSlowReplyTakesItsTime() {
    long began = System.nanoTime();
    ask(script("answers: [{delay: 150ms, text: late}]"), plain());

    assertThat(Duration.ofNanos(System.nanoTime() - began))
        .isGreaterThanOrEqualTo(Duration.ofMillis(150));
  }

  @Test
  void aResultThatIsNotThereFailsTheRequestWithItsPlace() {
    ModelException failure =
        failure(script("answers: [{answer: '${tools.geocode.name}'}]"), plain());

    assertThat(failure.error().message()).startsWith("Scripted answers, /answers/0/answer: ");
  }

  @Test
  void everyMistakeInAnExpressionIsToldWhenTheScriptIsRead() {
    ScriptMistakes wrong =
        catchThrowableOfType(
            ScriptMistakes.class,
            () ->
                script(
                    """
                    answers:
                      - when: revision >
                        text: "a ${promt}"
                      - turns:
                          - calls:
                              - {tool: a, each: p in turn, with: {x: "${p.y}"}}
                          - answer: {b: ["${step + 1}"]}
                    """));

    assertThat(wrong).isNotNull();
    assertThat(wrong.mistakes())
        .extracting(ScriptMistakes.Mistake::pointer)
        .containsExactly(
            "/answers/0/when",
            "/answers/0/text",
            "/answers/1/turns/0/calls/0/each",
            "/answers/1/turns/1/answer/b/0");
    assertThat(wrong.mistakes().get(2).offset()).isEqualTo(5);
    assertThat(wrong).hasMessageStartingWith("Scripted answers, /answers/0/when: ");
  }

  @Test
  void aScriptWithoutRulesIsRefused() {
    assertThatThrownBy(() -> new ScriptedModels(json("{}"), new CelExpressions()))
        .hasMessage("Scripted answers, /answers: expected at least one rule; found none");
  }

  @Test
  void theSchemaRefusesWhatNoScriptMeans() throws IOException {
    for (String wrong :
        List.of(
            "answers: []",
            "answers: [{agent: a}]",
            "answers: [{agent: a, answer: 1, text: b}]",
            "answers: [{agent: a, turns: [{text: b}], answer: 1}]",
            "answers: [{agent: a, turns: [{text: b}], turn: 1}]",
            "answers: [{agent: a, calls: [{tool: b}], answer: 1}]",
            "answers: [{agent: a, calls: []}]",
            "answers: [{agent: a, text: b, colour: red}]",
            "answers: [{agent: a, text: b, delay: soon}]",
            "answers: [{agent: a, fail: {kind: bored}}]",
            "answers: [{agent: a, calls: [{tool: b, each: everything}]}]")) {
      Path file = Objects.requireNonNull(folder).resolve("wrong.yaml");
      Files.writeString(file, wrong);
      assertThat(read(file).problems())
          .as(wrong)
          .anyMatch(problem -> problem.severity() == Problem.Severity.ERROR);
    }
  }

  @Test
  void theExampleOfTheSchemaIsAScript() throws IOException {
    JsonNode schema =
        json(Files.readString(Path.of("..", "schema", "answers.schema.json")).replace('\'', '`'));
    JsonNode example = schema.path("examples").path(0);

    assertThat(new JsonSchemas().validate(schema, example)).isEmpty();
    assertThat(new ScriptedModels(example, new CelExpressions()).unusable(model())).isEmpty();
  }
}
