package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.workflow.engine.Validator.Violation;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What every validator must do. */
public abstract class ValidatorContract {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Validator validator;

  protected ValidatorContract(Validator validator) {
    this.validator = validator;
  }

  /** JSON with single quotes, as the tests write it. */
  protected static JsonNode json(String text) {
    return JSON.readTree(text.replace('\'', '"'));
  }

  protected final List<Violation> violations(String schema, String value) {
    return validator.validate(json(schema), json(value));
  }

  protected final List<Violation> problems(String schema) {
    return validator.checkSchema(json(schema));
  }

  @Test
  void aValueThatFitsHasNoViolations() {
    assertThat(violations("{'type':'object','required':['a']}", "{'a':1}")).isEmpty();
    assertThat(violations("{}", "[null]")).isEmpty();
    assertThat(violations("true", "3")).isEmpty();
  }

  @Test
  void aViolationNamesPlaceKeywordAndProperty() {
    assertThat(violations("{'properties':{'a/b':{'items':{'type':'string'}}}}", "{'a/b':['x',2]}"))
        .extracting(Violation::pointer, Violation::keyword, Violation::property)
        .containsExactly(tuple("/a~1b/1", "type", ""));
    assertThat(violations("{'required':['why']}", "{}"))
        .extracting(Violation::pointer, Violation::keyword, Violation::property)
        .containsExactly(tuple("", "required", "why"));
    assertThat(violations("{'items':{'additionalProperties':false}}", "[{'x':1}]"))
        .extracting(Violation::pointer, Violation::keyword, Violation::property)
        .containsExactly(tuple("/0", "additionalProperties", "x"));
  }

  @Test
  void theDialectIsTheSchemasOwn() {
    String draft7 = "'$schema':'http://json-schema.org/draft-07/schema#',";
    String tuple = "'items':[{'type':'string'}],'additionalItems':false}";
    assertThat(violations("{" + draft7 + tuple, "['a','b']")).hasSize(1);
    assertThat(problems("{" + tuple)).isNotEmpty();
    String draft2019 = "'$schema':'https://json-schema.org/draft/2019-09/schema',";
    assertThat(violations("{" + draft2019 + tuple, "['a','b']")).hasSize(1);
    String draft2020 = "'$schema':'https://json-schema.org/draft/2020-12/schema',";
    assertThat(violations("{" + draft2020 + "'prefixItems':[{'type':'string'}]}", "[1]"))
        .hasSize(1);
    assertThat(violations("{'prefixItems':[{'type':'string'}]}", "[1]")).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'nope'}",
        "{'type':3}",
        "{'minLength':-1}",
        "{'properties':{'a':{'required':'a'}}}",
        "{'pattern':'('}",
        "{'patternProperties':{'(':true}}",
        "{'$ref':'#/$defs/none'}",
        "{'properties':{'a':{'$ref':'#/$defs/none'}}}",
        "{'$ref':'http://localhost:1/x.json'}",
        "{'$ref':'classpath:secret.json'}",
        "{'$schema':'http://example.org/mine'}",
        "{'$schema':7}",
        "{'$ref':'#'}",
        "'text'",
        "[]",
        "null"
      })
  void aSchemaThatIsWrongIsRefusedAndNothingFitsIt(String schema) {
    assertThat(problems(schema)).isNotEmpty();
    assertThat(violations(schema, "1")).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'object','properties':{'child':{'$ref':'#'}}}",
        "{'$id':'http://example.org/a','$defs':{'b':{'$id':'b','type':'string'}},'$ref':'b'}",
        "{'properties':{'a':{'$anchor':'x'},'b':{'$ref':'#x'}}}",
        "{'$ref':'https://json-schema.org/draft/2020-12/schema'}",
        "{'description':'words','x-unknown':1}"
      })
  void aSoundSchemaHasNoProblems(String schema) {
    assertThat(problems(schema)).isEmpty();
  }

  @Test
  void twoSchemasMayCarryTheSameId() {
    assertThat(violations("{'$id':'http://example.org/a','type':'string'}", "1")).hasSize(1);
    assertThat(violations("{'$id':'http://example.org/a','type':'number'}", "1")).isEmpty();
  }

  @Test
  void aFormatIsAsserted() {
    assertThat(violations("{'format':'date'}", "'2026-02-30'")).hasSize(1);
    assertThat(violations("{'format':'date'}", "'2026-02-28'")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "^(a+)+$",
        "(x+x+)+y",
        "^(.*?,){12}P",
        ".*.*.*.*.*.*.*.*x$",
        "(?=.*z)(a|aa)+$",
        "^(a+)+\\\\1b$",
        "((a{100}){100}){100}b"
      })
  void noPatternHangs(String pattern) {
    String value = "'" + "aaaa,".repeat(2_000) + "'";
    long started = System.nanoTime();
    violations("{'pattern':'" + pattern + "'}", value);
    assertThat(System.nanoTime() - started).isLessThan(5_000_000_000L);
  }

  @Test
  void noDepthOfValueOrSchemaOverflowsTheStack() {
    String value = "[".repeat(400) + "]".repeat(400);
    assertThat(violations("{'items':{'$ref':'#'}}", value)).isEmpty();
    JsonNode deep = json("1");
    JsonNode schema = json("true");
    for (int i = 0; i < 20_000; i++) {
      deep = JSON.createArrayNode().add(deep);
      schema = JSON.createObjectNode().set("items", schema);
    }
    assertThat(validator.validate(json("{'items':{'$ref':'#'}}"), deep)).hasSize(1);
    assertThat(validator.validate(schema, json("[]"))).hasSize(1);
    assertThat(validator.checkSchema(schema)).hasSize(1);
    assertThat(
            violations(
                "{'$ref':'#/$defs/a','$defs':{'a':{'$ref':'#/$defs/b'},'b':{'$ref':'#/$defs/a'}}}",
                "1"))
        .hasSize(1);
  }

  @Test
  void violationsAreBounded() {
    String many = IntStream.range(0, 5_000).mapToObj(i -> "0").reduce((a, b) -> a + "," + b).get();
    assertThat(violations("{'items':{'type':'string'}}", "[" + many + "]"))
        .hasSizeBetween(1, 50)
        .doesNotHaveDuplicates();
  }

  @Test
  void severalThreadsMayValidateAtOnce() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Callable<Integer>> tasks =
          IntStream.range(0, 400).<Callable<Integer>>mapToObj(i -> () -> mismatches(i)).toList();
      for (Future<Integer> future : threads.invokeAll(tasks)) {
        assertThat(future.get()).isEqualTo(1);
      }
    }
  }

  private int mismatches(int i) {
    String schema =
        "{'properties':{'p%d':{'$ref':'#/$defs/t'}},'$defs':{'t':{'type':'string'}}}"
            .formatted(i % 7);
    return violations(schema, "{'p%d':1}".formatted(i % 7)).size();
  }
}
