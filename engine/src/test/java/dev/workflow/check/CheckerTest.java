package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Problem.Kind;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.run.Plan;
import dev.workflow.run.StepError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckerTest {
  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world = new CheckWorld(folder);
  }

  @Test
  void aSoundWorkflowHasADefinitionAndNoProblems() {
    Checked checked =
        world
            .tool("files", "list")
            .check(
                """
                steps:
                  look: {tool: files/list}
                  tell: {set: "${look}"}
                """);

    assertThat(checked.problems()).isEmpty();
    assertThat(checked.isOk()).isTrue();
    assertThat(checked.worst()).isNull();
    assertThat(definition(checked).resolved().tools()).containsOnlyKeys("files/list");
    assertThat(definition(checked).simulated()).isFalse();
  }

  @Test
  void everythingThatIsWrongIsToldInOneGo() {
    world.tool("files", "list").tool("files", "read").file("skills/travel-plan/SKILL.md", "x");

    assertThat(
            world.problems(
                """
                agents:
                  planner: {model: openai/gpt-5, skill: travl-plan}
                  finder: {model: opnai/gpt-5, servers: [fils]}
                steps:
                  look: {tool: files/list}
                  plan: {agent: planer, prompt: "plan ${lok}"}
                  last: {set: "${plan}", needs: [lookk]}
                """))
        .isEqualTo(
            """
            flow.yaml:2:41: error: There is no skill `travl-plan`, which agent `planner` names. [missing-skill]
              2 |   planner: {model: openai/gpt-5, skill: travl-plan}
                |                                         ^
              Did you mean `travel-plan`? Looked in: skills, home/skills.

            flow.yaml:3:19: error: Expected a model as provider/model with one of the providers openai, anthropic, ollama, found `opnai/gpt-5`. [model-name]
              3 |   finder: {model: opnai/gpt-5, servers: [fils]}
                |                   ^

            flow.yaml:3:42: error: There is no server `fils`, which agent `finder` names. [unknown-server]
              3 |   finder: {model: opnai/gpt-5, servers: [fils]}
                |                                          ^
              Did you mean `files`? Servers are defined in `mcp:`, .mcp.json or --mcp-config.

            flow.yaml:6:17: error: Step `plan` names agent `planer`, and there is none. [unknown-agent]
              6 |   plan: {agent: planer, prompt: "plan ${lok}"}
                |                 ^
              Did you mean `planner`?

            flow.yaml:6:41: error: There is no `lok`. [expression]
              6 |   plan: {agent: planer, prompt: "plan ${lok}"}
                |                                         ^
              Did you mean `look`?

            flow.yaml:7:34: error: Step `last` waits for `lookk`, and there is no such step. [unknown-step]
              7 |   last: {set: "${plan}", needs: [lookk]}
                |                                  ^
              Did you mean `look`?"""
                .strip());
  }

  @Test
  void aDefinitionThatIsWrongAnywayStartsNoServer() {
    String wrong =
        """
        steps:
          look: {tool: files/list}
          plan: {agent: nobody, prompt: go}
        """;
    world.tool("files", "list").check(wrong);
    assertThat(world.asked()).isEmpty();

    world.check("steps: {look: {tool: files/list}}");
    assertThat(world.asked()).containsExactly("files");
  }

  @Test
  void onlyTheServersInUseAreStarted() {
    world.tool("files", "list").tool("web", "search").tool("mail", "send");

    world.check(
        """
        bindings: {email_send: mail/send}
        mcp: {web: {command: web}}
        steps:
          look: {tool: files/list}
          post: {capability: email_send}
        """);

    assertThat(world.asked()).containsExactlyInAnyOrder("files", "web", "mail");
    assertThat(world.server("idle").asked()).doesNotContain("idle");
  }

  @Test
  void withoutProbingNothingIsStartedAndWhatOnlyAServerKnowsIsUnverified() {
    Checked checked =
        world
            .tool("files", "list")
            .withoutProbing()
            .check("steps: {look: {tool: files/list}, b: {set: \"${look.any}\"}}");

    assertThat(world.asked()).isEmpty();
    assertThat(checked.isOk()).isTrue();
    assertThat(checked.problems())
        .extracting(problem -> problem.message())
        .containsExactly(
            "Server `files` was never started here, so this is not verified: tool `list` of step"
                + " `look`.");
    assertThat(definition(checked).plan().nodes()).hasSize(2);
  }

  @Test
  void aWrongDefinitionCountsMoreThanAMissingThingAndThatMoreThanMissingTrust() {
    world.broken("files", StepError.of(ErrorKind.FORBIDDEN, "Server `files` was never approved."));
    String untrusted = "steps:\n  a: {tool: files/list}\n";
    String missing = untrusted + "  b: {tool: nowhere/list}\n";
    String invalid = missing + "  c: {set: 1, needs: [x]}\n";

    assertThat(world.check(untrusted).worst()).isEqualTo(Kind.UNTRUSTED);
    assertThat(world.check(missing).worst()).isEqualTo(Kind.MISSING);
    assertThat(world.check(invalid).worst()).isEqualTo(Kind.INVALID);
  }

  @Test
  void whatIsMissingDoesNotHideThePlan() {
    Checked checked = world.check("steps: {a: {tool: nowhere/list}, b: {set: \"${a}\"}}");

    assertThat(checked.worst()).isEqualTo(Kind.MISSING);
    assertThat(definition(checked).plan().nodes()).hasSize(2);
  }

  @Test
  void aFileThatCannotBeReadIsAProblemLikeAnyOther() {
    assertThat(world.problems("steps: [")).startsWith("flow.yaml:");
    assertThat(world.check("steps: [").definition()).isNull();
  }

  @Test
  void learnedDurationsReplaceTheEstimates() {
    Checked checked =
        world
            .tool("files", "list")
            .learned("slow", Duration.ofMinutes(3))
            .check(
                """
                steps:
                  look: {tool: files/list}
                  slow: {tool: files/list}
                  tell: {set: 1}
                """);

    assertThat(definition(checked).plan().nodes())
        .extracting(node -> node.estimate())
        .containsExactly(Duration.ofSeconds(1), Duration.ofMinutes(3), Duration.ZERO);
  }

  @Test
  void anEachKnowsItsWindowAndWhetherItsConditionReadsTheElement() {
    Checked checked =
        world.check(
            """
            inputs: {places: [string], ok: boolean}
            steps:
              a: {each: p in places, concurrency: 3, when: p != '', set: "${p}"}
              b: {each: p in places, when: ok, set: "${p}"}
            """);

    assertThat(definition(checked).plan().nodes())
        .extracting(Plan.Node::each)
        .containsExactly(new Plan.Fan(3, true, false), new Plan.Fan(0, false, false));
  }

  @Test
  void everyShippedExampleIsSound() throws IOException {
    Path examples = Path.of("..", "workflows-examples");
    try (Stream<Path> files = Files.find(examples, 2, (file, about) -> isExample(file))) {
      List<Path> workflows = files.toList();
      assertThat(workflows).hasSizeGreaterThanOrEqualTo(11);
      for (Path file : workflows) {
        Checked checked =
            new CheckWorld(folder).withoutProbing().check(file, Path.of("..", "skills"));
        assertThat(checked.problems())
            .filteredOn(problem -> problem.severity() != Severity.UNVERIFIED)
            .isEmpty();
        assertThat(checked.definition()).isNotNull();
      }
    }
  }

  private static boolean isExample(Path file) {
    return file.toString().matches(".*(?<!\\.cases)\\.yaml") && !file.endsWith("answers.yaml");
  }

  private static Checked.Definition definition(Checked checked) {
    return Objects.requireNonNull(checked.definition());
  }
}
