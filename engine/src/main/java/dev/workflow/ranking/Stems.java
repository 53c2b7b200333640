package dev.workflow.ranking;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;

/** Texts as words in lower case without their endings; {@code getForecasts} is two of them. */
final class Stems {
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern BREAK = Pattern.compile("[_./:\\-]");

  /** Words that say nothing about what is wanted. */
  static final Set<String> COMMON =
      stop(
          """
          a an the and or but nor so yet of to in on at by for from with without into onto over
          under about as is are was were be been being am do does did doing done has have had
          having i me my mine we us our ours you your yours he him his she her hers it its they
          them their theirs this that these those there here what which who whom whose when where
          why how can could will would shall should may might must not no yes if then else than
          too very just only also please pls any some all each every few more most other such own
          same again now up down out off it's i'm don't doesn't can't let's let want need like
          someone somebody something anything thing things get got give me show tell make much
          many
          """);

  private Stems() {}

  /** What makes stems of words; all words count, as a name may be made of common ones. */
  static Analyzer analyzer() {
    return new EnglishAnalyzer(CharArraySet.EMPTY_SET);
  }

  /** The text with spaces where names are put together of words. */
  static String parted(String text) {
    return BREAK.matcher(HUMP.matcher(text).replaceAll(" ")).replaceAll(" ");
  }

  /** All stems in the order of the text. */
  static List<String> of(String text) {
    List<String> stems = new ArrayList<>();
    try (Analyzer analyzer = analyzer();
        TokenStream tokens = analyzer.tokenStream("", parted(text))) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        stems.add(term.toString());
      }
      tokens.end();
    } catch (IOException e) {
      throw new UncheckedIOException("A text in memory cannot be read", e);
    }
    return stems;
  }

  private static Set<String> stop(String words) {
    return Set.copyOf(of(words));
  }
}
