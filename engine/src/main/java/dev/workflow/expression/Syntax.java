package dev.workflow.expression;

import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelSource;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.workflow.engine.Expressions.ExpressionException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An expression taken apart by CEL's parser, and where in the text its parts stand. The parser
 * expands no macros: the checker treats {@code has}, {@code map} and their like as they are
 * written.
 *
 * @param text the expression, words replaced by symbols of the same length
 * @param positions by id of a part, in code points
 */
record Syntax(String text, CelExpr root, Map<Long, Integer> positions) {
  static final int CHARS_MAX = 20_000;

  /** What to do with an expression that nests too deeply. */
  static final String SPLIT = "Split it over several `set` steps.";

  /** Loaded with the first expression: a process without any never pays for the parser. */
  private static final class Lazy {
    static final CelParser PARSER =
        CelParserFactory.standardCelParserBuilder()
            .setOptions(CelOptions.current().enableQuotedIdentifierSyntax(true).build())
            .build();
  }

  /**
   * Parses.
   *
   * @throws ExpressionException at the first mistake
   */
  static Syntax of(String source) {
    if (source.length() > CHARS_MAX) {
      throw mistake("Expected an expression of at most " + CHARS_MAX + " characters.", 0, null);
    }
    if (source.isBlank()) {
      throw mistake("Expected an expression, found nothing.", 0, null);
    }
    String text = WordOperators.rewrite(source);
    try {
      CelValidationResult result = Lazy.PARSER.parse(CelSource.newBuilder(text).build());
      if (result.hasError()) {
        throw SyntaxMistakes.of(first(result.getErrors()), source);
      }
      CelSource parsed = result.getAst().getSource();
      return new Syntax(text, result.getAst().getExpr(), parsed.getPositionsMap());
    } catch (CelValidationException e) {
      throw SyntaxMistakes.of(first(e.getErrors()), source);
    } catch (StackOverflowError e) {
      throw mistake("The expression nests too deeply.", 0, SPLIT);
    }
  }

  private static CelIssue first(Iterable<CelIssue> issues) {
    return issues.iterator().next();
  }

  static ExpressionException mistake(String message, int offset, @Nullable String hint) {
    return new ExpressionException(message, "", offset, hint);
  }

  /** Where a part's own token stands: the name, the operator, the bracket. */
  int at(CelExpr part) {
    int codePoints = positions.getOrDefault(part.id(), 0);
    return text.offsetByCodePoints(0, Math.min(codePoints, text.codePointCount(0, text.length())));
  }

  /** Where the first character of a part stands. */
  int start(CelExpr part) {
    return switch (part.getKind()) {
      case SELECT -> start(part.select().operand());
      case CALL -> startOfCall(part);
      default -> at(part);
    };
  }

  private int startOfCall(CelExpr part) {
    CelExpr.CelCall call = part.call();
    if (call.target().isPresent()) {
      return start(call.target().get());
    }
    boolean isName = Lexer.isNameStart(call.function().charAt(0));
    if (isName) {
      return nameBefore(part);
    }
    boolean infix = call.args().size() > 1;
    return infix ? start(call.args().get(0)) : at(part);
  }

  /** Where the name of a called function stands, before its parenthesis. */
  int nameBefore(CelExpr call) {
    int end = at(call);
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return Math.max(0, end - call.call().function().length());
  }

  /** Where the property of a selection stands, after its dot. */
  int property(CelExpr select) {
    int at = at(select);
    while (at < text.length()
        && (text.charAt(at) == '.' || Character.isWhitespace(text.charAt(at)))) {
      at++;
    }
    return at;
  }
}
