package dev.workflow.expression;

import dev.workflow.definition.ReservedNames;
import dev.workflow.engine.Expressions.ExpressionException;
import dev.workflow.expression.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.NullNode;

/**
 * Reads expressions: the grammar of CEL's language definition (cel-spec, section Syntax) by
 * recursive descent, and the words {@code and or not} beside {@code && || !}. After a dot every
 * word is a name. Macros are calls here; {@link Forms} knows them. Messages and unsigned numbers
 * are refused.
 */
final class Parser {
  static final int CHARS_MAX = 20_000;
  private static final int NESTING_MAX = 250;

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String source;
  private final Lexer lexer;
  private Token token;
  private int nesting;

  private Parser(String source) {
    this.source = source;
    this.lexer = new Lexer(source);
    this.token = lexer.next();
  }

  /**
   * Parses.
   *
   * @throws ExpressionException at the first mistake
   */
  static Syntax parse(String source) {
    if (source.length() > CHARS_MAX) {
      throw Syntax.mistake(
          "Expected an expression of at most " + CHARS_MAX + " characters.", 0, null);
    }
    if (source.isBlank()) {
      throw Syntax.mistake("Expected an expression, found nothing.", 0, null);
    }
    Parser parser = new Parser(source);
    Syntax whole = parser.expression();
    if (parser.token.kind() != Kind.END) {
      throw parser.expected("the end of the expression or an operator");
    }
    return whole;
  }

  static ExpressionException noJson(int offset) {
    return Syntax.mistake("Expected a number or a string as JSON has them.", offset, null);
  }

  private Syntax expression() {
    if (++nesting > NESTING_MAX) {
      throw Syntax.tooDeep(token.at());
    }
    Syntax condition = junction("||", "or");
    if (token.is("?")) {
      int at = advance().at();
      Syntax then = junction("||", "or");
      expect(":");
      Syntax otherwise = expression();
      condition =
          new Syntax.Call(
              null, "_?_:_", List.of(condition, then, otherwise), condition.start(), at);
    }
    nesting--;
    return condition;
  }

  /** Terms between {@code and} or {@code or}, as a tree of least depth: they may be many. */
  private Syntax junction(String symbol, String word) {
    List<Syntax> terms = new ArrayList<>();
    List<Integer> operators = new ArrayList<>();
    terms.add(term(symbol));
    while (token.is(symbol, word)) {
      operators.add(advance().at());
      terms.add(term(symbol));
    }
    return balanced("_" + symbol + "_", terms, operators, 0, operators.size());
  }

  private Syntax term(String symbol) {
    return symbol.equals("||") ? junction("&&", "and") : relation();
  }

  private static Syntax balanced(
      String operator, List<Syntax> terms, List<Integer> operators, int from, int to) {
    if (from == to) {
      return terms.get(from);
    }
    int middle = (from + to) / 2;
    Syntax left = balanced(operator, terms, operators, from, middle);
    Syntax right = balanced(operator, terms, operators, middle + 1, to);
    return Syntax.Call.infix(operator, left, right, operators.get(middle));
  }

  private Syntax relation() {
    Syntax left = sum();
    for (String operator = relational(); operator != null; operator = relational()) {
      int at = advance().at();
      left = Syntax.Call.infix(operator, left, sum(), at);
    }
    return left;
  }

  private @Nullable String relational() {
    return switch (token.kind()) {
      case SYMBOL ->
          switch (token.text()) {
            case "<", "<=", ">", ">=", "==", "!=" -> "_" + token.text() + "_";
            default -> null;
          };
      case NAME -> token.text().equals("in") ? "@in" : null;
      case QUOTED_NAME, NUMBER, STRING, END -> null;
    };
  }

  private Syntax sum() {
    Syntax left = product();
    while (token.is("+") || token.is("-")) {
      Token operator = advance();
      left = Syntax.Call.infix("_" + operator.text() + "_", left, product(), operator.at());
    }
    return left;
  }

  private Syntax product() {
    Syntax left = unary();
    while (token.is("*") || token.is("/") || token.is("%")) {
      Token operator = advance();
      left = Syntax.Call.infix("_" + operator.text() + "_", left, unary(), operator.at());
    }
    return left;
  }

  private Syntax unary() {
    List<Token> operators = new ArrayList<>();
    Token sign = null;
    while (token.is("!", "not") || token.is("-")) {
      Token operator = advance();
      if (operator.is("-") && token.kind() == Kind.NUMBER) {
        sign = operator; // It belongs to the number: the least integer has no positive one.
        break;
      }
      operators.add(operator);
    }
    Syntax operand = member(sign == null ? primary() : number(sign));
    for (Token operator : operators.reversed()) {
      String function = operator.is("-") ? "-_" : "!_";
      operand = new Syntax.Call(null, function, List.of(operand), operator.at(), operator.at());
    }
    return operand;
  }

  private Syntax member(Syntax first) {
    Syntax part = first;
    while (true) {
      if (token.is(".")) {
        advance();
        part = selected(part);
      } else if (token.is("[")) {
        int at = advance().at();
        Syntax index = expression();
        expect("]");
        part = Syntax.Call.infix("_[_]", part, index, at);
      } else if (token.is("{") && (part instanceof Syntax.Name || part instanceof Syntax.Select)) {
        String name = source.substring(part.start(), token.at()).strip();
        throw Syntax.mistake(
            "Did not expect `" + name + "{` here.",
            token.at(),
            "An object is written {\"key\": value}.");
      } else {
        return part;
      }
    }
  }

  private Syntax selected(Syntax of) {
    Token name = token;
    switch (name.kind()) {
      case QUOTED_NAME -> {
        advance();
        return new Syntax.Select(of, unquoted(name), name.at());
      }
      case NAME -> advance();
      case NUMBER, STRING, SYMBOL, END -> throw expected("a name after the dot");
    }
    return token.is("(")
        ? new Syntax.Call(of, name.text(), arguments(), of.start(), name.at())
        : new Syntax.Select(of, name.text(), name.at());
  }

  private static String unquoted(Token name) {
    String text = name.text();
    if (text.length() < 3 || !text.endsWith("`")) {
      throw Syntax.mistake(
          "Expected a name between backquotes, found " + text + ".", name.at(), null);
    }
    return text.substring(1, text.length() - 1);
  }

  private Syntax primary() {
    return switch (token.kind()) {
      case NUMBER -> number(null);
      case STRING -> {
        Token string = advance();
        yield new Syntax.Constant(JSON.stringNode(StringLiteral.value(string)), string.at());
      }
      case NAME -> named();
      case SYMBOL -> bracket();
      case QUOTED_NAME, END -> throw unexpected();
    };
  }

  private Syntax named() {
    Token name = token;
    switch (name.text()) {
      case "true", "false" -> {
        advance();
        return new Syntax.Constant(BooleanNode.valueOf(name.text().equals("true")), name.at());
      }
      case "null" -> {
        advance();
        return new Syntax.Constant(NullNode.getInstance(), name.at());
      }
      case "and", "or", "in" -> throw unexpected();
      default -> {
        if (ReservedNames.isWord(name.text())) {
          throw Syntax.mistake("`" + name.text() + "` is a reserved word.", name.at(), null);
        }
        advance();
      }
    }
    return token.is("(")
        ? new Syntax.Call(null, name.text(), arguments(), name.at(), name.at())
        : new Syntax.Name(name.text(), name.at());
  }

  private Syntax bracket() {
    Token open = token;
    switch (open.text()) {
      case "(" -> {
        advance();
        Syntax inner = expression();
        expect(")");
        return inner;
      }
      case "[" -> {
        advance();
        return new Syntax.ListOf(expressions("]", true), open.at());
      }
      case "{" -> {
        advance();
        return new Syntax.ObjectOf(entries(), open.at());
      }
      default -> throw unexpected();
    }
  }

  private List<Syntax> arguments() {
    advance();
    return expressions(")", false);
  }

  /** Expressions between commas up to a closing bracket, which is taken too. */
  private List<Syntax> expressions(String close, boolean commaAtEnd) {
    List<Syntax> all = new ArrayList<>();
    while (!token.is(close)) {
      all.add(expression());
      if (endsAfter(close, commaAtEnd)) {
        break;
      }
    }
    advance();
    return all;
  }

  private List<Syntax.ObjectOf.Entry> entries() {
    List<Syntax.ObjectOf.Entry> all = new ArrayList<>();
    while (!token.is("}")) {
      Syntax key = expression();
      expect(":");
      all.add(new Syntax.ObjectOf.Entry(key, expression()));
      if (endsAfter("}", true)) {
        break;
      }
    }
    advance();
    return all;
  }

  /** Whether the closing bracket follows an element; else takes the comma. */
  private boolean endsAfter(String close, boolean commaAtEnd) {
    if (token.is(close)) {
      return true;
    }
    if (!token.is(",")) {
      throw expected("`,` or `" + close + "`");
    }
    advance();
    if (token.is(close) && !commaAtEnd) {
      throw unexpected();
    }
    return false;
  }

  private Syntax number(@Nullable Token sign) {
    Token number = advance();
    int at = sign == null ? number.at() : sign.at();
    String digits = number.text();
    if (digits.endsWith("u") || digits.endsWith("U")) {
      throw noJson(at);
    }
    return new Syntax.Constant(numberValue((sign == null ? "" : "-") + digits, number), at);
  }

  private JsonNode numberValue(String text, Token number) {
    String digits = number.text();
    boolean hexadecimal = digits.startsWith("0x") || digits.startsWith("0X");
    int end = hexadecimal ? 2 : 0;
    while (end < digits.length()
        && Character.digit(digits.charAt(end), hexadecimal ? 16 : 10) >= 0) {
      end++;
    }
    try {
      if (end == digits.length() && !(hexadecimal && end == 2)) {
        String plain = hexadecimal ? text.replaceFirst("0[xX]", "") : text;
        return JSON.numberNode(Long.parseLong(plain, hexadecimal ? 16 : 10));
      }
      char last = digits.charAt(digits.length() - 1);
      double value =
          hexadecimal || !Character.isDigit(last) ? Double.NaN : Double.parseDouble(text);
      if (Double.isFinite(value)) {
        return JSON.numberNode(value);
      }
    } catch (NumberFormatException e) {
      if (end == digits.length()) {
        throw Syntax.mistake(text + " does not fit into 64 bits.", number.at(), null);
      }
    }
    throw Syntax.mistake("Expected a number, found `" + digits + "`.", number.at(), null);
  }

  private Token advance() {
    Token taken = token;
    token = lexer.next();
    return taken;
  }

  private void expect(String symbol) {
    if (!token.is(symbol)) {
      throw expected("`" + symbol + "`");
    }
    advance();
  }

  private ExpressionException expected(String what) {
    return Syntax.mistake("Expected " + what + ", found " + token.shown() + ".", token.at(), null);
  }

  private ExpressionException unexpected() {
    return token.kind() == Kind.END
        ? Syntax.mistake("The expression ends too early.", token.at(), null)
        : Syntax.mistake("Did not expect " + token.shown() + " here.", token.at(), null);
  }
}
