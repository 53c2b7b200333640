package dev.workflow.check.flow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class SmallTypesTest {
  private static boolean isSmall(String type, String... path) {
    JsonNode schema = JsonMapper.shared().readTree(type.replace('\'', '"'));
    return SmallTypes.isSmall(schema, List.of(path));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'type':'integer'}",
        "{'type':['number','null']}",
        "{'enum':['a','b']}",
        "{'type':'string','format':'date'}",
        "{'type':'array','items':{'type':'boolean'},'maxItems':100}",
        "{'type':['array','null'],'items':{'type':'boolean'},'maxItems':2}",
        "{'type':'object','properties':{'a':{'$ref':'#/$defs/n'}},'additionalProperties':false,'$defs':{'n':{'type':'integer'}}}",
        "{'type':'integer','if':{'minimum':1},'then':{'maximum':5},'allOf':[{}]}",
        "{'anyOf':[{'type':'integer'},{'const':'none'}]}"
      })
  void numbersBooleansEnumsDatesAndFewOfThemAreSmall(String type) {
    assertThat(isSmall(type)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "true",
        "{'type':'string'}",
        "{'type':'string','format':'uri'}",
        "{'type':'array','items':{'type':'boolean'},'maxItems':101}",
        "{'type':'array','items':{'type':'boolean'}}",
        "{'type':'array','prefixItems':[{'type':'string'}],'items':{'type':'integer'},'maxItems':3}",
        "{'type':'object','properties':{'a':{'type':'integer'}}}",
        "{'type':'object','properties':{},'patternProperties':{'^x':{'type':'string'}},'additionalProperties':false}",
        "{'type':'object','properties':{},'patternProperties':{'^x':{'type':'integer'}},'additionalProperties':false}",
        "{'type':'object','additionalProperties':{'type':'integer'}}",
        "{'type':'object','properties':{},'unevaluatedProperties':{'type':'string'}}",
        "{'anyOf':[{'type':'integer'},{'type':'string'}]}",
        "{'$ref':'other.json'}"
      })
  void whateverElseMayHoldAText(String type) {
    assertThat(isSmall(type)).isFalse();
  }

  @Test
  void aPathIsFollowedOnlyWhereOneTypeStandsForIt() {
    String map = "{'type':'object',%s'additionalProperties':{'type':'integer'}}";
    String list = "{'type':'array',%s'items':{'type':'integer'}}";
    String named = "'properties':{'a':{'type':'string'}},";

    assertThat(isSmall(map.formatted(""), "x1")).isTrue();
    assertThat(isSmall(map.formatted("'patternProperties':{'^x':{'type':'string'}},"), "x1"))
        .isFalse();
    assertThat(isSmall(map.formatted(""), "[*]")).isTrue();
    assertThat(isSmall(map.formatted(named), "[*]")).isFalse();
    assertThat(isSmall(list.formatted(""), "[0]")).isTrue();
    assertThat(isSmall(list.formatted("'prefixItems':[{'type':'string'}],"), "[0]")).isFalse();
  }

  @Test
  void whatIsNestedTooDeepIsNotLookedInto() {
    assertThat(isSmall(nested(20))).isTrue();
    assertThat(isSmall(nested(21))).isFalse();
  }

  private static String nested(int depth) {
    String type = "{'type':'integer'}";
    for (int i = 0; i < depth; i++) {
      type = "{'type':'object','properties':{'a':" + type + "},'additionalProperties':false}";
    }
    return type;
  }
}
