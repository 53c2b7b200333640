package dev.workflow.mcp;

import dev.workflow.engine.Elicitor.Elicitation;
import dev.workflow.engine.Elicitor.Elicited;
import dev.workflow.engine.Sampler.RefusedException;
import dev.workflow.engine.Sampler.Sampling;
import dev.workflow.run.Event.Reaction;
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
 * questions are refused. What a model is to be asked costs, so that it belongs to a call only where
 * no other one is under way. From the first such doubt on calls are made one at a time.
 */
final class CallsUnderWay {
  private static final int MAX_QUESTIONS = 10;

  /** The code that MCP has for a request for a model that is not granted. */
  private static final int REFUSED = -1;

  private final List<UnderWay> calls = new ArrayList<>();
  private final Deque<Held> held = new ArrayDeque<>();
  private volatile Runnable oneAtATime = () -> {};

  /** A question that nobody can tell the call of yet. */
  private sealed interface Held {
    MonoSink<JsonNode> sink();

    /** Whether the call has asked too often; counts the question. */
    boolean isTooMuch(UnderWay call);

    /** That it has asked too often. */
    String tooMuch(UnderWay call);

    Mono<JsonNode> put(Attendants attendants);

    /** The call has ended before the answer: nobody gives one any more. */
    void over();

    /** For a person. */
    record Question(Elicitation wanted, MonoSink<JsonNode> sink) implements Held {
      @Override
      public boolean isTooMuch(UnderWay call) {
        return ++call.asked > MAX_QUESTIONS;
      }

      @Override
      public String tooMuch(UnderWay call) {
        return "a call may ask at most " + MAX_QUESTIONS + " times";
      }

      @Override
      public Mono<JsonNode> put(Attendants attendants) {
        return attendants.elicitor().elicit(wanted).map(CallsUnderWay::result);
      }

      @Override
      public void over() {
        sink.success(result(new Elicited(Reaction.CANCEL, null)));
      }
    }

    /** For a model. */
    record Request(JsonNode wanted, MonoSink<JsonNode> sink) implements Held {
      @Override
      public boolean isTooMuch(UnderWay call) {
        return ++call.sampled > call.attendants.maxSamplings();
      }

      @Override
      public String tooMuch(UnderWay call) {
        return "a call may have a model asked at most "
            + call.attendants.maxSamplings()
            + " times, as the entry of the server says (sampling.maxRequests)";
      }

      @Override
      public Mono<JsonNode> put(Attendants attendants) {
        return attendants
            .sampler()
            .sample(new Sampling(null, wanted))
            .onErrorMap(
                RefusedException.class, e -> error(REFUSED, String.valueOf(e.getMessage())));
      }

      @Override
      public void over() {
        sink.error(error(REFUSED, "the call has ended before a model has answered"));
      }
    }
  }

  /** A call that waits for its answer. */
  private static final class UnderWay {
    private final Attendants attendants;
    private final CallTime.Clock clock;
    private final List<Held> open = new ArrayList<>();
    private int asked;
    private int sampled;

    private UnderWay(Attendants attendants, CallTime.Clock clock) {
      this.attendants = attendants;
      this.clock = clock;
    }
  }

  /** Runs when the calls of the session are to be made one at a time. */
  void onDoubt(Runnable action) {
    oneAtATime = action;
  }

  /** The same work, which is under way from its beginning to its end. */
  <T> Mono<T> during(Attendants attendants, CallTime.Clock clock, Mono<T> work) {
    return Mono.defer(
        () -> {
          UnderWay call = new UnderWay(attendants, clock);
          change(() -> calls.add(call));
          return work.doFinally(end -> over(call));
        });
  }

  /** What it has asked and was not told needs no answer, and is given one all the same. */
  private void over(UnderWay call) {
    List<Held> left = new ArrayList<>();
    change(
        () -> {
          calls.remove(call);
          left.addAll(call.open);
        });
    left.forEach(Held::over);
  }

  /** The result of {@code elicitation/create}. */
  Mono<JsonNode> elicit(JsonNode params) {
    return Mono.fromCallable(() -> ElicitationForm.read(params))
        .flatMap(wanted -> Mono.create(sink -> hold(new Held.Question(wanted, sink))));
  }

  /** The result of {@code sampling/createMessage}. */
  Mono<JsonNode> sample(JsonNode params) {
    return Mono.fromCallable(() -> SamplingRequest.read(params))
        .flatMap(wanted -> Mono.create(sink -> hold(new Held.Request(wanted, sink))));
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
    List<UnderWay> free = calls.stream().filter(call -> call.open.isEmpty()).toList();
    boolean costs = held.element() instanceof Held.Request;
    UnderWay owner =
        calls.size() == 1 ? calls.getFirst() : free.size() == 1 && !costs ? free.getFirst() : null;
    if (owner != null) {
      ask(owner, held.remove(), actions);
      return true;
    }
    if (calls.isEmpty()) {
      refuse("no call is under way that it could belong to", actions);
      return true;
    }
    actions.add(oneAtATime);
    if (held.size() < (costs ? calls.size() : free.size())) {
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
    MonoSink<JsonNode> sink = held.remove().sink();
    actions.add(() -> sink.error(error(McpSchema.ErrorCodes.INTERNAL_ERROR, why)));
  }

  private void ask(UnderWay call, Held question, List<Runnable> actions) {
    if (question.isTooMuch(call)) {
      String why = question.tooMuch(call);
      actions.add(() -> question.sink().error(error(McpSchema.ErrorCodes.INVALID_REQUEST, why)));
      return;
    }
    if (call.open.isEmpty()) {
      call.clock.pause();
    }
    call.open.add(question);
    actions.add(
        () ->
            question
                .put(call.attendants)
                .doFinally(end -> change(() -> answered(call, question)))
                .subscribe(question.sink()::success, question.sink()::error));
  }

  private static void answered(UnderWay call, Held question) {
    if (call.open.remove(question) && call.open.isEmpty()) {
      call.clock.resume();
    }
  }

  private static McpError error(int code, String message) {
    return McpError.builder(code).message(message).build();
  }
}
