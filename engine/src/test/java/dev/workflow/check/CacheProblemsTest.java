package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tools a step may call whose output is kept. */
class CacheProblemsTest {

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world =
        new CheckWorld(folder)
            .closed("s", "look", Effect.READ)
            .closed("s", "put", Effect.IDEMPOTENT)
            .closed("s", "pay", Effect.WRITE)
            .tool("web", "search")
            .usable("openai/gpt-5");
  }

  private String of(String step) {
    return world.problems("steps:\n  a: {" + step + "}\n");
  }

  private String ofAgent(String agent, String step) {
    return world.problems(
        "agents: {z: {model: openai/gpt-5, "
            + agent
            + "}}\nsteps:\n  a: {agent: z, prompt: x, "
            + step
            + "}\n");
  }

  @Test
  void whatOnlyReadsAClosedWorldIsKept() {
    assertThat(of("tool: s/look, cache: 1h")).isEmpty();
    assertThat(ofAgent("tools: [s/look], servers: [s]", "cache: 1h")).isEmpty();
  }

  @Test
  void anAgentWithoutToolsIsKept() {
    assertThat(ofAgent("instructions: Be short", "cache: 1h")).isEmpty();
  }

  @Test
  void whatReadsTheOpenWorldIsKeptOnlyWhereThatIsForced() {
    assertThat(of("tool: web/search, cache: 90m"))
        .isEqualTo(
            """
            flow.yaml:2:32: error: Step `a` may call `web/search`, which does not say that it reads a closed world (`openWorldHint: false`): what it gives may change at any time. [cache-open-world]
              2 |   a: {tool: web/search, cache: 90m}
                |                                ^
              Where an output of up to 90m ago does no harm, write `cache: {for: 90m, force: true}`.""");
    assertThat(of("tool: web/search, cache: {for: 90m, force: true}")).isEmpty();
    assertThat(ofAgent("servers: [web, s], tools: [s/look, web/search]", "cache: 90m"))
        .contains("Step `a` may call `web/search`");
  }

  @Test
  void whatChangesSomethingIsKeptOnlyWhereASecondCallWouldChangeNothing() {
    assertThat(of("tool: s/put, cache: 1h"))
        .isEqualTo(
            """
            flow.yaml:2:27: error: Step `a` may call `s/put`, whose effect is idempotent: a kept output would stand in for the change. [cache-changes]
              2 |   a: {tool: s/put, cache: 1h}
                |                           ^
              Where nothing undoes the change within 1h, write `cache: {for: 1h, force: true}`.""");
    assertThat(of("tool: s/put, cache: {for: 1h, force: true}")).isEmpty();
    assertThat(of("tool: s/pay, cache: {for: 1h, force: true}"))
        .isEqualTo(
            """
            flow.yaml:2:27: error: Step `a` may call `s/pay`, whose effect is write: an output that is kept would stand in for the change. [cache-changes]
              2 |   a: {tool: s/pay, cache: {for: 1h, force: true}}
                |                           ^
              Remove `cache`; where the tool only reads, say `effects: read`, here or in its server's entry.""");
    assertThat(of("tool: s/pay, effects: read, cache: 1h")).isEmpty();
    assertThat(of("tool: s/look, effects: write, cache: 1h")).contains("[cache-changes]");
    assertThat(ofAgent("servers: [s]", "cache: {for: 1h, force: true}"))
        .contains("Step `a` may call `s/pay`")
        .doesNotContain("s/put", "s/look");
  }

  @Test
  void ofAnAgentThatAnExpressionNamesAllThatItMayBeCount() {
    assertThat(
            world.problems(
                """
                agents:
                  y: {model: openai/gpt-5, servers: [s], tools: [s/look]}
                  z: {model: openai/gpt-5, servers: [s], tools: [s/pay]}
                inputs: {who: {type: string, enum: [y, z]}}
                steps:
                  a: {agent: "${who}", prompt: x, cache: 1h}
                """))
        .contains("Step `a` may call `s/pay`");
  }

  @Test
  void whatAToolOfAnUnapprovedServerDoesCannotBeTold() {
    world.unapproved("s");
    assertThat(of("tool: s/pay, cache: 1h"))
        .isEqualTo(
            """
            flow.yaml:2:27: unverified: Step `a` may call `s/pay`, and what it does cannot be told: nobody has approved its server. [cache-unapproved]
              2 |   a: {tool: s/pay, cache: 1h}
                |                           ^
              Approve the server, or say `effects: read` where the tool only reads.""");
    assertThat(of("tool: s/pay, effects: write, cache: 1h")).contains("error", "[cache-changes]");
    assertThat(of("tool: s/look, cache: 1h")).isEmpty();
  }

  @Test
  void whatIsDifferentInEachRunIsNeverFound() {
    assertThat(of("tool: s/look, with: {key: '${call.key}'}, cache: 1h"))
        .isEqualTo(
            """
            flow.yaml:2:56: error: Step `a` reads `call`, which is different in each run: nothing that is kept could ever answer it. [cache-unique]
              2 |   a: {tool: s/look, with: {key: '${call.key}'}, cache: 1h}
                |                                                        ^
              Remove `cache`, or leave `call` out of what the step is given.""");
    assertThat(of("tool: s/look, with: {at: '${run.started}'}, cache: 1h")).contains("reads `run`");
  }
}
