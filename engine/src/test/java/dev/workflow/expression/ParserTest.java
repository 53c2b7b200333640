package dev.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.parser.CelParser;
import dev.cel.parser.CelParserFactory;
import dev.workflow.engine.Expressions.ExpressionException;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

/** What CEL's own parser reads, ours reads in the same way. */
class ParserTest {
  private static final CelParser CEL =
      CelParserFactory.standardCelParserBuilder()
          .setOptions(CelOptions.current().enableQuotedIdentifierSyntax(true).build())
          .build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a ? b : c ? d : e",
        "a || b || c || d || e && f && g",
        "a && b && c && d && e && f",
        "a < b == c",
        "a in b in c",
        "a - b - c * d / e % f",
        "-a.b(c)[d].e",
        "!a.b || !c(d)",
        "-1 - -1",
        "-9223372036854775808",
        "- 5",
        "--5",
        "1 - 1",
        "1-1",
        "0x1F + -0xff",
        "1.5 + .5 + 1e3 + 1.5E-3 + 2e+2",
        "1.0.x",
        "[1, 2, ]",
        "[]",
        "{}",
        "{'a': 1, b: [c], }",
        "a.`b-c/d.e`.f",
        "f()",
        "f(a, g(b).h(c))",
        "(a + b) * (c)",
        "a // comment\n + b",
        "a\t+\r\n\fb",
        "true && false || null == x",
        "'a\\n\\t\\\\\\'\\\"\\`\\?\\a\\b\\f\\r\\v'",
        "'\\x41\\u00e9\\U0001F600\\101'",
        "\"it's\" + 'say \"x\"'",
        "r'\\d+' + R\"\\n\"",
        "'''a\n'b' \"\"c'''",
        "\"\"\"a\nb\\\"\"\"\"",
        "r'''\\\n'''",
        "'😀é'",
        "a.b.c(d)",
        "aB_9._x"
      })
  void anExpressionHasTheTreeThatCelGivesIt(String source) {
    assertThat(ours(source)).isEqualTo(theirs(source)).doesNotStartWith("refused");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a +",
        "a b",
        "(a",
        "a)",
        "[a",
        "{a}",
        "{a: }",
        "f(a,)",
        "f(,)",
        "a..b",
        "a.1",
        "a[",
        "a[]",
        "a ? b",
        "a ? b :",
        "? a : b",
        "a = b",
        "a & b",
        "a | b",
        "'a",
        "'a\nb'",
        "'\\q'",
        "'\\x4'",
        "'\\ud800'",
        "'\\400'",
        "1x",
        "1.x.",
        "1e",
        "0x",
        "a #",
        "for",
        "a in",
        "in",
        "&& a",
        "a ! b",
        "!",
        "-",
        "``",
        "a.``",
        "9223372036854775808",
        "@",
        "a $ b",
        "\\",
        "é",
        "a.é"
      })
  void whatCelRefusesIsRefused(String source) {
    assertThat(theirs(source)).startsWith("refused");
    assertThat(ours(source)).startsWith("refused");
  }

  @Property(tries = 3_000)
  void aRandomRowOfTokensIsReadAsCelReadsIt(@ForAll("rows") String source) {
    String theirs = theirs(source);
    if (!theirs.startsWith("refused")) {
      assertThat(ours(source)).isEqualTo(theirs);
    }
  }

  @Property(tries = 3_000)
  void anyTextIsReadOrRefusedWithAPlaceInsideIt(@ForAll String source) {
    try {
      Parser.parse(source);
    } catch (ExpressionException e) {
      assertThat(e.offset()).isBetween(0, source.length());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          f(a b)        ~ 4: Expected `,` or `)`, found `b`.
          f(a,)         ~ 4: Did not expect `)` here.
          [a b]         ~ 3: Expected `,` or `]`, found `b`.
          {a}           ~ 2: Expected `:`, found `}`.
          {a: 1 b}      ~ 6: Expected `,` or `}`, found `b`.
          a ? b         ~ 5: Expected `:`, found the end.
          a[1           ~ 3: Expected `]`, found the end.
          a.            ~ 2: Expected a name after the dot, found the end.
          a.1           ~ 1: Expected the end of the expression or an operator, found `.1`.
          a or          ~ 4: The expression ends too early.
          or a          ~ 0: Did not expect `or` here.
          a and or b    ~ 6: Did not expect `or` here.
          1x            ~ 0: Expected a number, found `1x`.
          0x            ~ 0: Expected a number, found `0x`.
          'a\\q'         ~ 2: `\\q` means nothing in a string. Write \\\\ for a backslash, or r before the quote of a regular expression.
          b'a'          ~ 0: Expected a number or a string as JSON has them.
          x.b.Point{}   ~ 9: Did not expect `x.b.Point{` here. An object is written {"key": value}.
          """)
  void aMistakeSaysWhatWasExpected(String source, String mistake) {
    assertThat(Scene.mistake(() -> Parser.parse(source))).isEqualTo(mistake);
  }

  @Provide
  Arbitrary<String> rows() {
    return Arbitraries.of(
            "a",
            "b",
            "f(",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ":",
            ",",
            ").x",
            "].y",
            "?",
            "!",
            "-",
            "+",
            "*",
            "/",
            "%",
            "<",
            ">=",
            "==",
            "!=",
            "in",
            "&&",
            "||",
            "1",
            "2.5",
            "'s'",
            "true",
            "null",
            "b.x",
            "[0]",
            "{'k': 1}",
            "(a)",
            "f(b)",
            "b.g(a)",
            "0x1f",
            "1e2",
            "a ? b : 1")
        .list()
        .ofMinSize(1)
        .ofMaxSize(9)
        .map(tokens -> String.join(" ", tokens));
  }

  private static String ours(String source) {
    try {
      return tree(Parser.parse(source));
    } catch (ExpressionException e) {
      return "refused " + e.getMessage();
    }
  }

  private static String tree(Syntax part) {
    return switch (part) {
      case Syntax.Constant constant -> constant.value().toString();
      case Syntax.Name name -> name.name();
      case Syntax.Select select -> "(" + tree(select.of()) + ")." + select.property();
      case Syntax.Call call -> {
        String target = call.target() == null ? "" : "(" + tree(call.target()) + ").";
        String arguments = call.arguments().stream().map(ParserTest::tree).toList().toString();
        yield withoutDoubledSign(target + call.function() + arguments);
      }
      case Syntax.ListOf list -> "list" + list.elements().stream().map(ParserTest::tree).toList();
      case Syntax.ObjectOf object ->
          object.entries().stream()
              .map(entry -> tree(entry.key()) + ": " + tree(entry.value()))
              .collect(Collectors.joining(", ", "{", "}"));
    };
  }

  /** CEL drops a sign that stands twice; what is left means the same. */
  private static String withoutDoubledSign(String tree) {
    return tree.replaceAll("^(!_|-_)\\[\\1\\[(.*)]]$", "$2").replaceAll("^-_\\[-(\\d.*)]$", "$1");
  }

  private static String theirs(String source) {
    try {
      return tree(CEL.parse(source).getAst().getExpr());
    } catch (CelValidationException e) {
      return "refused " + e.getMessage();
    }
  }

  private static String tree(CelExpr part) {
    return switch (part.getKind()) {
      case CONSTANT -> constant(part.constant());
      case IDENT -> part.ident().name();
      case SELECT -> "(" + tree(part.select().operand()) + ")." + part.select().field();
      case CALL -> {
        CelExpr.CelCall call = part.call();
        String target = call.target().map(t -> "(" + tree(t) + ").").orElse("");
        yield target + call.function() + call.args().stream().map(ParserTest::tree).toList();
      }
      case LIST -> "list" + part.list().elements().stream().map(ParserTest::tree).toList();
      case MAP ->
          part.map().entries().stream()
              .map(entry -> tree(entry.key()) + ": " + tree(entry.value()))
              .collect(Collectors.joining(", ", "{", "}"));
      case STRUCT, COMPREHENSION, NOT_SET -> "refused " + part.getKind();
    };
  }

  private static String constant(CelConstant constant) {
    return switch (constant.getKind()) {
      case NULL_VALUE -> "null";
      case BOOLEAN_VALUE -> String.valueOf(constant.booleanValue());
      case INT64_VALUE -> String.valueOf(constant.int64Value());
      case DOUBLE_VALUE -> String.valueOf(constant.doubleValue());
      case STRING_VALUE -> quoted(constant);
      case NOT_SET, UINT64_VALUE, BYTES_VALUE, DURATION_VALUE, TIMESTAMP_VALUE ->
          "refused " + constant.getKind();
    };
  }

  private static String quoted(CelConstant constant) {
    return JsonNodeFactory.instance.stringNode(constant.stringValue()).toString();
  }
}
