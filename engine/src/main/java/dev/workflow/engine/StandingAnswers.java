package dev.workflow.engine;

import java.util.Map;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Answers that were given before anybody asked: {@code --answer STEP=JSON} and {@code --yes}. An
 * answer that does not fit is not given twice; then, and for everything else, the next one is
 * asked.
 *
 * @param answers by the text of the step's path
 * @param approve whether questions without a form are approved; never a call in doubt
 */
public record StandingAnswers(Map<String, JsonNode> answers, boolean approve, People next)
    implements People {

  public StandingAnswers {
    answers = Map.copyOf(answers);
  }

  @Override
  public Mono<Answer> ask(Question question) {
    JsonNode given = answers.get(question.step().toString());
    if (given != null && question.complaint() == null) {
      return Mono.just(new Answer(given, "--answer"));
    }
    if (given == null && approve && question.kind() == Kind.APPROVAL) {
      JsonNode approval = JsonNodeFactory.instance.objectNode().put("decision", "approve");
      return Mono.just(new Answer(approval, "--yes"));
    }
    return next.ask(question);
  }
}
