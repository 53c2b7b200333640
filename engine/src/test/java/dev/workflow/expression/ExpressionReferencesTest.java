package dev.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Share;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExpressionReferencesTest {
  private final Scene scene = Scene.trip();

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          check.unsafe or n > 1                     ~ [check]           ~ []            ~ []
          days.map(check, check)                    ~ [days]            ~ []            ~ []
          days.map(d, d + check.note)               ~ [check, days]     ~ []            ~ []
          days.map(d, d).filter(x, x in days) == [lost] ~ [days, lost]  ~ []            ~ []
          steps.gone.status == 'failed' ? lost : 1  ~ [lost]            ~ [gone]        ~ []
          has(steps.gone.error) and has(check.note) ~ [check]           ~ [gone]        ~ []
          coalesce(gone.x, lost)                    ~ [gone, lost]      ~ []            ~ []
          run.id + string(item)                     ~ []                ~ []            ~ [item, run]
          inputs.name + name                        ~ []                ~ []            ~ []
          {'check': 'check', 'a': any.check}        ~ []                ~ []            ~ []
          'check' // days                           ~ []                ~ []            ~ []
          """)
  void anExpressionKnowsWhatItReads(String source, String outputs, String endings, String locals) {
    Expression expression = scene.compile(source);
    assertThat(expression.outputs()).containsExactlyInAnyOrder(names(outputs));
    assertThat(expression.endings()).containsExactlyInAnyOrder(names(endings));
    assertThat(expression.locals()).containsExactlyInAnyOrder(names(locals));
  }

  /**
   * What a value is made of; with an equals sign where it is that and nothing else, with a question
   * mark where it is not whole.
   */
  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          check.note                                ~ =check.note
          'to ' + check.note + name                 ~ check.note, name
          check.unsafe ? check.note : name          ~ ?check.note, ?name
          n > 1 and check.note == name              ~
          size(days) + int(any.size)                ~
          any                                       ~ =any
          dyn(any).a                                ~ ?any
          dyn(any)                                  ~ =any
          any.list[0].text                          ~ =any.list.[0].text
          any.list[n].text                          ~ ?any.list.[*].text
          any.list.map(x, x.a + x.b).join(', ')     ~ any.list.[*].a, any.list.[*].b
          any.list.map(x, x.a)                      ~ any.list.[*].a
          any.list.filter(x, x.good)[0].text        ~ ?any.list
          any.list.map(x, x.good, x.text)           ~ ?any.list.[*].text
          check.note.substring(0, 3)                ~ ?check.note
          coalesce(check.note, name)                ~ check.note, name
          {'a': any.b, 'c': [name]}                 ~ any.b, name
          [any.b]                                   ~ any.b
          steps.check.error.message                 ~ =steps.check.error.message
          days.map(check, check)                    ~ days.[*]
          """)
  void anExpressionKnowsWhatItIsMadeOf(String source, String parts) {
    assertThat(
            scene.compile(source).taken().stream()
                .map(part -> mark(part.share()) + String.join(".", part.path()))
                .collect(Collectors.joining(", ")))
        .isEqualTo(parts == null ? "" : parts);
  }

  private static String mark(Share share) {
    return switch (share) {
      case ITSELF -> "=";
      case ALL -> "";
      case SOME -> "?";
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          check.unsafe and n > 1                    ~ []            ~ [check, n]
          check.unsafe or n > 1                     ~ []            ~ []
          not check.unsafe                          ~ [check]       ~ [check]
          check.unsafe ? days : lost                ~ [check]       ~ [check]
          check.unsafe ? days : days                ~ [check, days] ~ [check, days]
          coalesce(days, lost)                      ~ []            ~ []
          steps.days.status == 'succeeded'          ~ []            ~ [days]
          steps.days.status != 'failed'             ~ []            ~ []
          days.all(d, d == lost)                    ~ [days]        ~ [days]
          has(check.note) and steps.days.status == 'succeeded' ~ [] ~ [check, days]
          """)
  void anExpressionKnowsWhatItCannotDoWithout(String source, String required, String whenTrue) {
    Expression expression = scene.compile(source);
    assertThat(expression.required()).containsExactlyInAnyOrder(names(required));
    assertThat(expression.requiredWhenTrue()).containsExactlyInAnyOrder(names(whenTrue));
  }

  @Test
  void aTemplateKnowsWhichOfItsTextsIsMadeOfWhat() {
    Expression template =
        scene.template("{'a':'${check.unsafe}','b':['x${lost}${check.note}'],'c/d':'${any.x}'}");
    assertThat(
            template.taken().stream()
                .map(part -> mark(part.share()) + part.pointer() + " " + part.path()))
        .containsExactly("/b/0 [lost]", "/b/0 [check, note]", "=/c~1d [any, x]");
    assertThat(template.required()).containsExactlyInAnyOrder("any", "check", "lost");
  }

  private static String[] names(String list) {
    String inner = list.substring(1, list.length() - 1);
    return inner.isEmpty() ? new String[0] : inner.split(", ");
  }

  @Test
  void aTemplateReadsWhatItsTextsRead() {
    Expression template =
        scene.template("{'a':'${check.unsafe}','b':['x${lost}${item}','${steps.days.status}']}");
    assertThat(template.outputs()).containsExactlyInAnyOrder("check", "lost");
    assertThat(template.endings()).containsExactly("days");
    assertThat(template.locals()).containsExactly("item");
    assertThat(scene.text("{check.note} {{days}} $${lost} ${xs}").outputs())
        .containsExactlyInAnyOrder("check", "xs");
  }

  @Test
  void aLocalHidesAStepOfTheSameName() {
    scene.local("check", "{'type':'string'}", "'mine'");
    Expression expression = scene.compile("check + 'x'");
    assertThat(expression.outputs()).isEmpty();
    assertThat(expression.locals()).containsExactly("check");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '~',
      quoteCharacter = '`',
      textBlock =
          """
          n                          ~ {'type':'integer'}
          n + amount                 ~ {'type':'number'}
          n / 2                      ~ {'type':'integer'}
          amount / n                 ~ {'type':'number'}
          name == ''                 ~ {'type':'boolean'}
          any                        ~ {}
          any.m.k                    ~ {}
          any + 1                    ~ {'type':'number'}
          null                       ~ {'type':'null'}
          days                       ~ {'type':'array','items':{'type':'string'}}
          xs.map(x, x.score)         ~ {'type':'array','items':{'type':'number'}}
          xs.filter(x, x.unsafe)     ~ {'type':'array','items':{'type':'object','properties':{'score':{'type':'number'},'unsafe':{'type':'boolean'}}}}
          xs[0]                      ~ {'type':'object','properties':{'score':{'type':'number'},'unsafe':{'type':'boolean'}}}
          {'a': n}                   ~ {'type':'object','properties':{'a':{'type':'integer'}},'required':['a'],'additionalProperties':false}
          {name: n}                  ~ {'type':'object','additionalProperties':{'type':'integer'}}
          [1, 2.5]                   ~ {'type':'array','items':{'type':'number'}}
          [1, 'a']                   ~ {'type':'array'}
          [[1], []]                  ~ {'type':'array','items':{'type':'array'}}
          n > 1 ? 1 : 2.5            ~ {'type':'number'}
          n > 1 ? 1 : 'a'            ~ {}
          coalesce(date, 'x')        ~ {'type':'string'}
          coalesce(null, n)          ~ {'type':'integer'}
          timestamp(run.started)     ~ {'type':'string','format':'date-time'}
          duration('5s')             ~ {'type':'string'}
          lists.range(3)             ~ {'type':'array','items':{'type':'integer'}}
          name.split(',')            ~ {'type':'array','items':{'type':'string'}}
          sum(xs.map(x, x.score))    ~ {'type':'number'}
          math.greatest(n, 3)        ~ {'type':'integer'}
          steps.lost.attempts        ~ {'type':'integer'}
          """)
  void anExpressionKnowsItsType(String source, String schema) {
    assertThat(scene.compile(source).type()).isEqualTo(Scene.json(schema));
  }

  @Test
  void aTypeTakesItsDefinitionsAlong() {
    String tree =
        "{'type':'object','properties':{'root':{'$ref':'#/$defs/node'}},"
            + "'$defs':{'node':{'type':'object','properties':{'next':{'$ref':'#/$defs/node'},"
            + "'name':{'type':'string'}}}}}";
    scene.step("tree", tree, "{'root':{'next':{'name':'b'},'name':'a'}}");
    assertThat(scene.compile("tree.root.next").type().path("$defs"))
        .isEqualTo(Scene.json(tree).path("$defs"));
    assertThat(scene.compile("[tree.root]").type().path("$defs"))
        .isEqualTo(Scene.json(tree).path("$defs"));
    Scene second = new Scene();
    second.local("x", scene.compile("[tree.root]").type().toString(), null);
    assertThat(Scene.mistake(() -> second.compile("x[0].next.next.nam")))
        .isEqualTo("15: There is no `nam` in the object. Did you mean `name`?");
    assertThat(scene.result("tree.root.next.name")).isEqualTo("'b'");
  }
}
