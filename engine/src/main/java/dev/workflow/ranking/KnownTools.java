package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Offered;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Tools of published servers with the phrases by which they are asked for. What is offered is asked
 * for like the one whose definition is most like its own, whatever its server is called.
 */
final class KnownTools {

  /** From this cosine of the words of two definitions on they are alike. */
  private static final double ALIKE = 0.5;

  /** So many stems of a description are compared. */
  private static final int STEMS_MAX = 60;

  private static final float OF_NAME = 2;
  private static final float MOST = 3;

  /** A tool in whose definition a stem is. */
  private record Has(int tool, double weight) {}

  private final StemWeights weights;
  private final List<List<String>> phrases = new ArrayList<>();
  private final Map<String, List<Has>> stems = new HashMap<>();

  private KnownTools(StemWeights weights) {
    this.weights = weights;
  }

  /** Those that the engine brings along, of some servers. */
  static KnownTools shipped(StemWeights weights, Predicate<String> server) {
    Map<String, List<String>> phrases = phrases();
    KnownTools known = new KnownTools(weights);
    for (String line : Shipped.lines("definitions.tsv")) {
      String id = line.substring(0, line.indexOf('\t'));
      List<String> stems = List.of(line.substring(id.length() + 1).split(" ", -1));
      int slash = id.indexOf('/');
      if (server.test(id.substring(0, slash))) {
        known.add(id.substring(slash + 1), stems, phrases.getOrDefault(id, List.of()));
      }
    }
    return known;
  }

  private void add(String name, List<String> description, List<String> said) {
    int tool = phrases.size();
    phrases.add(said);
    definition(name, description)
        .forEach(
            (stem, weight) ->
                stems.computeIfAbsent(stem, each -> new ArrayList<>()).add(new Has(tool, weight)));
  }

  /** By server and tool. */
  static Map<String, List<String>> phrases() {
    Map<String, List<String>> phrases = new HashMap<>();
    List<String> current = new ArrayList<>();
    for (String line : Shipped.lines("phrases.txt")) {
      if (line.startsWith("\t")) {
        current.add(line.strip());
      } else {
        current = phrases.computeIfAbsent(line, each -> new ArrayList<>());
      }
    }
    return phrases;
  }

  /** The stems of a description by which tools are compared. */
  static List<String> compared(String description) {
    return Stems.of(description).stream()
        .limit(STEMS_MAX)
        .filter(stem -> !Stems.COMMON.contains(stem))
        .distinct()
        .toList();
  }

  /** With the phrases of the known tool that is most like it, where one is. */
  Described described(Offered offered) {
    Described alone = new Described(offered, List.of());
    Map<String, Double> definition =
        definition(ToolField.NAME.of(alone), compared(ToolField.DESCRIPTION.of(alone)));
    double[] alike = new double[phrases.size()];
    definition.forEach(
        (stem, weight) ->
            stems
                .getOrDefault(stem, List.of())
                .forEach(has -> alike[has.tool()] += weight * has.weight()));
    double best = ALIKE;
    List<String> said = List.of();
    for (int tool = 0; tool < alike.length; tool++) {
      if (alike[tool] >= best) {
        best = alike[tool];
        said = phrases.get(tool);
      }
    }
    return new Described(offered, said);
  }

  /** The weights of the stems of a definition, of length 1 together. */
  private Map<String, Double> definition(String name, List<String> stems) {
    Map<String, Double> counts = new HashMap<>();
    for (String stem : Stems.of(name)) {
      if (!Stems.COMMON.contains(stem)) {
        counts.merge(stem, (double) OF_NAME, Double::sum);
      }
    }
    stems.forEach(stem -> counts.merge(stem, 1.0, Double::sum));
    counts.replaceAll((stem, count) -> Math.min(count, MOST) * weights.of(stem));
    double length =
        Math.sqrt(counts.values().stream().mapToDouble(weight -> weight * weight).sum());
    counts.replaceAll((stem, weight) -> weight / length);
    return counts;
  }
}
