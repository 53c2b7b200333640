package dev.workflow.ranking;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How much a stem tells: the rarer it is in the definitions of tools, the more. Counted once over
 * many tools of many servers, so that what one tool scores does not depend on those beside it.
 */
final class StemWeights {
  private final int tools;
  private final Map<String, Integer> counts;

  private StemWeights(int tools, Map<String, Integer> counts) {
    this.tools = tools;
    this.counts = Map.copyOf(counts);
  }

  /** Those that the engine brings along. */
  static StemWeights shipped() {
    return read(Shipped.lines("stems.tsv"));
  }

  /** The number of tools, then a stem and the number of tools that have it on a line each. */
  static StemWeights read(List<String> lines) {
    Map<String, Integer> counts = new HashMap<>();
    for (String line : lines.subList(1, lines.size())) {
      int tab = line.indexOf('\t');
      counts.put(line.substring(0, tab), Integer.parseInt(line.substring(tab + 1)));
    }
    return new StemWeights(Integer.parseInt(lines.get(0)), counts);
  }

  /** The inverse document frequency of BM25. */
  float of(String stem) {
    int count = counts.getOrDefault(stem, 0);
    return (float) Math.log(1 + (tools - count + 0.5) / (count + 0.5));
  }
}
