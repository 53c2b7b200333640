package dev.workflow.mcp;

import dev.workflow.engine.Elicitor;
import dev.workflow.engine.Elicitor.Elicitation;
import dev.workflow.engine.Elicitor.Elicited;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The calls of one session, and which of them a question of the server belongs to. The protocol
 * does not say. A question belongs to the one call that has none open; while there are several, it
 * waits until the others have ended, and where all of them may have asked, nobody can tell: the
 * questions are refused. From the first such doubt on calls are made one at a time.
 */
final class CallsUnderWay {
  private static final int MAX_QUESTIONS = 10;

  private final List<UnderWay> calls = new ArrayList<>();
  private final Deque<Held> held = new ArrayDeque<>();
  private volatile Runnable oneAtATime = () -> {};

  /** A question that nobody can tell the call of yet. */
  private record Held(Elicitation wanted, MonoSink<Elicited> sink) {}

  /** A call that waits for its answer. */
  private static final class UnderWay {
    private final Elicitor elicitor;
    private final CallTime.Clock clock;
    private int asks;
    private int asked;

    private UnderWay(Elicitor elicitor, CallTime.Clock clock) {
      this.elicitor = elicitor;
      this.clock = clock;
    }
  }

  /** Runs when the calls of the session are to be made one at a time. */
  void onDoubt(Runnable action) {
    oneAtATime = action;
  }

  /** The same work, which is under way from its beginning to its end. */
  <T> Mono<T> during(Elicitor elicitor, CallTime.Clock clock, Mono<T> work) {
    return Mono.defer(
        () -> {
          UnderWay call = new UnderWay(elicitor, clock);
          change(() -> calls.add(call));
          return work.doFinally(end -> change(() -> calls.remove(call)));
        });
  }

  /** The result of {@code elicitation/create}. */
  Mono<JsonNode> elicit(JsonNode params) {
    return Mono.fromCallable(() -> ElicitationForm.read(params))
        .flatMap(wanted -> Mono.<Elicited>create(sink -> hold(new Held(wanted, sink))))
        .map(CallsUnderWay::result);
  }

  private static JsonNode result(Elicited told) {
    ObjectNode result = JsonNodeFactory.instance.objectNode();
    result.put("action", told.reaction().name().toLowerCase(Locale.ROOT));
    return told.content() == null ? result : result.set("content", told.content());
  }

  private void hold(Held question) {
    change(() -> held.add(question));
  }

  /** Changes what is under way and acts on what that makes clear, outside the lock. */
  private void change(Runnable change) {
    List<Runnable> actions = new ArrayList<>();
    synchronized (this) {
      change.run();
      while (!held.isEmpty() && settle(actions)) {
        // the next question
      }
    }
    actions.forEach(Runnable::run);
  }

  /** Whether the first question that is held is held no more. */
  private boolean settle(List<Runnable> actions) {
    List<UnderWay> free = calls.stream().filter(call -> call.asks == 0).toList();
    UnderWay owner =
        free.size() == 1 ? free.getFirst() : calls.size() == 1 ? calls.getFirst() : null;
    if (owner != null) {
      ask(owner, held.remove(), actions);
      return true;
    }
    if (calls.isEmpty()) {
      refuse("no call is under way that it could belong to", actions);
      return true;
    }
    actions.add(oneAtATime);
    if (held.size() < free.size()) {
      return false;
    }
    while (!held.isEmpty()) {
      refuse(
          calls.size()
              + " calls are under way, and it cannot be told which of them asks; from now on they"
              + " are made one at a time",
          actions);
    }
    return true;
  }

  private void refuse(String why, List<Runnable> actions) {
    MonoSink<Elicited> sink = held.remove().sink();
    actions.add(() -> sink.error(error(McpSchema.ErrorCodes.INTERNAL_ERROR, why)));
  }

  private void ask(UnderWay call, Held question, List<Runnable> actions) {
    if (++call.asked > MAX_QUESTIONS) {
      String why = "a call may ask at most " + MAX_QUESTIONS + " times";
      actions.add(() -> question.sink().error(error(McpSchema.ErrorCodes.INVALID_REQUEST, why)));
      return;
    }
    if (call.asks++ == 0) {
      call.clock.pause();
    }
    actions.add(
        () ->
            call.elicitor
                .elicit(question.wanted())
                .doFinally(end -> change(() -> answered(call)))
                .subscribe(question.sink()::success, question.sink()::error));
  }

  private static void answered(UnderWay call) {
    if (--call.asks == 0) {
      call.clock.resume();
    }
  }

  private static McpError error(int code, String message) {
    return McpError.builder(code).message(message).build();
  }
}
