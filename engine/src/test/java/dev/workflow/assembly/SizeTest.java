package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Workflows as deep, wide and long as they may be, through the check and the driver. */
class SizeTest {
  private static final int DEEP = 50;
  private static final int MANY = 10_000;

  @TempDir private Path folder;

  private static Limits slots(int concurrency) {
    return new Limits(concurrency, Duration.ofHours(1), 2, Allowance.NONE);
  }

  private static ObjectNode nothing() {
    return JsonNodeFactory.instance.objectNode();
  }

  @Test
  void withOneSlotWorkflows50DeepInEachOtherAreDoneThoughEachHasWorkBeforeAndAfter()
      throws IOException {
    try (InMemory world = new InMemory(folder)) {
      for (int depth = 0; depth <= DEEP; depth++) {
        world.file("w" + depth + ".yaml", level(depth));
      }
      world.file("answers.yaml", "answers:\n  - {agent: worker, answer: {done: 1}}\n");
      RunState run = world.run(world.check("w0.yaml"), nothing(), slots(1));
      assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(run.outputs().get("sum")).hasToString(String.valueOf(2 * DEEP + 2));
      assertThat(run.modelCalls()).isEqualTo(2 * DEEP + 2);
    }
  }

  private static String level(int depth) {
    String inside =
        depth == DEEP
            ? "{set: {sum: 0}}"
            : "{workflow: w" + (depth + 1) + ".yaml, with: {given: \"${before.done}\"}}";
    return """
    name: w%d
    %s
    models: {default: [openai/gpt-5]}
    simulate: answers.yaml
    agents: {worker: {instructions: Work.}}
    steps:
      before: {agent: worker, prompt: begin, output: {done: integer}}
      inside: %s
      after: {agent: worker, prompt: end, context: [inside], output: {done: integer}}
    outputs: {sum: "${before.done + inside.sum + after.done}"}
    """
        .formatted(depth, depth == 0 ? "" : "inputs: {given: integer}", inside);
  }

  @Test
  void anEachOf10000ElementsGivesTheirResultsInTheirOrder() throws IOException {
    try (InMemory world = new InMemory(folder)) {
      world.file(
          "wide.yaml",
          """
          name: wide
          inputs: {numbers: [integer]}
          steps:
            doubled: {each: n in numbers, set: "${n * 2}"}
          outputs: {last: "${doubled[9999]}", sum: "${sum(doubled)}"}
          """);
      ObjectNode inputs = nothing();
      ArrayNode numbers = inputs.putArray("numbers");
      for (int i = 0; i < MANY; i++) {
        numbers.add(i);
      }
      RunState run = world.run(world.check("wide.yaml"), inputs, slots(8));
      assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(run.outputs().get("last")).hasToString("19998");
      assertThat(run.outputs().get("sum")).hasToString("99990000");
    }
  }

  @Test
  void aChainOf10000StepsNeedsNoDeepStack() throws IOException {
    try (InMemory world = new InMemory(folder)) {
      StringBuilder chain = new StringBuilder("name: chain\nsteps:\n  s0: {set: 0}\n");
      for (int i = 1; i < MANY; i++) {
        chain.append("  s%d: {set: \"${s%d + 1}\"}\n".formatted(i, i - 1));
      }
      chain.append("outputs: {last: \"${s%d}\"}\n".formatted(MANY - 1));
      world.file("chain.yaml", chain.toString());
      RunState run = world.run(world.check("chain.yaml"), nothing(), slots(8));
      assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(run.outputs().get("last")).hasToString("9999");
    }
  }
}
