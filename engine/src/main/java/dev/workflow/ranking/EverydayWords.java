package dev.workflow.ranking;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What people say, with the words by which definitions of tools mean the same. */
final class EverydayWords {
  private final Map<List<String>, List<String>> meanings = new LinkedHashMap<>();
  private int longest = 1;

  private EverydayWords() {}

  /** Those that the engine brings along. */
  static EverydayWords shipped() {
    EverydayWords words = new EverydayWords();
    for (String line : Shipped.lines("words.txt")) {
      int colon = line.indexOf(':');
      for (String said : line.substring(colon + 1).split(",", -1)) {
        words.add(Stems.of(said), line.substring(0, colon));
      }
    }
    return words;
  }

  private void add(List<String> said, String meaning) {
    if (!said.isEmpty()) {
      longest = Math.max(longest, said.size());
      meanings.computeIfAbsent(said, each -> new ArrayList<>()).add(meaning);
    }
  }

  /** What the phrases in a text mean, by phrase, in the order of the text. */
  Map<List<String>, List<String>> in(List<String> stems) {
    Map<List<String>, List<String>> found = new LinkedHashMap<>();
    for (int from = 0; from < stems.size(); from++) {
      for (int to = Math.min(stems.size(), from + longest); to > from; to--) {
        List<String> phrase = stems.subList(from, to);
        List<String> meant = meanings.get(phrase);
        if (meant != null) {
          found.put(List.copyOf(phrase), meant);
        }
      }
    }
    return found;
  }
}
