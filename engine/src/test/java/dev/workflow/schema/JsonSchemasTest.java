package dev.workflow.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Validator.Violation;
import dev.workflow.engine.ValidatorContract;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonSchemasTest extends ValidatorContract {

  JsonSchemasTest() {
    super(new JsonSchemas());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'type':'number'}                         | 'x'      | expected number, found "x"
          {'type':['number','null']}                | true     | expected number or null, found true
          {'type':'integer'}                        | 1.5      | expected integer, found 1.5
          {'type':'string'}                         | {'a':1}  | expected string, found an object
          {'type':'string'}                         | []       | expected string, found []
          {'type':'string'}                         | null     | expected string, found null
          {'required':['why']}                      | {}       | property "why" is missing
          {'additionalProperties':false}            | {'a':1}  | unknown property "a"
          {'unevaluatedProperties':false}           | {'a':1}  | unknown property "a"
          {'enum':['a',1,null]}                     | 'x'      | expected one of "a", 1, null, found "x"
          {'enum':['a']}                            | 'x'      | expected "a", found "x"
          {'const':'a'}                             | 'b'      | expected "a", found "b"
          {'minimum':3}                             | 2        | expected at least 3, found 2
          {'maximum':3}                             | 4        | expected at most 3, found 4
          {'exclusiveMinimum':3}                    | 3        | expected more than 3, found 3
          {'exclusiveMaximum':3}                    | 3        | expected less than 3, found 3
          {'multipleOf':3}                          | 4        | expected a multiple of 3, found 4
          {'minLength':1}                           | ''       | expected at least 1 character, found ""
          {'maxLength':2}                           | 'abc'    | expected at most 2 characters, found "abc"
          {'pattern':'^a$'}                         | 'b'      | expected text that matches ^a$, found "b"
          {'format':'date'}                         | 'b'      | expected a date such as 2026-01-31, found "b"
          {'format':'uuid'}                         | 'b'      | expected a UUID, found "b"
          {'minItems':2}                            | [1]      | expected at least 2 elements, found 1
          {'maxItems':0}                            | [1]      | expected at most 0 elements, found 1
          {'minProperties':1}                       | {}       | expected at least 1 property, found 0
          {'maxProperties':0}                       | {'a':1}  | expected at most 0 properties, found 1
          {'uniqueItems':true}                      | [1,1]    | expected elements that all differ, found two that are equal
          {'items':false}                           | [7]      | /0: expected no element here, found 7
          {'prefixItems':[true],'unevaluatedItems':false} | [1,2] | /1: expected no element here, found 2
          {'properties':{'a':false}}                | {'a':1}  | /a: expected no value here, found 1
          {'not':{'type':'string'}}                 | 'x'      | expected anything but what "not" rules out, found "x"
          {'contains':{'const':1}}                  | [2]      | expected at least 1 element that "contains" describes, found fewer or more
          {'dependentRequired':{'a':['b']}}         | {'a':1}  | property "b" is missing, which "a" asks for
          {'propertyNames':{'pattern':'^x'}}        | {'a':1}  | property name "a" is not allowed
          {'if':{'type':'string'},'then':{'minLength':4}} | 'a' | expected at least 4 characters, found "a"
          {'anyOf':[{'type':'string'},{'type':'null'}]}   | 3   | expected string or null, found 3
          {'oneOf':[{'type':'string'},{'enum':[1,2]}]}    | 3   | expected string or one of 1, 2, found 3
          {'oneOf':[{'type':'number'},{'minimum':1}]}     | 3   | expected to fit exactly one of 2 alternatives, fits 2
          {'anyOf':[{'type':'string'},{'type':'object','required':['q']}]} | {} | property "q" is missing
          {'anyOf':[{'required':['p']},{'required':['q']}]} | {} | fits none of 2 alternatives: property "p" is missing; or property "q" is missing
          """)
  void aViolationSaysWhatWasExpectedAndFound(String schema, String value, String text) {
    assertThat(violations(schema, value)).extracting(Violation::text).containsExactly(text);
  }

  @Test
  void theAlternativeThatATagPicksIsTheOneReported() {
    String schema =
        """
        {'items':{'oneOf':[
          {'type':'object','properties':{'kind':{'const':'a'},'size':{'type':'number'}}},
          {'type':'object','properties':{'kind':{'const':'b'},'name':{'type':'string'}}},
          {'type':'string'}]}}
        """;
    assertThat(violations(schema, "['x',{'kind':'b','name':3},{'kind':'a','size':'s'},4]"))
        .extracting(Violation::text)
        .containsExactly(
            "/1/name: expected string, found 3",
            "/2/size: expected number, found \"s\"",
            "/3: expected object or string, found 4");
  }

  @Test
  void aPropertyMayBeCalledLikeAKeyword() {
    String schema = "{'properties':{'anyOf':{'properties':{'items':{'type':'string'}}}}}";
    assertThat(violations(schema, "{'anyOf':{'items':1}}"))
        .extracting(Violation::text)
        .containsExactly("/anyOf/items: expected string, found 1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {'type':'nope'}   | /type: expected one of "array", "boolean", "integer", "null", "number", "object", "string" or array, found "nope"
          {'properties':{'a':{'minLength':-1}}} | /properties/a/minLength: expected at least 0, found -1
          {'pattern':'('}   | /pattern: expected a regular expression, found "("
          {'properties':{'a':{'$ref':'#/$defs/b'}}} | /properties/a/$ref: expected a part of this schema, found "#/$defs/b"
          {'$ref':'https://example.org/x.json'} | /$ref: expected a part of this schema, found "https://example.org/x.json", and nothing is fetched; copy it under $defs
          {'$ref':'#'}      | the schema refers to itself without end
          'text'            | expected object or boolean, found "text"
          {'$schema':'http://example.org/mine'} | /$schema: expected one of https://json-schema.org/draft/2020-12/schema, https://json-schema.org/draft/2019-09/schema, https://json-schema.org/draft-07/schema, https://json-schema.org/draft-06/schema, https://json-schema.org/draft-04/schema, found "http://example.org/mine"
          """)
  void aSchemaThatIsWrongSaysWhere(String schema, String text) {
    assertThat(problems(schema)).extracting(Violation::text).containsExactly(text);
  }

  @Test
  void aValueUnderAWrongSchemaSaysThatTheSchemaIsWrong() {
    assertThat(violations("{'properties':{'a':{'minLength':-1}}}", "{}"))
        .extracting(Violation::text)
        .containsExactly(
            "the schema itself is wrong: /properties/a/minLength: expected at least 0, found -1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ^\\\\u0061$        | 'a'    | true
          ^a$                | 'a\\n' | false
          ^(?=a)a$           | 'a\\n' | false
          ^(?=a).b$          | 'ab'   | true
          ^\\\\d+$           | '٣'    | false
          ^\\\\p{L}+$        | 'é'    | true
          ^[[a]$             | '['    | true
          ^a\\\\/b$          | 'a/b'  | true
          ^[ab](?!c).$       | 'bd'   | true
          """)
  void patternsMeanWhatEcmaSays(String pattern, String value, boolean fits) {
    assertThat(violations("{'pattern':'" + pattern + "'}", value).isEmpty()).isEqualTo(fits);
  }

  @Test
  void aPatternThatTakesTooLongSaysSo() {
    assertThat(violations("{'pattern':'^(a+)+\\\\1b$'}", "'" + "a".repeat(5_000) + "'"))
        .extracting(Violation::text)
        .containsExactly("cannot be checked: the pattern ^(a+)+\\1b$ takes too long on this text");
  }
}
