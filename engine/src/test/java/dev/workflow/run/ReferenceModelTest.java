package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * The kernel agrees with a simple engine that runs one step after the other, on random plans of
 * every construct, whatever the order of answers and wherever the process crashes. One seed goes
 * again with {@code mvn -pl engine test -Dtest=ReferenceModelTest -Dreference.seed=SEED}.
 */
class ReferenceModelTest {
  private static final int SEEDS = 10_000;

  @Test
  void theKernelAgreesWithASimpleEngineOnEveryOutcome() {
    Long one = Long.getLong("reference.seed");
    for (long seed = one == null ? 1 : one; seed <= (one == null ? SEEDS : one); seed++) {
      Plan plan = Plans.withoutTimeouts(Plans.random(seed));
      Fate fate = new Fate(seed);
      Random chance = new Random(seed);
      Limits limits = new Limits(1 + chance.nextInt(4), Duration.ofHours(1), 2, 2, Allowance.NONE);
      Map<String, StepStatus> expected = OneByOne.outcomes(plan, fate);

      assertThat(FatedRun.outcomes(plan, limits, fate, chance, chance.nextInt(3) * 0.02))
          .as("seed %d, again with -Dreference.seed=%d", seed, seed)
          .isEqualTo(expected);
    }
  }
}
