package dev.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MissingValuesTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          gone.x                                  ~ missing gone
          gone.x and lost                         ~ missing gone, lost
          gone.x or check.unsafe                  ~ true
          check.unsafe or gone.x                  ~ true
          gone.x and not check.unsafe             ~ false
          not check.unsafe and gone.x             ~ false
          check.unsafe and gone.x                 ~ missing gone
          not gone.x                              ~ missing gone
          check.unsafe ? 1 : lost                 ~ 1
          check.unsafe ? gone.x : lost            ~ missing gone
          gone.x ? 1 : 2                          ~ missing gone
          xs.exists(x, x.unsafe or gone.x)        ~ true
          xs.exists(x, not x.unsafe and lost)     ~ missing lost
          xs.all(x, x.unsafe or gone.x)           ~ missing gone
          xs.all(x, x.unsafe and gone.x)          ~ false
          xs.map(x, x.unsafe ? lost : gone.x)     ~ missing gone, lost
          lost.filter(x, x)                       ~ missing lost
          [gone.x, 1, lost]                       ~ missing gone, lost
          {'a': gone.x, 'b': lost}                ~ missing gone, lost
          lost + 1 / 0                            ~ missing lost
          lost or 1 / 0 == 1                      ~ missing lost
          1 / 0 == 1 or check.unsafe              ~ true
          lost == gone.x                          ~ missing gone, lost
          size(days) + size(lost)                 ~ missing lost
          coalesce(gone.x, false)                 ~ false
          coalesce(lost, gone.x)                  ~ missing gone, lost
          coalesce(lost, date)                    ~ missing lost
          coalesce(lost.a.b, check.note, 'none')  ~ 'none'
          has(gone.x)                             ~ missing gone
          steps.gone.status                       ~ 'skipped'
          steps.lost.status == 'failed' or lost   ~ true
          """)
  void onlyWhatDecidesIsNeeded(String source, String result) {
    assertThat(Scene.trip().result(source)).isEqualTo(result);
  }

  @Property
  void aDecisionMadeWithoutSomeOutputsIsTheDecisionMadeWithAll(
      @ForAll("conditions") String source, @ForAll boolean a, @ForAll boolean b, @ForAll int mask) {
    String full = scene(a, b, 0).result(source);
    String partial = scene(a, b, mask).result(source);
    assertThat(partial)
        .satisfiesAnyOf(
            p -> assertThat(p).isEqualTo(full), p -> assertThat(p).startsWith("missing "));
  }

  @Property
  void whatIsMissingIsWhatDecides(
      @ForAll("conditions") String source, @ForAll boolean a, @ForAll boolean b) {
    String partial = scene(a, b, 3).result(source);
    if (partial.startsWith("missing ")) {
      assertThat(partial.substring("missing ".length()).split(", "))
          .allMatch(step -> source.contains(step));
    }
    assertThat(scene(a, b, 0).result(source)).isIn("true", "false");
  }

  private static Scene scene(boolean a, boolean b, int mask) {
    String type = "{'type':'boolean'}";
    return new Scene()
        .step("sa", type, (mask & 1) == 0 ? String.valueOf(a) : null)
        .step("sb", type, (mask & 2) == 0 ? String.valueOf(b) : null)
        .step("sc", type, "true");
  }

  @Provide
  Arbitrary<String> conditions() {
    Arbitrary<String> leaf =
        Arbitraries.of("sa", "sb", "sc", "not sc", "[sa, sb].exists(x, x)", "[sc].all(x, x or sa)");
    return Arbitraries.recursive(
        () -> leaf,
        inner ->
            Arbitraries.oneOf(
                inner.flatMap(l -> inner.map(r -> "(" + l + " and " + r + ")")),
                inner.flatMap(l -> inner.map(r -> "(" + l + " or " + r + ")")),
                inner.map(i -> "not " + i),
                inner.flatMap(c -> inner.map(r -> "(" + c + " ? " + r + " : sb)"))),
        0,
        4);
  }
}
