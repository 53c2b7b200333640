package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * The kernel agrees with a simple engine that runs one step after the other, on random plans of
 * every construct, whatever the order of answers, wherever the process crashes, and whenever time
 * is up or somebody cancels. A seed that fails is told with the command that runs it again.
 */
class ReferenceModelTest {
  private static final int SEEDS = 10_000;

  @Test
  void theKernelAgreesWithASimpleEngineOnEveryOutcome() {
    Long one = Long.getLong("reference.seed");
    for (long seed = one == null ? 1 : one; seed <= (one == null ? SEEDS : one); seed++) {
      agree(seed);
    }
  }

  private static void agree(long seed) {
    String again =
        "seed %d, again with: mvn -pl engine test -Dtest=ReferenceModelTest -Dreference.seed=%d"
            .formatted(seed, seed);
    Map<String, String> outcomes;
    Map<String, String> expected;
    try {
      FatedRun run = FatedRun.of(seed);
      outcomes = run.outcomes();
      expected = run.expected();
    } catch (RuntimeException e) {
      throw new AssertionError(again, e);
    }
    assertThat(outcomes).as(again).containsExactlyInAnyOrderEntriesOf(expected);
  }
}
