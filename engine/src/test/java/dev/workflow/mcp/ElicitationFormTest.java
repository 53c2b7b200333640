package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ElicitationFormTest {
  @Test
  void limitsThatMeanNothingAreLeftOutSoThatAnAnswerCanFit() {
    JsonNode params =
        Entries.json(
            "{'message':'Who?','requestedSchema':{'type':'object','required':['a','a'],"
                + "'properties':{'a':{'type':'string','minLength':-1,'maxLength':2.5},"
                + "'b':{'type':'integer','minimum':-3,'maximum':2.5}}}}");

    assertThat(ElicitationForm.read(params).form())
        .isEqualTo(
            Entries.json(
                "{'type':'object','properties':{'a':{'type':'string'},"
                    + "'b':{'type':'integer','minimum':-3,'maximum':2.5}},"
                    + "'required':['a'],'additionalProperties':false}"));
  }
}
