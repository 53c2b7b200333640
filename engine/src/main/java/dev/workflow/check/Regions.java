package dev.workflow.check;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The regions that judges run again: the step they revise, everything both downstream of it and
 * upstream of the judge, and the judge. Other consumers of those steps wait for the judge. Where a
 * mistake was found before, a judge that seems to read nothing may only have been misread: then
 * nothing is said of it.
 */
final class Regions {
  private final Drawing drawing;
  private final Report report;
  private final boolean readsAreKnown;
  private final Map<Integer, BitSet> byJudge = new LinkedHashMap<>();

  private Regions(Drawing drawing, Report report) {
    this.drawing = drawing;
    this.report = report;
    this.readsAreKnown = !report.hasInvalid();
  }

  /**
   * Finds all regions and draws the edges of those who wait for a verdict.
   *
   * @return regions by the index of their judge; empty where one of them is not sound
   */
  static Optional<Map<Integer, BitSet>> draw(Drawing drawing, List<Step> steps, Report report) {
    Regions regions = new Regions(drawing, report);
    Links links = drawing.links();
    boolean sound = true;
    for (int judge = 0; judge < steps.size(); judge++) {
      Step.Revise revise = steps.get(judge).revise();
      BitSet region = revise == null ? null : regions.region(links, judge, revise);
      sound &= revise == null || region != null;
      if (region != null) {
        regions.byJudge.put(judge, region);
      }
    }
    if (!sound || regions.tellCrossings()) {
      return Optional.empty();
    }
    regions.byJudge.forEach((judge, region) -> regions.drawWaits(links, judge, region));
    return Optional.of(regions.byJudge);
  }

  private @Nullable BitSet region(Links links, int judge, Step.Revise revise) {
    Step step = drawing.step(judge);
    String pointer = step.pointer() + "/revise/step";
    int target = drawing.index(revise.step());
    if (target < 0) {
      report.invalid(
          Rule.UNKNOWN_STEP,
          pointer,
          "Step `" + step.id() + "` revises `" + revise.step() + "`, and there is no such step.",
          unknownHint(revise.step(), upstreamIds(links, judge)));
      return null;
    }
    BitSet region = links.downstream(target);
    region.and(links.upstream(judge));
    if (target == judge || region.isEmpty()) {
      if (readsAreKnown) {
        report.invalid(
            Rule.REVISE_NOT_UPSTREAM,
            pointer,
            "Step `%s` revises `%s`, but its verdict does not depend on `%2$s`."
                .formatted(step.id(), revise.step()),
            "Let `%s` read `%s`, or revise one of: %s."
                .formatted(step.id(), revise.step(), orNone(upstreamIds(links, judge))));
      }
      return null;
    }
    return region;
  }

  private List<String> upstreamIds(Links links, int judge) {
    return links.upstream(judge).stream()
        .filter(node -> node != judge)
        .mapToObj(node -> drawing.step(node).id())
        .toList();
  }

  private static String unknownHint(String name, List<String> upstream) {
    return upstream.isEmpty()
        ? "A judge revises a step that its verdict depends on; this one reads none."
        : Nearest.hint(name, upstream);
  }

  private static String orNone(List<String> ids) {
    return ids.isEmpty() ? "(it reads no step)" : String.join(", ", ids);
  }

  private boolean tellCrossings() {
    boolean crossing = false;
    List<Integer> judges = new ArrayList<>(byJudge.keySet());
    for (int i = 0; i < judges.size(); i++) {
      for (int j = i + 1; j < judges.size(); j++) {
        crossing |= tellCrossing(judges.get(i), judges.get(j));
      }
    }
    return crossing;
  }

  private boolean tellCrossing(int one, int other) {
    BitSet ones = regionOf(one);
    BitSet others = regionOf(other);
    BitSet common = (BitSet) ones.clone();
    common.and(others);
    if (common.isEmpty() || common.equals(ones) || common.equals(others)) {
      return false;
    }
    report.invalid(
        Rule.REVISE_CROSSING,
        drawing.step(other).pointer() + "/revise",
        "The steps that `%s` runs again (%s) cross those of `%s` (%s)."
            .formatted(id(other), ids(others), id(one), ids(ones)),
        "Regions must nest or be disjoint: let one judge depend on the other, or let one of them"
            + " revise another step.");
    return true;
  }

  private BitSet regionOf(int judge) {
    return byJudge.getOrDefault(judge, new BitSet());
  }

  private String id(int node) {
    return drawing.step(node).id();
  }

  private String ids(BitSet nodes) {
    return String.join(", ", nodes.stream().mapToObj(this::id).toList());
  }

  private void drawWaits(Links links, int judge, BitSet region) {
    String pointer = drawing.step(judge).pointer() + "/revise";
    region.stream()
        .filter(node -> node != judge)
        .forEach(
            node -> {
              for (int follower : links.followers(node)) {
                if (!region.get(follower)) {
                  drawing.waitFor(follower, judge, pointer);
                }
              }
            });
  }
}
