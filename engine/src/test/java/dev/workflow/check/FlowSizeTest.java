package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What grows with a definition, and what does not. */
class FlowSizeTest {
  @TempDir Path folder = Path.of("unset");

  /** Without outputs each workflow gives all of its steps, so there are 2^59 ways to the last. */
  @Test
  void workflowsThatEachRunTheNextTwiceAreLookedAt() {
    CheckWorld world = FlowWorld.in(folder);
    String head = FlowWorld.SERVERS + "steps:\n";
    String both = "  a: {workflow: w%1$d.yaml}\n  b: {workflow: w%1$d.yaml}\n";
    for (int i = 1; i < 60; i++) {
      world.file("w" + i + ".yaml", head + both.formatted(i + 1));
    }
    world.file("w60.yaml", head + FlowWorld.SOURCES);

    assertThat(
            FlowWorld.leaks(
                world, both.formatted(1) + "  mail: {tool: out/send, with: {text: \"- ${a}\"}}\n"))
        .singleElement()
        .satisfies(leak -> assertThat(leak.message()).contains("in/read", "house/look"));
  }

  /** So many that to compare each with each would take long. */
  @Test
  void beyondSomeHundredFilesAllAreTakenForOne() {
    assertThat(FlowWorld.leaks(files(), copies(300))).isEmpty();
    assertThat(FlowWorld.leaks(files(), copies(301))).hasSize(1);
  }

  private CheckWorld files() {
    String path =
        "{'type':'object','properties':{'path':{'type':'string'},'text':{'type':'string'}}}";
    return FlowWorld.in(folder)
        .tool("house", "read_file", Effect.READ, path, null)
        .tool("house", "write_file", Effect.DESTRUCTIVE, path, null);
  }

  private static String copies(int count) {
    StringBuilder steps =
        new StringBuilder(
            """
              page: {tool: in/read}
              plan: {tool: house/look}
              got: {tool: house/read_file, with: {path: other}}
              mail: {tool: out/send, with: {text: "- ${got} ${plan}"}}
            """);
    for (int i = 0; i < count; i++) {
      steps.append(
          "  w%1$d: {tool: house/write_file, with: {path: f%1$d, text: \"- ${page}\"}}\n"
              .formatted(i));
    }
    return steps.toString();
  }

  /** What is not looked at is not taken for seen. */
  @Test
  void ofAValueThatIsMadeOfThousandsOfPartsNotAllAreLookedAt() {
    assertThat(FlowWorld.leaks(FlowWorld.in(folder), fields(1_900))).isEmpty();
    assertThat(FlowWorld.leaks(FlowWorld.in(folder), fields(2_100))).hasSize(1);
  }

  private static String fields(int count) {
    StringBuilder fields = new StringBuilder();
    for (int i = 0; i < count; i++) {
      fields.append("${letter.f").append(i).append("} ");
    }
    return """
      page: {tool: in/read}
      plan: {tool: house/look}
      letter: {agent: writer, prompt: "{page} {plan}", output: {type: object}}
      all: {set: "- %1$s"}
      go: {ask: "Send %1$s?"}
      mail: {tool: out/send, with: {text: "- ${all}"}, needs: [go]}
    """
        .formatted(fields);
  }

  @Test
  void ofALongWayTheFirstAndTheLastStepsAreNamed() {
    StringBuilder steps = new StringBuilder(FlowWorld.SOURCES);
    String last = "letter";
    for (int i = 0; i < 20; i++) {
      steps.append("  s%d: {agent: writer, prompt: \"{%s}\"}\n".formatted(i, last));
      last = "s" + i;
    }
    steps.append("  mail: {tool: out/send, with: {text: \"- ${s19}\"}}\n");

    assertThat(FlowWorld.leaks(FlowWorld.in(folder), steps.toString()))
        .singleElement()
        .satisfies(
            leak ->
                assertThat(leak.message())
                    .contains(
                        "-> letter -> s0 -> s1 -> s2 -> (13 more) -> s16 -> s17 -> s18 -> s19 -> mail;"));
  }
}
