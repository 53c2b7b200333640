package dev.workflow.cassette;

import dev.workflow.cassette.Cassette.Asked;
import dev.workflow.engine.People;
import java.util.ArrayList;
import java.util.List;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** People who answer what they answered. To another question nobody is there. */
final class ReplayedPeople implements People {
  private static final String BY = "cassette";
  private final Replay replay;

  ReplayedPeople(Replay replay) {
    this.replay = replay;
  }

  @Override
  public Mono<Answer> ask(Question question) {
    String step = question.step().toString();
    String complaint = question.complaint();
    if (complaint != null) {
      replay.mismatch(
          step, "The recorded answer to " + step + " cannot be taken", List.of(complaint));
      return Mono.empty();
    }
    Asked recorded = replay.nextQuestion(step, Recording.kind(question), question.text());
    if (recorded == null) {
      replay.mismatch(
          step, "The question of " + step + " was not recorded", List.of(question.text()));
      return Mono.empty();
    }
    List<String> differences =
        new ArrayList<>(Differences.between(recorded(recorded), asked(question)));
    if (!differences.isEmpty()) {
      replay.mismatch(step, "The question of " + step + " is not as it was recorded", differences);
      return Mono.empty();
    }
    JsonNode answer = recorded.answer();
    if (answer == null) {
      return recorded.expired() ? Mono.never() : Mono.empty();
    }
    return Mono.create(
        sink -> {
          Runnable off = replay.at(recorded.after(), () -> sink.success(new Answer(answer, BY)));
          sink.onDispose(off::run);
        });
  }

  private static ObjectNode recorded(Asked asked) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("text", asked.text());
    if (asked.form() != null) {
      node.set("form", asked.form());
    }
    return node;
  }

  /** What the tool of a lost call gives is no form of the author. */
  private static ObjectNode asked(Question question) {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("text", question.text());
    if (question.form() != null && question.kind() == Kind.FORM) {
      node.set("form", question.form());
    }
    return node;
  }
}
