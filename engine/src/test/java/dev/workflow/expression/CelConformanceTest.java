package dev.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.cel.bundle.Cel;
import dev.cel.bundle.CelFactory;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.values.NullValue;
import dev.cel.extensions.CelExtensions;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.workflow.engine.Expressions.ExpressionException;
import dev.workflow.engine.Expressions.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What CEL's own runtime says is what we say. */
class CelConformanceTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final CelOptions OPTIONS =
      CelOptions.current().enableHeterogeneousNumericComparisons(true).build();
  private static final Cel CEL =
      CelFactory.plannerCelBuilder()
          .setOptions(OPTIONS)
          .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
          .addCompilerLibraries(
              CelExtensions.strings(), CelExtensions.math(), CelExtensions.lists())
          .addRuntimeLibraries(CelExtensions.strings(), CelExtensions.math(), CelExtensions.lists())
          .build();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "7 / 2",
        "-7 / 2",
        "-7 % 3",
        "7.0 / 2.0",
        "dyn(1) == 1.0",
        "dyn([1, 2]) == [1.0, 2.0]",
        "dyn({'a': 1}) == {'a': 1.0}",
        "2 > 1.5",
        "9223372036854775807 + 1",
        "-9223372036854775807 - 2",
        "1 / 0",
        "1 % 0",
        "true || 1 / 0 == 1",
        "1 / 0 == 1 || true",
        "1 / 0 == 1 && false",
        "false ? 1 / 0 : 2",
        "[1, 2, 3].exists(x, 1 / (x - 2) == 1)",
        "[1, 2, 3].all(x, 1 / (x - 2) > 5)",
        "[1, 2, 3].exists_one(x, x > 2)",
        "[1, 2, 3].map(x, x > 1, x * 2)",
        "{'b': 1, 'a': 2}.map(k, k)",
        "{'b': 1}.all(k, k == 'b')",
        "[1, 2][2]",
        "[1, 2][-1]",
        "dyn({'a': 1})['b']",
        "has(dyn({'a': 1}).b)",
        "has({'a': null}.a)",
        "'a' in {'a': 1}",
        "dyn(2.0) in [1, 2]",
        "size('añ😀')",
        "'añ😀'.charAt(2)",
        "'abc'.charAt(3)",
        "'abc'.charAt(4)",
        "'banana'.indexOf('an', 2)",
        "'banana'.indexOf('x')",
        "'banana'.lastIndexOf('an')",
        "'banana'.lastIndexOf('an', 2)",
        "'banana'.substring(2)",
        "'banana'.substring(2, 4)",
        "'banana'.substring(4, 2)",
        "'banana'.replace('an', 'o')",
        "'banana'.replace('an', 'o', 1)",
        "'banana'.replace('an', 'o', 0)",
        "'a,b,c'.split(',')",
        "'a,b,c'.split(',', 2)",
        "'a,b,c'.split(',', 0)",
        "'a,b,c'.split(',', -1)",
        "',a,'.split(',')",
        "'abc'.split('')",
        "''.split(',')",
        "['a', 'b'].join()",
        "['a', 'b'].join(', ')",
        "'TacoCÆt'.lowerAscii()",
        "'tacoCÆt'.upperAscii()",
        "' \\tx '.trim()",
        "'gums'.reverse()",
        "strings.quote('first\\n\"second\"')",
        "'foobar'.matches('o+b')",
        "'foobar'.startsWith('foo') && 'foobar'.endsWith('r') && 'foobar'.contains('ob')",
        "math.greatest(1, 2.5, -3)",
        "math.least([3, 1, 2])",
        "math.ceil(1.2)",
        "math.floor(-1.2)",
        "math.round(-2.5)",
        "math.round(2.4)",
        "math.trunc(-1.9)",
        "math.abs(-3)",
        "math.sign(-2.5)",
        "math.sqrt(2.0)",
        "math.bitAnd(12, 10)",
        "math.bitOr(12, 10)",
        "math.bitXor(12, 10)",
        "math.bitNot(5)",
        "math.bitShiftLeft(1, 70)",
        "math.bitShiftRight(-8, 1)",
        "math.isNaN(1.0)",
        "[3, 1, 2].sort()",
        "['b', 'a'].sort()",
        "[3, 1, 2].sortBy(x, -x)",
        "[1, 2, 3, 4].slice(1, 3)",
        "[1, 2].slice(1, 3)",
        "[[1], [2, [3]]].flatten()",
        "lists.range(4)",
        "[1, 2, 2, 1].distinct()",
        "[1, 2].reverse()",
        "int('12') + int(2.9) + int(-2.9)",
        "int('x')",
        "double('1.5')",
        "string(12) + string(true) + string('x')",
        "bool('true')",
        "timestamp('2026-01-31T10:00:00Z') + duration('2h30m')",
        "timestamp('2026-01-31T10:00:00Z') - timestamp('2026-01-30T00:00:00Z')",
        "timestamp('2026-01-31T10:00:00Z').getDayOfWeek()",
        "timestamp('2026-01-31T10:00:00Z').getDayOfYear()",
        "timestamp('2026-01-31T10:00:00Z').getMonth()",
        "timestamp('2026-01-31T10:00:00Z').getDate()",
        "timestamp('2026-01-31T10:00:00Z').getDayOfMonth()",
        "timestamp('2026-01-31T10:00:00Z').getHours('Europe/Berlin')",
        "duration('90m').getHours()",
        "duration('90m').getMinutes()",
        "duration('1.5s') < duration('2s')",
        "int(timestamp('1970-01-01T00:01:00Z'))"
      })
  void aKnownExpressionMeansWhatItMeansInCel(String source) {
    assertThat(ours(source)).isEqualTo(theirs(source));
  }

  /**
   * CEL's checker binds the unknown element type of {@code []} to the first type that is asked of
   * it, and then refuses every other; here such an element may be anything, as there is none. The
   * seed is fixed: now and then CEL's runtime loses an error inside {@code all} that the language
   * definition keeps, as in {@code [1].all(x, x > [1][1]) == true}.
   */
  @Property(tries = 500, seed = "20261121")
  void aRandomExpressionMeansWhatItMeansInCel(@ForAll("expressions") String source) {
    String theirs = theirs(source);
    Assume.that(!(source.contains("[]") && theirs.startsWith("refused")));
    String ours = ours(source);
    if (ours.equals("refused")) {
      assertThat(theirs).as("what is refused here").matches("(?s)refused.*|failed");
    } else {
      assertThat(ours).isEqualTo(theirs);
    }
  }

  private static String ours(String source) {
    try {
      return switch (new Scene().evaluate(source)) {
        case Outcome.Value value -> plain(value.value()).toString();
        case Outcome.Missing missing -> "missing";
        case Outcome.Failed failed -> "failed";
      };
    } catch (ExpressionException e) {
      return "refused";
    }
  }

  private static String theirs(String source) {
    try {
      return plain(json(CEL.createProgram(CEL.compile(source).getAst()).eval())).toString();
    } catch (CelEvaluationException e) {
      return "failed";
    } catch (CelValidationException e) {
      return "refused " + e.getMessage();
    }
  }

  private static JsonNode json(Object value) {
    return switch (value) {
      case Boolean truth -> JSON.booleanNode(truth);
      case Long number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case String text -> JSON.stringNode(text);
      case NullValue none -> JSON.nullNode();
      case Instant instant -> JSON.stringNode(instant.toString());
      case Duration span -> JSON.stringNode(span.toSeconds() + "s");
      case List<?> list ->
          JSON.arrayNode().addAll(list.stream().map(CelConformanceTest::json).toList());
      case Map<?, ?> map -> {
        ObjectNode object = JSON.objectNode();
        map.forEach((key, element) -> object.set(String.valueOf(key), json(element)));
        yield object;
      }
      default -> throw new IllegalStateException("unexpected " + value.getClass());
    };
  }

  /** Numbers by value: JSON does not tell 2 from 2.0. */
  private static JsonNode plain(JsonNode value) {
    if (value.isFloatingPointNumber()) {
      double number = value.doubleValue();
      return number == Math.rint(number) && Math.abs(number) < 1e15
          ? JSON.numberNode((long) number)
          : value;
    }
    if (value.isArray()) {
      ArrayNode list = JSON.arrayNode();
      value.forEach(element -> list.add(plain(element)));
      return list;
    }
    return value;
  }

  @Provide
  Arbitrary<String> expressions() {
    return Arbitraries.oneOf(numbers(3), truths(3), texts(3), lists(3));
  }

  private static Arbitrary<String> numbers(int depth) {
    Arbitrary<String> leaf = Arbitraries.of("0", "1", "2", "-3", "7", "9223372036854775807");
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<String> inner = numbers(depth - 1);
    return Arbitraries.oneOf(
        leaf,
        binary(inner, inner, "+", "-", "*", "/", "%"),
        texts(depth - 1).map(text -> "size(" + text + ")"),
        lists(depth - 1).map(list -> "size(" + list + ")"),
        lists(depth - 1).map(list -> list + "[1]"),
        truths(depth - 1)
            .flatMap(
                c -> inner.flatMap(a -> inner.map(b -> "(" + c + " ? " + a + " : " + b + ")"))),
        inner.map(n -> "math.abs(" + n + ")"),
        texts(depth - 1).flatMap(a -> texts(0).map(b -> "('x' + " + a + ").indexOf(" + b + ")")));
  }

  private static Arbitrary<String> truths(int depth) {
    Arbitrary<String> leaf = Arbitraries.of("true", "false", "dyn(1) == 1.0", "(1 / 0 == 1)");
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<String> inner = truths(depth - 1);
    return Arbitraries.oneOf(
        leaf,
        binary(inner, inner, "&&", "||", "==", "!="),
        binary(numbers(depth - 1), numbers(depth - 1), "<", "<=", ">", ">=", "==", "!="),
        binary(texts(depth - 1), texts(depth - 1), "<", "==", "!="),
        binary(numbers(depth - 1), lists(depth - 1), "in"),
        inner.map(c -> "!" + c),
        lists(depth - 1).flatMap(l -> numbers(1).map(n -> l + ".exists(x, x > " + n + ")")),
        lists(depth - 1).flatMap(l -> numbers(1).map(n -> l + ".all(x, 6 / x > " + n + ")")));
  }

  private static Arbitrary<String> texts(int depth) {
    Arbitrary<String> leaf = Arbitraries.of("''", "'a'", "'ab'", "'b,a'", "'ü😀'");
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<String> inner = texts(depth - 1);
    return Arbitraries.oneOf(
        leaf,
        binary(inner, inner, "+"),
        inner.flatMap(t -> numbers(0).map(n -> t + ".charAt(" + n + ")")),
        inner.map(t -> t + ".upperAscii()"),
        numbers(depth - 1).map(n -> "string(" + n + ")"));
  }

  private static Arbitrary<String> lists(int depth) {
    Arbitrary<String> leaf = Arbitraries.of("[]", "[1]", "[3, 1, 2]", "lists.range(3)");
    if (depth == 0) {
      return leaf;
    }
    Arbitrary<String> inner = lists(depth - 1);
    return Arbitraries.oneOf(
        leaf,
        binary(inner, inner, "+"),
        inner.flatMap(l -> numbers(1).map(n -> l + ".map(x, x + " + n + ")")),
        inner.flatMap(l -> numbers(1).map(n -> l + ".filter(x, x < " + n + ")")),
        inner.map(l -> l + ".distinct()"),
        inner.map(l -> l + ".sort()"));
  }

  private static Arbitrary<String> binary(
      Arbitrary<String> left, Arbitrary<String> right, String... operators) {
    return left.flatMap(
        a ->
            Arbitraries.of(operators)
                .flatMap(o -> right.map(b -> "(" + a + " " + o + " " + b + ")")));
  }
}
