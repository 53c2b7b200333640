package dev.workflow.expression;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import tools.jackson.databind.JsonNode;

/** Regular expressions in RE2's syntax, whose time is linear in the text. */
final class Patterns {
  private static final int KEPT_MAX = 200;
  private static final int CHARS_MAX = 1_000;
  private static final ConcurrentMap<String, Pattern> COMPILED = new ConcurrentHashMap<>();

  private Patterns() {}

  static JsonNode matches(JsonNode[] args, Frame frame) {
    String text = Args.text(args[0]);
    Pattern pattern = compiled(Args.text(args[1]));
    long work = (long) text.length() * Math.max(1, pattern.programSize()) / 100;
    frame.budget().steps((int) Math.min(Budget.STEPS_MAX, work));
    return Args.of(pattern.matcher(text).find());
  }

  static Pattern compiled(String source) {
    Pattern known = COMPILED.get(source);
    if (known != null) {
      return known;
    }
    if (source.length() > CHARS_MAX) {
      throw new Stop.Failure("Expected a pattern of at most " + CHARS_MAX + " characters");
    }
    try {
      Pattern fresh = Pattern.compile(source);
      if (COMPILED.size() >= KEPT_MAX) {
        COMPILED.clear();
      }
      COMPILED.put(source, fresh);
      return fresh;
    } catch (PatternSyntaxException e) {
      throw new Stop.Failure(
          "Expected a regular expression, found "
              + Args.cut(source)
              + " ("
              + e.getDescription()
              + ")");
    }
  }
}
