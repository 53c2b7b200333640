package dev.workflow.assembly;

import dev.workflow.check.Checked;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What steps cost that do nothing, by how many there are: run it with an empty folder as its
 * argument, and {@code -Xss512k} to see that no stack grows with them. The journal is in memory,
 * and the check is left out.
 *
 * <p>All shapes are warm before any is measured. A round does as many steps of each shape, the
 * large runs once and the small ones as often as that takes, so that each pays for what it leaves
 * to be collected; the garbage of the one before is gone when it begins. It prints the median of
 * five rounds for one run, its least and most, and how many times the smallest of its kind that is.
 */
final class Measure {
  private static final int ROUNDS = 5;
  private static final Duration WARM_UP = Duration.ofSeconds(15);
  private static final Limits LIMITS = new Limits(8, Duration.ofHours(1), 2, 2, Allowance.NONE);

  private Measure() {}

  public static void main(String[] arguments) throws IOException {
    try (InMemory world = new InMemory(Path.of(arguments[0]))) {
      world.file("wide.yaml", wide());
      world.file("groups.yaml", groups());
      world.file("chain1000.yaml", chain(1_000));
      world.file("chain10000.yaml", chain(10_000));
      Checked wide = world.check("wide.yaml");
      Checked groups = world.check("groups.yaml");
      for (List<Shape> shapes :
          List.of(
              List.of(
                  new Shape("each of 1,000", wide, 1_000, 100),
                  new Shape("each of 10,000", wide, 10_000, 10),
                  new Shape("each of 100,000", wide, 100_000, 1)),
              List.of(
                  new Shape("1 group of 1,000", groups, 1, 100),
                  new Shape("100 groups of 1,000", groups, 100, 1)),
              List.of(
                  new Shape("chain of 1,000", world.check("chain1000.yaml"), 0, 10),
                  new Shape("chain of 10,000", world.check("chain10000.yaml"), 0, 1)))) {
        measure(world, shapes);
      }
    }
  }

  private static String wide() {
    return """
    name: wide
    inputs: {numbers: [integer]}
    steps:
      nothing: {each: n in numbers, set: 1}
    """;
  }

  /** Of a thousand steps each, every tenth of which waits for the one before it. */
  private static String groups() {
    StringBuilder text =
        new StringBuilder(
            """
            name: groups
            inputs: {numbers: [integer]}
            steps:
              group:
                each: n in numbers
                steps:
            """);
    for (int i = 0; i < 1_000; i++) {
      String needs = i % 10 == 0 ? "" : ", needs: [s" + (i - 1) + "]";
      text.append("      s%d: {set: 1%s}\n".formatted(i, needs));
    }
    return text.toString();
  }

  private static String chain(int steps) {
    StringBuilder text = new StringBuilder("name: chain\nsteps:\n  s0: {set: 0}\n");
    for (int i = 1; i < steps; i++) {
      text.append("  s%d: {set: \"${s%d + 1}\"}\n".formatted(i, i - 1));
    }
    return text.toString();
  }

  /** A workflow, the elements it is given, and how many runs of it are a round. */
  private record Shape(String name, Checked checked, int elements, int runs) {

    /** The milliseconds of one run. */
    double round(InMemory world) {
      ObjectNode inputs = JsonNodeFactory.instance.objectNode();
      ArrayNode numbers = inputs.putArray("numbers");
      for (int i = 0; i < elements; i++) {
        numbers.add(i);
      }
      System.gc();
      long start = System.nanoTime();
      for (int i = 0; i < runs; i++) {
        RunState run = world.run(checked, inputs, LIMITS);
        if (run.status() != RunStatus.SUCCEEDED) {
          throw new AssertionError(name + ": " + run.status());
        }
      }
      return (System.nanoTime() - start) / 1e6 / runs;
    }
  }

  private static void measure(InMemory world, List<Shape> shapes) {
    long warm = System.nanoTime() + WARM_UP.toNanos();
    do {
      shapes.forEach(shape -> shape.round(world));
    } while (System.nanoTime() < warm);
    double[][] took = new double[shapes.size()][ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      for (int shape = 0; shape < shapes.size(); shape++) {
        took[shape][round] = shapes.get(shape).round(world);
      }
    }
    for (int shape = 0; shape < shapes.size(); shape++) {
      Arrays.sort(took[shape]);
      double median = took[shape][ROUNDS / 2];
      System.out.println(
          "%-20s %9.2f ms (%.2f to %.2f)  x %.1f"
              .formatted(
                  shapes.get(shape).name(),
                  median,
                  took[shape][0],
                  took[shape][ROUNDS - 1],
                  median / took[0][ROUNDS / 2]));
    }
  }
}
