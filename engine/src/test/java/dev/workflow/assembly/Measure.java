package dev.workflow.assembly;

import com.sun.management.OperatingSystemMXBean;
import dev.workflow.check.Checked;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What steps cost that do nothing, by how many there are: run it with an empty folder as its
 * argument, and {@code -Xss512k} to see that no stack grows with them. It prints the median of five
 * rounds after a warm-up, with the journal in memory and without the check, and last how many times
 * the work of the thousand it was, which other programs at work beside it change less.
 */
final class Measure {
  private static final int ROUNDS = 5;
  private static final OperatingSystemMXBean MACHINE =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private static final Duration WARM_UP = Duration.ofSeconds(5);
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
      double thousand = row(world, "each of 1,000", wide, 1_000, 0);
      row(world, "each of 10,000", wide, 10_000, thousand);
      row(world, "each of 100,000", wide, 100_000, thousand);
      thousand = row(world, "1 group of 1,000", groups, 1, 0);
      row(world, "100 groups of 1,000", groups, 100, thousand);
      thousand = row(world, "chain of 1,000", world.check("chain1000.yaml"), 0, 0);
      row(world, "chain of 10,000", world.check("chain10000.yaml"), 0, thousand);
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

  /** Prints a line and gives its milliseconds. */
  private static double row(
      InMemory world, String name, Checked checked, int elements, double before) {
    ObjectNode inputs = JsonNodeFactory.instance.objectNode();
    ArrayNode numbers = inputs.putArray("numbers");
    for (int i = 0; i < elements; i++) {
      numbers.add(i);
    }
    int times = before == 0 ? 20 : 1;
    long warm = System.nanoTime() + WARM_UP.toNanos();
    do {
      world.run(checked, inputs, LIMITS);
    } while (System.nanoTime() < warm);
    double[] took = new double[ROUNDS];
    double[] worked = new double[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long start = System.nanoTime();
      long work = MACHINE.getProcessCpuTime();
      for (int i = 0; i < times; i++) {
        RunState run = world.run(checked, inputs, LIMITS);
        if (run.status() != RunStatus.SUCCEEDED) {
          throw new AssertionError(name + ": " + run.status());
        }
      }
      worked[round] = (MACHINE.getProcessCpuTime() - work) / 1e6 / times;
      took[round] = (System.nanoTime() - start) / 1e6 / times;
    }
    Arrays.sort(took);
    Arrays.sort(worked);
    double median = worked[ROUNDS / 2];
    System.out.println(
        "%-20s %9.1f ms (%.1f to %.1f) %9.1f ms of processors%s"
            .formatted(
                name,
                took[ROUNDS / 2],
                took[0],
                took[ROUNDS - 1],
                median,
                before == 0 ? "" : "  x %.1f".formatted(median / before)));
    return median;
  }
}
