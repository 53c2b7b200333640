package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.People.Kind;
import dev.workflow.engine.People.Question;
import dev.workflow.run.StepPath;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

class StandingAnswersTest {
  private static final JsonNode RETRY =
      JsonNodeFactory.instance.objectNode().put("decision", "retry");

  private static Question about(Kind kind) {
    return new Question(StepPath.of("pay"), kind, "It failed", null, null, null);
  }

  @Test
  void aDecisionAboutAFailureIsNoneAboutTheNextOfTheSameStep() {
    People people = new StandingAnswers(Map.of("pay", RETRY), false, People.NOBODY);
    assertThat(people.ask(about(Kind.FAILURE)).blockOptional()).isPresent();
    assertThat(people.ask(about(Kind.FAILURE)).blockOptional()).isEmpty();
  }

  @Test
  void yesApprovesButDecidesAboutNoFailureAndNoCallInDoubt() {
    People people = new StandingAnswers(Map.of(), true, People.NOBODY);
    assertThat(people.ask(about(Kind.APPROVAL)).blockOptional()).isPresent();
    assertThat(people.ask(about(Kind.FAILURE)).blockOptional()).isEmpty();
    assertThat(people.ask(about(Kind.IN_DOUBT)).blockOptional()).isEmpty();
  }
}
