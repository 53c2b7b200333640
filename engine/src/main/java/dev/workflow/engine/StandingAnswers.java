package dev.workflow.engine;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Answers that were given before anybody asked: {@code --answer STEP=JSON} and {@code --yes}. An
 * answer that does not fit is not given twice, and what is said about one failure, or to one
 * question of a server, is nothing said about the next of the same step; then, and for everything
 * else, the next one is asked.
 */
public final class StandingAnswers implements People {
  private final Map<String, JsonNode> answers;
  private final boolean approve;
  private final People next;
  private final Set<String> decided = ConcurrentHashMap.newKeySet();

  /**
   * Standing answers.
   *
   * @param answers by the text of the step's path
   * @param approve whether questions without a form are approved; never a call in doubt, a failure,
   *     nor what another plan would do that cannot be undone
   */
  public StandingAnswers(Map<String, JsonNode> answers, boolean approve, People next) {
    this.answers = Map.copyOf(answers);
    this.approve = approve;
    this.next = next;
  }

  @Override
  public Mono<Answer> ask(Question question) {
    JsonNode given = answers.get(question.step().toString());
    if (given != null && question.complaint() == null && mayDecide(question)) {
      return Mono.just(new Answer(given, "--answer"));
    }
    if (given == null
        && approve
        && question.kind() == Kind.APPROVAL
        && !OtherWay.isPartOf(question.step())) {
      JsonNode approval = JsonNodeFactory.instance.objectNode().put("decision", "approve");
      return Mono.just(new Answer(approval, "--yes"));
    }
    return next.ask(question);
  }

  private boolean mayDecide(Question question) {
    return switch (question.kind()) {
      case APPROVAL, FORM, IN_DOUBT -> true;
      case FAILURE, TOOL_CHANGED, ELICITATION -> decided.add(question.step().toString());
    };
  }
}
