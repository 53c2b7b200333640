package dev.workflow.check;

import dev.workflow.definition.Capability;
import dev.workflow.definition.Effect;
import dev.workflow.engine.Ranking;
import dev.workflow.engine.Ranking.Offered;
import dev.workflow.engine.Ranking.Ranked;
import dev.workflow.engine.Ranking.Wanted;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolExperience;
import dev.workflow.engine.ToolExperience.Tally;
import dev.workflow.engine.ToolSpec;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Skills whose capabilities are also bound by a ranking, where no name tells. The ranking alone
 * decides only for a capability of the vocabulary, where one tool is likely, no other is near, and
 * it is of no higher effect than expected; else it proposes.
 */
public final class RankedSkills implements Skills {

  /** From here on a tool may be certain. Of the capabilities tuned on, none of these was wrong. */
  static final double CERTAIN = 0.50;

  /** By how much a certain tool is ahead of the next. */
  static final double LEAD = 0.20;

  /** Below this a tool is not even proposed. */
  static final double POSSIBLE = 0.10;

  private static final int PROPOSED_MAX = 5;

  /** The share of a confidence that earlier runs give or take at most. */
  private static final double EXPERIENCE = 0.1;

  /** This many calls in earlier runs count half. */
  private static final double CALLS = 5;

  private final Skills skills;
  private final Ranking ranking;
  private final ToolExperience experience;

  /** Asked only for what the skills themselves cannot bind. */
  public RankedSkills(Skills skills, Ranking ranking, ToolExperience experience) {
    this.skills = skills;
    this.ranking = ranking;
    this.experience = experience;
  }

  /**
   * A tool with how likely it is.
   *
   * @param confidence by its definition
   * @param known the same with what is known of earlier runs
   */
  record Likely(ToolSpec tool, double confidence, double known) {
    private static final Comparator<Likely> ORDER =
        Comparator.comparingDouble(Likely::known)
            .reversed()
            .thenComparing(likely -> likely.tool().fullName());

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s %.2f", tool.fullName(), known);
    }
  }

  @Override
  public Optional<Proposal> propose(Need need, List<ToolSpec> candidates) {
    Capability capability = capability(need.capability()).orElse(null);
    Set<String> inputs = capability == null ? Set.of() : capability.inputs();
    List<ToolSpec> fitting =
        candidates.stream()
            .distinct()
            .filter(tool -> SchemaFit.suppliesAll(tool.inputSchema(), need.given(), inputs))
            .toList();
    List<Likely> likely =
        order(need.capability(), fitting).stream()
            .filter(each -> each.known() >= POSSIBLE)
            .limit(PROPOSED_MAX)
            .toList();
    if (likely.isEmpty()) {
      return Optional.empty();
    }
    String doubt = doubt(capability, likely);
    String listed = likely.stream().map(Likely::toString).collect(Collectors.joining(", "));
    return Optional.of(
        new Proposal(
            likely.stream().map(Likely::tool).toList(),
            doubt == null,
            doubt == null
                ? "by far the likeliest (%s)".formatted(listed)
                : "%s (%s)".formatted(listed, doubt)));
  }

  /** What the ranking goes by, for people. */
  public String method() {
    return ranking.method();
  }

  /** All that may be meant by a capability, the likeliest first. */
  public List<String> explained(String capability, List<ToolSpec> candidates) {
    return order(capability, candidates).stream().map(Likely::toString).toList();
  }

  /** Earlier runs put tools in order; they do not make one certain. */
  private List<Likely> order(String capability, List<ToolSpec> tools) {
    if (tools.isEmpty()) {
      return List.of();
    }
    Map<String, ToolSpec> byName =
        tools.stream()
            .collect(Collectors.toMap(ToolSpec::fullName, tool -> tool, (some, same) -> some));
    List<Ranked> ranked =
        ranking.rank(
            wanted(capability),
            byName.values().stream()
                .sorted(Comparator.comparing(ToolSpec::fullName))
                .map(Offered::of)
                .toList());
    Map<String, Tally> earlier = experience.with(capability);
    List<Likely> likely = new ArrayList<>();
    for (Ranked each : ranked) {
      ToolSpec tool = byName.get(each.offered().id());
      if (tool != null) {
        Tally tally = earlier.getOrDefault(tool.fullName(), new Tally(0, 0));
        likely.add(
            new Likely(tool, each.confidence(), Math.min(1, each.confidence() * trust(tally))));
      }
    }
    likely.sort(Likely.ORDER);
    return likely;
  }

  private static double trust(Tally tally) {
    double calls = tally.succeeded() + tally.failed() + CALLS;
    return 1 + EXPERIENCE * (tally.succeeded() - tally.failed()) / calls;
  }

  private Wanted wanted(String name) {
    String words = name.replace('_', ' ');
    return capability(name)
        .map(
            known ->
                new Wanted(
                    words + ": " + known.description(),
                    Stream.concat(known.tools().stream(), known.outputs().stream()).toList()))
        .orElseGet(() -> new Wanted(words, List.of()));
  }

  /** Why the first is not certain; null: it is. */
  private static @Nullable String doubt(@Nullable Capability capability, List<Likely> likely) {
    Likely first = likely.get(0);
    double next = likely.stream().skip(1).mapToDouble(Likely::confidence).max().orElse(0);
    if (capability == null) {
      return "a capability that is not of the vocabulary is never bound by ranking";
    }
    Effect expected = capability.effect() == null ? Effect.READ : capability.effect();
    if (first.confidence() < CERTAIN) {
      return String.format(Locale.ROOT, "certain from %.2f on", CERTAIN);
    }
    if (first.confidence() - next < LEAD) {
      return "too near each other";
    }
    return first.tool().effect().compareTo(expected) > 0
        ? "its effect is %s, expected %s".formatted(first.tool().effect().word(), expected.word())
        : null;
  }

  @Override
  public Found skill(String name, Path from) {
    return skills.skill(name, from);
  }

  @Override
  public List<String> names(Path from) {
    return skills.names(from);
  }

  @Override
  public Optional<Capability> capability(String name) {
    return skills.capability(name);
  }

  @Override
  public Optional<Capability> offeredBy(String tool) {
    return skills.offeredBy(tool);
  }

  @Override
  public Set<String> vocabulary() {
    return skills.vocabulary();
  }

  @Override
  public Binding bind(String capability, List<ToolSpec> candidates, Map<String, String> explicit) {
    return skills.bind(capability, candidates, explicit);
  }
}
