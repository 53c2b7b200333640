package dev.workflow.cli;

import dev.workflow.engine.People;
import dev.workflow.run.StepPath;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Has changed tools looked at once more when a run is resumed: the new definition may be locked by
 * now. One that is not stops its step again, before it is called.
 */
final class LookedAgain implements People {
  private final Set<StepPath> left = ConcurrentHashMap.newKeySet();
  private final People next;

  LookedAgain(Set<StepPath> steps, People next) {
    left.addAll(steps);
    this.next = next;
  }

  @Override
  public Mono<Answer> ask(Question question) {
    return question.kind() == Kind.TOOL_CHANGED && left.remove(question.step())
        ? Mono.just(
            new Answer(JsonNodeFactory.instance.objectNode().put("decision", "retry"), "resume"))
        : next.ask(question);
  }
}
