package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Journals of random plans in random worlds, for whoever reads journals. */
public final class RandomJournals {
  private static final Limits LIMITS = new Limits(3, Duration.ofMinutes(30), 2, 2, Allowance.NONE);
  private static final KernelWorld.Faults ROUGH =
      new KernelWorld.Faults(0.3, 0.3, 0.1, 0.1, 0.01, 0.2);

  private RandomJournals() {}

  /** A whole journal; the plan of every other run changes in its middle where it may. */
  public static List<Recorded> of(long plan, long seed) {
    Plan drawn = Plans.random(plan);
    KernelWorld world = new KernelWorld(drawn, LIMITS, seed, ROUGH);
    world.run();
    Random random = new Random(seed);
    if (random.nextBoolean()) {
      KernelWorld changing = new KernelWorld(drawn, LIMITS, seed + 1, ROUGH);
      changing.copy(world.journal.subList(0, 1 + random.nextInt(world.journal.size() - 1)));
      changing.takeUp(LIMITS);
      Plan next = PlanChangeLawsTest.another(drawn, random);
      Set<String> again = PlanChangeLawsTest.some(PlanChangeLawsTest.names(next), random);
      Impact impact = changing.state().impact(next, again);
      if (!changing.state().status().ended()
          && impact.lost().isEmpty()
          && impact.busy().isEmpty()) {
        changing.hear(PlanChangeLawsTest.changed(next, again));
        changing.run();
        return List.copyOf(changing.journal);
      }
    }
    return List.copyOf(world.journal);
  }
}
