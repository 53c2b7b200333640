package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.run.StepError;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ToolProblemsTest {

  private static final String TRIP =
      """
      name: trip
      version: 1.0.0
      description: Plan a trip.
      inputs: [{name: query, type: string, description: What}]
      capabilities: {required: [weather_forecast], optional: [tide_data, web_search]}
      """;

  private static final String AGENT =
      """
      agents: {planner: {model: openai/gpt-5, skill: trip}}
      steps:
        plan: {agent: planner, prompt: go}
      """;

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world = new CheckWorld(folder);
  }

  @Test
  void aCapabilityThatNoToolOffersIsMissingWithWhatWasLookedAt() {
    assertThat(trip().tool("travel", "geocode").problems(AGENT))
        .isEqualTo(
            """
            flow.yaml:1:48: error: No tool for capability `weather_forecast` of skill `trip` (agent `planner`). Looked at: server `travel` (geocode). Known names for it: get_forecast, get_weather_forecast, forecast, daily_forecast. [missing-capability]
              1 | agents: {planner: {model: openai/gpt-5, skill: trip}}
                |                                                ^
              Add a server that offers it, or name a tool: `bindings: {weather_forecast: SERVER/TOOL}`.""");
  }

  @Test
  void aCapabilityThatTwoToolsFitIsNeverGuessed() {
    assertThat(trip().tool("a", "weather_forecast").tool("b", "weatherForecast").problems(AGENT))
        .isEqualTo(
            """
            flow.yaml:1:48: error: Capability `weather_forecast` of skill `trip` (agent `planner`) fits several tools: a/weather_forecast, b/weatherForecast. [ambiguous-capability]
              1 | agents: {planner: {model: openai/gpt-5, skill: trip}}
                |                                                ^
              Choose one: `bindings: {weather_forecast: a/weather_forecast}`.""");
  }

  @Test
  void aSkillOfAnotherClientIsBoundToTheToolsThatItNames() {
    Checked checked =
        foreign("Read Task mcp__hub__open mcp__hub__close mcp__notes WebFetch AskUserQuestion")
            .tool("else", "open")
            .tool("hub", "open")
            .tool("hub", "delete")
            .tool("notes", "add")
            .tool("notes", "list")
            .tool("disk", "read_file")
            .check(AGENT);

    assertThat(Objects.requireNonNull(checked.definition()).resolved().agentTools().get("planner"))
        .containsExactly("disk/read_file", "hub/open", "notes/add", "notes/list");
    assertThat(Objects.requireNonNull(checked.definition()).bindings())
        .extracting(BoundCapability::capability, BoundCapability::tool)
        .containsExactly(
            tuple("file_read", "disk/read_file"),
            tuple("hub/open", "hub/open"),
            tuple("hub/close", ""),
            tuple("notes/add", "notes/add"),
            tuple("notes/list", "notes/list"),
            tuple("fetch_url", ""),
            tuple("ask_person", "the engine"));
  }

  @Test
  void aToolOfAServerThatHasAnotherNameHereIsBoundByHand() {
    Checked checked =
        foreign("mcp__hub__open")
            .tool("gh", "open")
            .tool("gh", "delete")
            .check("bindings: {hub/open: gh/open}\n" + AGENT);

    assertThat(Objects.requireNonNull(checked.definition()).resolved().agentTools().get("planner"))
        .containsExactly("gh/open");
  }

  @Test
  void aSkillOfAnotherClientNeedsNoneOfItsTools() {
    assertThat(foreign("Read mcp__hub__open mcp__notes").usable("openai/gpt-5").problems(AGENT))
        .isEmpty();
  }

  private CheckWorld foreign(String tools) {
    return world.file(
        "skills/trip/SKILL.md",
        "---\nname: trip\ndescription: d\nallowed-tools: " + tools + "\n---\nGo.\n");
  }

  @Test
  void whatAnUnstartedServerMayOfferIsUnverified() {
    assertThat(trip().server("travel").withoutProbing().problems(AGENT))
        .isEqualTo(
            """
            flow.yaml:1:48: unverified: Server `travel` was never started here, so this is not verified: capability `tide_data` of skill `trip` (agent `planner`); capability `weather_forecast` of skill `trip` (agent `planner`); capability `web_search` of skill `trip` (agent `planner`); where untrusted content and private data may go. [server-not-asked]
              1 | agents: {planner: {model: openai/gpt-5, skill: trip}}
                |                                                ^
              `--probe` starts it and looks.""");
  }

  @Test
  void withoutAnyServerThereIsNothingToLookAt() {
    assertThat(trip().problems(AGENT))
        .isEqualTo(
            """
            flow.yaml:1:48: error: No tool for capability `weather_forecast` of skill `trip` (agent `planner`). There were no tools to look at. Known names for it: get_forecast, get_weather_forecast, forecast, daily_forecast. [missing-capability]
              1 | agents: {planner: {model: openai/gpt-5, skill: trip}}
                |                                                ^
              Add a server that offers it, or name a tool: `bindings: {weather_forecast: SERVER/TOOL}`.""");
  }

  @Test
  void aServerThatDoesNotStartIsMissing() {
    assertThat(
            trip()
                .broken(
                    "travel",
                    new StepError(
                        ErrorKind.UNAVAILABLE,
                        "It ended with exit code 3.",
                        List.of("stderr: no such file")))
                .problems(AGENT))
        .isEqualTo(
            """
            flow.yaml:1:48: error: Server `travel` cannot be used: It ended with exit code 3. [server-unavailable]
              1 | agents: {planner: {model: openai/gpt-5, skill: trip}}
                |                                                ^
              stderr: no such file""");
  }

  @Test
  void aServerThatWasNotApprovedIsUntrusted() {
    assertThat(
            trip()
                .broken(
                    "travel",
                    new StepError(
                        ErrorKind.FORBIDDEN,
                        "Server `travel` of .mcp.json was never approved.",
                        List.of("run with --trust")))
                .problems(AGENT))
        .isEqualTo(
            """
            flow.yaml:1:48: error: Server `travel` of .mcp.json was never approved. [untrusted-server]
              1 | agents: {planner: {model: openai/gpt-5, skill: trip}}
                |                                                ^
              run with --trust""");
  }

  @Test
  void bindingsMustNameToolsThatExistAndCapabilitiesThatSomebodyNeeds() {
    assertThat(
            world
                .tool("t", "f")
                .problems(
                    """
                    bindings: {weather_forcast: t/f, weather_forecast: t/g, tide_data: u/x}
                    steps:
                      a: {capability: weather_forecast}
                    """))
        .isEqualTo(
            """
            flow.yaml:1:12: warning: No step and no skill needs capability `weather_forcast`. [unused-binding]
              1 | bindings: {weather_forcast: t/f, weather_forecast: t/g, tide_data: u/x}
                |            ^
              Did you mean `weather_forecast`?

            flow.yaml:1:52: error: Server `t` has no tool `g`. [unknown-tool]
              1 | bindings: {weather_forcast: t/f, weather_forecast: t/g, tide_data: u/x}
                |                                                    ^
              Known: f.

            flow.yaml:1:57: warning: No step and no skill needs capability `tide_data`. [unused-binding]
              1 | bindings: {weather_forcast: t/f, weather_forecast: t/g, tide_data: u/x}
                |                                                         ^
              Known: weather_forecast.

            flow.yaml:1:68: error: There is no server `u`. [unknown-server]
              1 | bindings: {weather_forcast: t/f, weather_forecast: t/g, tide_data: u/x}
                |                                                                    ^
              Known: t.""");
  }

  @Test
  void aMisspeltCapabilityIsRecognised() {
    assertThat(
            world
                .tool("t", "f")
                .problems(
                    """
                    steps:
                      a: {capability: weather_forcast}
                      b: {capability: structured_reasoning}
                    """))
        .isEqualTo(
            """
            flow.yaml:2:19: error: No tool for capability `weather_forcast` of step `a`. Looked at: server `t` (f). [missing-capability]
              2 |   a: {capability: weather_forcast}
                |                   ^
              Did you mean `weather_forecast`? Add a server that offers it, or name a tool: `bindings: {weather_forcast: SERVER/TOOL}`.

            flow.yaml:3:19: error: Capability `structured_reasoning` is one of models; no tool offers it. [capability-of-models]
              3 |   b: {capability: structured_reasoning}
                |                   ^
              Write an `agent:` step.""");
  }

  @Test
  void aPersonIsAskedByAnAskStep() {
    assertThat(world.problems("steps:\n  a:\n    capability: ask_person\n    with: {}\n"))
        .isEqualTo(
            """
            flow.yaml:3:17: error: Capability `ask_person` is a question of the run; no tool offers it. [capability-of-people]
              3 |     capability: ask_person
                |                 ^
              Write an `ask:` step.""");
  }

  @Test
  void aSkillsCapabilitiesAreBoundByTheVocabulary() {
    Checked checked =
        trip().tool("a", "get_forecast").tool("a", "tide_times").tool("a", "other").check(AGENT);

    assertThat(checked.problems()).isEmpty();
    assertThat(Objects.requireNonNull(checked.definition()).bindings())
        .extracting(
            BoundCapability::owner,
            BoundCapability::capability,
            BoundCapability::tool,
            BoundCapability::reason)
        .containsExactly(
            tuple(
                "skill `trip` (agent `planner`)",
                "weather_forecast",
                "a/get_forecast",
                "the vocabulary lists its name"),
            tuple(
                "skill `trip` (agent `planner`)",
                "tide_data",
                "a/tide_times",
                "the vocabulary lists its name"),
            tuple(
                "skill `trip` (agent `planner`)",
                "web_search",
                "",
                "Looked at: server `a` (get_forecast, other, tide_times). Known names for it:"
                    + " search_web, brave_web_search, tavily_search, google_search, bing_search,"
                    + " duckduckgo_search, internet_search."));
    assertThat(agentTools(checked)).containsExactly("a/get_forecast", "a/tide_times");
  }

  @Test
  void anExplicitBindingComesFirst() {
    Checked checked =
        trip()
            .tool("a", "weather_forecast")
            .tool("b", "oracle")
            .check("bindings: {weather_forecast: b/oracle}\n" + AGENT);

    assertThat(checked.problems()).isEmpty();
    assertThat(agentTools(checked)).containsExactly("b/oracle");
  }

  @Test
  void withASkillOnlyTheAgentsOwnServersAreLookedAt() {
    Checked checked =
        trip()
            .tool("a", "weather_forecast")
            .tool("b", "weather_forecast")
            .check(AGENT.replace("skill: trip", "skill: trip, servers: [b]"));

    assertThat(checked.problems()).isEmpty();
    assertThat(agentTools(checked)).containsExactly("b/weather_forecast");
  }

  @Test
  void withoutASkillAnAgentHasTheToolsOfItsServersNarrowedToThoseItNames() {
    String agent = "agents: {planner: {model: openai/gpt-5, servers: [a]TOOLS}}\n";
    String steps = "steps: {plan: {agent: planner, prompt: go}}\n";
    trip().tool("a", "one").tool("a", "two").tool("b", "three");

    assertThat(agentTools(world.check(agent.replace("TOOLS", "") + steps)))
        .containsExactly("a/one", "a/two");
    assertThat(agentTools(world.check(agent.replace("TOOLS", ", tools: [a/two]") + steps)))
        .containsExactly("a/two");
    assertThat(world.problems(agent.replace("TOOLS", ", tools: [b/three, a/tow]") + steps))
        .isEqualTo(
            """
            flow.yaml:1:63: error: Tool `b/three` is not of the servers of agent `planner`: a. [tool-outside-servers]
              1 | agents: {planner: {model: openai/gpt-5, servers: [a], tools: [b/three, a/tow]}}
                |                                                               ^
              Add `b` to its `servers`.

            flow.yaml:1:72: error: Server `a` has no tool `tow`, which agent `planner` names. [unknown-tool]
              1 | agents: {planner: {model: openai/gpt-5, servers: [a], tools: [b/three, a/tow]}}
                |                                                                        ^
              Did you mean `two`?""");
  }

  @Test
  void aPolicyTakesOptionalWebToolsAwayAndForbidsRequiredOnes() {
    trip().tool("a", "get_forecast").tool("a", "search_web");
    assertThat(agentTools(world.check(AGENT))).containsExactly("a/get_forecast", "a/search_web");

    String narrow = AGENT.replace("skill: trip", "skill: trip, policy: {allow_web: false}");
    assertThat(agentTools(world.check(narrow))).containsExactly("a/get_forecast");

    world.file(
        "skills/trip/skill.yaml",
        TRIP.replace("required: [weather_forecast]", "required: [web_search]")
            .replace(", web_search]", "]"));
    assertThat(world.problems(narrow))
        .isEqualTo(
            """
            flow.yaml:1:48: error: Skill `trip` requires `web_search`, which `allow_web: false` of agent `planner` forbids. [policy-forbids]
              1 | agents: {planner: {model: openai/gpt-5, skill: trip, policy: {allow_web: false}}}
                |                                                ^
              Choose another skill, or change the policy where it is written.""");
  }

  @Test
  void aFreeAgentLosesWhatServesAForbiddenCapabilityToo() {
    Checked checked =
        trip()
            .tool("a", "fetch")
            .tool("a", "run_python")
            .tool("a", "oracle")
            .tool("a", "other")
            .check(
                """
                bindings: {web_search: a/oracle}
                agents:
                  planner:
                    model: openai/gpt-5
                    servers: [a]
                    policy: {allow_web: false, allow_code_exec: false}
                steps: {plan: {agent: planner, prompt: go}}
                """);

    assertThat(agentTools(checked)).containsExactly("a/other");
  }

  private static Iterable<String> agentTools(Checked checked) {
    return Objects.requireNonNull(
        Objects.requireNonNull(checked.definition()).resolved().agentTools().get("planner"));
  }

  private CheckWorld trip() {
    return world
        .usable("openai/gpt-5")
        .file("skills/trip/skill.yaml", TRIP)
        .file("skills/trip/instructions.md", "Plan it.");
  }

  @Test
  void aRequiredServerThatDoesNotStartIsMissingThoughNothingUsesIt() {
    world
        .requires("ledger")
        .requires("fine")
        .broken("ledger", new StepError(ErrorKind.UNAVAILABLE, "It is gone.", List.of()));
    assertThat(world.problems("steps: {a: {set: 1}}"))
        .isEqualTo(
            "mcp.json:1:20: error: Server `ledger`, which is `required`, cannot be used: It is"
                + " gone. [server-unavailable]");
    assertThat(world.asked()).containsExactlyInAnyOrder("ledger", "fine");
  }

  @Test
  void aServerThatNothingUsesIsNotStartedUnlessItIsRequired() {
    world.server("idle").broken("idle", new StepError(ErrorKind.UNAVAILABLE, "Gone.", List.of()));
    assertThat(world.problems("steps: {a: {set: 1}}")).isEmpty();
    assertThat(world.asked()).isEmpty();
  }

  @Test
  void aToolWhoseSchemaIsNoSchemaCannotBeUsedWhereItIsNamed() {
    world
        .usable("openai/gpt-5")
        .tool("s", "in", Effect.READ, "{'type':'objekt'}", null)
        .tool("s", "out", Effect.READ, "{'type':'object'}", "{'properties':{'n':{'type':5}}}");
    assertThat(
            world.problems(
                """
                agents: {a: {model: openai/gpt-5, tools: [s/in]}}
                steps:
                  b: {tool: s/out}
                  c: {agent: a, prompt: go}
                """))
        .isEqualTo(
            """
            flow.yaml:1:43: error: Tool `s/in`, which agent `a` uses, cannot be used: its input schema is no JSON Schema: /type: expected one of "array", "boolean", "integer", "null", "number", "object", "string" or array, found "objekt". [broken-tool]
              1 | agents: {a: {model: openai/gpt-5, tools: [s/in]}}
                |                                           ^
              Its server has to mend that; until then use another tool.

            flow.yaml:3:13: error: Tool `s/out`, which step `b` uses, cannot be used: its output schema is no JSON Schema: /properties/n/type: expected one of "array", "boolean", "integer", "null", "number", "object", "string" or array, found 5. [broken-tool]
              3 |   b: {tool: s/out}
                |             ^
              Its server has to mend that; until then use another tool.""");
  }

  @Test
  void aToolWhoseSchemaIsNoSchemaIsLeftOutWhereItIsOnlyOffered() {
    world
        .usable("openai/gpt-5")
        .tool("s", "good")
        .tool("s", "bad", Effect.READ, "{'type':'objekt'}", null);
    String workflow =
        """
        agents: {a: {model: openai/gpt-5, servers: [s]}}
        steps: {c: {agent: a, prompt: go}}
        """;
    assertThat(world.problems(workflow))
        .startsWith(
            "flow.yaml:1:35: warning: Tool `s/bad` is left out for agent `a`: its input schema is"
                + " no JSON Schema: /type: ");
    assertThat(
            Objects.requireNonNull(world.check(workflow).definition())
                .resolved()
                .agentTools()
                .get("a"))
        .containsExactly("s/good");
  }
}
