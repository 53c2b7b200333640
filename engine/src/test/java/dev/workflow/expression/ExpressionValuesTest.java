package dev.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Wanted;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionValuesTest {
  private final Scene scene = Scene.trip();

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          check.unsafe                                   ~ true
          check.unsafe and not (n == 8)                  ~ true
          amount == 3 || false                           ~ true
          amount == 3.0                                  ~ true
          amount + 2                                     ~ 5
          amount * 1.5                                   ~ 4.5
          amount / 2                                     ~ 1.5
          n / 2                                          ~ 3
          n % 4 - -1                                     ~ 4
          -n                                             ~ -7
          amount in [5, 3]                               ~ true
          n > 0 ? amount : 0                             ~ 3
          n < 0 ? amount : null                          ~ null
          name + '!'                                     ~ 'Ada!'
          any                                            ~ {'z':1,'a':null,'big':123456789012345678901234567890,'m':{'k':[1,2]}}
          any.big                                        ~ 123456789012345678901234567890
          any.big > 5                                    ~ true
          any.m.k[1]                                     ~ 2
          any['z'] + 1                                   ~ 2
          any.a == null                                  ~ true
          check.`a-b`                                    ~ 9
          check['a-b'] > 8.5                             ~ true
          check.note                                     ~ null
          has(check.note) or has(check.score)            ~ true
          has(any.a) and not has(any.q)                  ~ true
          date == null                                   ~ true
          inputs.date == null and not has(inputs.date)   ~ true
          inputs.n                                       ~ 7
          coalesce(date, '2026-01-01')                   ~ '2026-01-01'
          coalesce(check.note, name)                     ~ 'Ada'
          coalesce(any.q, any.a, 4)                      ~ 4
          coalesce(days[9], 'none')                      ~ 'none'
          coalesce(null, any.q)                          ~ null
          xs.map(x, x.score)                             ~ [1,2.5]
          xs.map(x, x.unsafe, x.score * 2)               ~ [5.0]
          xs.filter(x, x.unsafe).size()                  ~ 1
          xs.exists(x, x.unsafe)                         ~ true
          xs.all(x, x.score >= 1)                        ~ true
          xs.exists_one(x, x.unsafe)                     ~ true
          xs.sortBy(x, -x.score).map(x, x.score)         ~ [2.5,1]
          any.map(k, k)                                  ~ ['z','a','big','m']
          'z' in any and not ('q' in any)                ~ true
          sum(xs.map(x, x.score))                        ~ 3.5
          sum([1, 2, 3]) + [4].sum()                     ~ 10
          sum([])                                        ~ 0
          [3, 1, 2].sort().reverse()                     ~ [3,2,1]
          [[1], [2, [3]]].flatten()                      ~ [1,2,[3]]
          [[1], [2, [3]]].flatten(2)                     ~ [1,2,3]
          [1, 2.0, 2, '2', 1.0].distinct()               ~ [1,2.0,'2']
          [1, 2, 3, 4].slice(1, 3)                       ~ [2,3]
          lists.range(3)                                 ~ [0,1,2]
          [1] + [2] == [1, 2]                            ~ true
          {'a': 1, 'b': [n]}                             ~ {'a':1,'b':[7]}
          {'b': 1, 'a': 2} == {'a': 2.0, 'b': 1}         ~ true
          size('añ😀') + size([1]) + size({'a': 1})       ~ 5
          'añ😀x'.charAt(2)                               ~ '😀'
          'añ😀x'.indexOf('x')                            ~ 3
          'banana'.lastIndexOf('an')                     ~ 3
          'banana'.indexOf('an', 2)                      ~ 3
          'a😀cd'.substring(1, 3)                         ~ '😀c'
          'banana'.substring(3)                          ~ 'ana'
          'banana'.replace('an', 'o', 1)                 ~ 'boana'
          'ab'.replace('', '-')                          ~ '-a-b-'
          'a,b,c'.split(',')                             ~ ['a','b','c']
          'a,b,c'.split(',', 2)                          ~ ['a','b,c']
          'a😀'.split('')                                 ~ ['a','😀']
          ['a', 'b'].join('-')                           ~ 'a-b'
          ['', ''].join('-')                             ~ '-'
          '  a '.trim() + 'Bc'.lowerAscii() + 'ß'.upperAscii() ~ 'abcß'
          'abc'.reverse()                                ~ 'cba'
          strings.quote('a\\nb')                         ~ '\\'a\\\\nb\\''
          'file-12.txt'.matches('^[a-z]+-[0-9]+')        ~ true
          'abc'.startsWith('a') and 'abc'.endsWith('c')  ~ true
          math.greatest(n, amount, 2.5)                  ~ 7
          math.least([3, 1.5])                           ~ 1.5
          math.ceil(1.2) + math.floor(-1.2)              ~ 0
          math.round(2.5) + math.round(-2.5)             ~ 0
          math.trunc(-1.9)                               ~ -1
          math.abs(-3) + math.sign(-2.5)                 ~ 2
          math.sqrt(9)                                   ~ 3.0
          math.bitOr(5, 2) + math.bitShiftLeft(1, 4)     ~ 23
          math.isFinite(amount)                          ~ true
          int('12') + int(2.9)                           ~ 14
          double('1.5') * 2                              ~ 3.0
          string(n) + string(2.0) + string(true)         ~ '72true'
          bool('true')                                   ~ true
          dyn(n) + 1                                     ~ 8
          timestamp(run.started) + duration('2h30m')     ~ '2026-01-31T12:30:00Z'
          timestamp('2026-02-01') - timestamp(run.started) ~ '50400s'
          duration('1.5s') < duration('2d')              ~ true
          duration('1500ms')                             ~ '1500ms'
          timestamp(run.started).getHours('Europe/Berlin') ~ 11
          timestamp(run.started).getDayOfWeek()          ~ 6
          timestamp(run.started).getMonth()              ~ 0
          [timestamp('2026-01-01'), timestamp('2025-01-01')].sort() ~ ['2025-01-01T00:00:00Z','2026-01-01T00:00:00Z']
          steps.gone.status == 'skipped'                 ~ true
          steps.lost.error.kind                          ~ 'timeout'
          steps.gone.error == null                       ~ true
          has(steps.gone.error) or has(steps.lost.error) ~ true
          steps.lost.attempts + 1                        ~ 4
          item * 2                                       ~ 8
          run.id                                         ~ 'r1'
          "and or not" + ' // no'                        ~ 'and or not // no'
          n // the rest is a comment: or                 ~ 7
          """)
  void anExpressionHasThisValue(String source, String value) {
    assertThat(scene.result(source)).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          1 / 0                      ~ Division by zero in `1 / 0`.
          n % 0                      ~ Division by zero in `n % 0`.
          1.5 / 0                    ~ Division by zero in `1.5 / 0`.
          9223372036854775807 + 1    ~ 9223372036854775807 + 1 does not fit into 64 bits in `9223372036854775807 + 1`.
          any.big + 1                ~ 123456789012345678901234567890 does not fit into 64 bits in `any.big + 1`.
          1.5e308 * 10               ~ The result is not a finite number in `1.5e308 * 10`.
          any.q                      ~ There is no `q` in the object in `any.q`.
          any.a.b                    ~ There is no `b` in null in `any.a.b`.
          any['q']                   ~ There is no "q" in the object in `any['q']`.
          days[2]                    ~ There is no element 2 in a list of 2 in `days[2]`.
          any + 1                    ~ Cannot add an object and 1 in `any + 1`.
          any.z and true             ~ Expected true or false, found 1 in `any.z and true`.
          any.z < 'a'                ~ Cannot compare 1 with "a" in `any.z < 'a'`.
          any.z.map(x, x)            ~ Expected a list or an object to go over, found 1 in `any.z.map(x, x)`.
          int('x')                   ~ Expected an integer, found "x" in `int('x')`.
          timestamp('soon')          ~ Expected a time such as 2026-01-31T12:00:00Z, found "soon" in `timestamp('soon')`.
          duration('soon')           ~ Expected a duration such as 20s or 1h30m, found "soon" in `duration('soon')`.
          name.charAt(4)             ~ Expected a position from 0 to 3, found 4 in `name.charAt(4)`.
          [1, 2].slice(1, 3)         ~ Expected a part of the positions 0 to 2, found 1 to 3 in `[1, 2].slice(1, 3)`.
          {name: 1, 'Ada': 2}        ~ The key "Ada" stands twice in an object in `{name: 1, 'Ada': 2}`.
          math.greatest([])          ~ Expected at least one number, found none in `math.greatest([])`.
          coalesce(1 / 0, 2)         ~ Division by zero in `coalesce(1 / 0, 2)`.
          """)
  void anEvaluationThatFailsSaysWhy(String source, String message) {
    assertThat(scene.evaluate(source)).isEqualTo(new Outcome.Failed(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          BOOLEAN    ~ any.z         ~ Expected true or false, found 1 in `any.z`.
          BOOLEAN    ~ any.a         ~ Expected true or false, found null in `any.a`.
          COLLECTION ~ any.z         ~ Expected a list or an object, found 1 in `any.z`.
          KEY        ~ any.m         ~ Expected a string or a number, found an object in `any.m`.
          TIME       ~ any.m         ~ Expected a time or a duration, found an object in `any.m`.
          """)
  void aValueOfAnotherTypeThanThePlaceAsksForFails(Wanted wanted, String source, String message) {
    assertThat(scene.compile(source, wanted).evaluate(scene.values()))
        .isEqualTo(new Outcome.Failed(message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          lists.range(3000).all(i, lists.range(3000).all(k, k >= 0)) ~ steps to evaluate
          lists.range(100000000)                                     ~ characters and elements
          lists.range(900000).map(i, xs.map(x, x.score))             ~ steps to evaluate
          lists.range(9000).map(i, lists.range(2900) + [i]).size()   ~ characters and elements
          """)
  void anExpressionThatIsTooMuchIsStopped(String source, String reason) {
    long started = System.nanoTime();
    assertThat(scene.result(source)).startsWith("failed: It ").contains(reason);
    assertThat(System.nanoTime() - started).isLessThan(10_000_000_000L);
  }

  @Test
  void keysKeepTheirOrderAndNumbersTheirKind() {
    String object = "{'b':1,'a':1.0,'z':10000000000,'c':{'y':0.1,'x':-0}}";
    scene.input("data", "{}", object);
    assertThat(scene.result("{'copy': data}.copy")).isEqualTo(object.replace("-0", "0"));
    assertThat(scene.result("[data][0].z")).isEqualTo("10000000000");
  }

  @Test
  void theInnermostNameWins() {
    scene.input("both", "{'type':'string'}", "'input'");
    scene.step("both", "{'type':'string'}", "'step'");
    assertThat(scene.result("both + inputs.both")).isEqualTo("'stepinput'");
    assertThat(scene.result("['loop'].map(both, both)[0]")).isEqualTo("'loop'");
    scene.local("both", "{'type':'string'}", "'local'");
    assertThat(scene.result("both + inputs.both")).isEqualTo("'localinput'");
    scene.local("inputs", "{'type':'string'}", "'mine'");
    assertThat(scene.result("inputs")).isEqualTo("'mine'");
  }
}
