package dev.workflow.schema;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import com.networknt.schema.regex.RegularExpression;
import com.networknt.schema.regex.RegularExpressionFactory;
import java.util.regex.Matcher;

/**
 * Regular expressions whose work is bounded. RE2 takes time linear in the text; the few patterns it
 * does not know (look-around, back-references) run on the JDK's engine with a budget of steps.
 */
final class BoundedPatterns implements RegularExpressionFactory {
  /** Instructions of an RE2 program times characters of a text. */
  private static final long RE2_WORK_MAX = 200_000_000;

  private static final int PATTERN_CHARS_MAX = 2_000;

  @Override
  public RegularExpression getRegularExpression(String pattern) {
    if (pattern.length() > PATTERN_CHARS_MAX) {
      throw new IllegalArgumentException(
          "expected a pattern of at most " + PATTERN_CHARS_MAX + " characters");
    }
    String translated = EcmaPattern.translate(pattern);
    try {
      return linear(pattern, Pattern.compile(translated));
    } catch (PatternSyntaxException e) {
      return budgeted(pattern);
    }
  }

  private static RegularExpression linear(String source, Pattern pattern) {
    long instructions = Math.max(1, pattern.programSize());
    return text -> {
      if (text.length() * instructions > RE2_WORK_MAX) {
        throw new SlowPatternException(source);
      }
      return pattern.matcher(text).find();
    };
  }

  private static RegularExpression budgeted(String source) {
    java.util.regex.Pattern pattern = java.util.regex.Pattern.compile(EcmaPattern.forJdk(source));
    return text -> {
      try {
        Matcher matcher = pattern.matcher(new BudgetedText(text, source));
        return matcher.find();
      } catch (StackOverflowError e) {
        throw new SlowPatternException(source);
      }
    };
  }

  /** A text that counts how often it is looked at. */
  private static final class BudgetedText implements CharSequence {
    private static final int LOOKS_MAX = 5_000_000;

    private final String text;
    private final String pattern;
    private int looks;

    BudgetedText(String text, String pattern) {
      this.text = text;
      this.pattern = pattern;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      looks++;
      if (looks > LOOKS_MAX) {
        throw new SlowPatternException(pattern);
      }
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
