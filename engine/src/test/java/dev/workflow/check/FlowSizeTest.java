package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

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
}
