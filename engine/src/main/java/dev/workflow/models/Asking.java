package dev.workflow.models;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialToolCall;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.workflow.engine.Models.Reply;
import dev.workflow.engine.Models.Request;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** Asks one real model once, in the best shape of answer that it takes. */
final class Asking {
  private static final long TEXT_CHARS = 1L << 20;
  private final HttpClient http;
  private final Endpoint endpoint;
  private final ProviderTimeouts timeouts;
  private final Request request;
  private final Consumer<String> progress;
  private final Set<String> refusals;
  private final Failures failures;

  /**
   * A question to be asked.
   *
   * @param refusals shapes that models of this process were found not to take; grows
   */
  Asking(
      HttpClient http,
      Endpoint endpoint,
      ProviderTimeouts timeouts,
      Request request,
      Consumer<String> progress,
      Set<String> refusals) {
    this.http = http;
    this.endpoint = endpoint;
    this.timeouts = timeouts;
    this.request = request;
    this.progress = progress;
    this.refusals = refusals;
    this.failures = new Failures(request.model(), endpoint);
  }

  Mono<Reply> reply() {
    List<Shape> shapes = Shape.of(request, endpoint);
    List<Shape> open = shapes.stream().filter(shape -> !refusals.contains(refusal(shape))).toList();
    return reply(open).onErrorMap(failures::thrown);
  }

  /** A shape that the provider does not take is followed by the next one. */
  private Mono<Reply> reply(List<Shape> shapes) {
    Shape shape = shapes.get(0);
    Mono<Reply> asked = Mono.create(sink -> ask(shape, sink));
    return shapes.size() == 1
        ? asked
        : asked.onErrorResume(
            Exchange.RefusedException.class,
            refused -> {
              if (!shape.isRefusedBy(refused.status(), refused.body())) {
                return Mono.error(refused);
              }
              refusals.add(refusal(shape));
              return reply(shapes.subList(1, shapes.size()));
            });
  }

  private String refusal(Shape shape) {
    return shape + " " + endpoint.url() + " " + request.model().name();
  }

  private void ask(Shape shape, MonoSink<Reply> sink) {
    Exchange exchange =
        new Exchange(
            http,
            endpoint,
            timeouts,
            failures,
            new StreamWatch(endpoint.dialect(), failures),
            body -> RequestBody.complete(body, request, shape, endpoint.dialect()),
            sink::error);
    sink.onCancel(exchange::close);
    ChatModels.model(request, endpoint, shape, exchange.asBuilder())
        .chat(ChatModels.request(request, endpoint, shape), new Handler(shape, exchange, sink));
  }

  private final class Handler implements StreamingChatResponseHandler {
    private final Shape shape;
    private final Exchange exchange;
    private final MonoSink<Reply> sink;
    private final AtomicLong chars = new AtomicLong();

    Handler(Shape shape, Exchange exchange, MonoSink<Reply> sink) {
      this.shape = shape;
      this.exchange = exchange;
      this.sink = sink;
    }

    @Override
    public void onPartialResponse(String text) {
      count(text);
      progress.accept(text);
    }

    @Override
    public void onPartialThinking(PartialThinking thinking) {
      count(thinking.text());
    }

    @Override
    public void onPartialToolCall(PartialToolCall call) {
      count(call.partialArguments());
    }

    @Override
    public void onCompleteResponse(ChatResponse response) {
      Reply reply;
      try {
        reply = ReplyReading.of(response, shape, failures);
      } catch (RuntimeException unreadable) {
        exchange.fail(unreadable);
        return;
      }
      exchange.replied();
      sink.success(reply);
    }

    @Override
    public void onError(Throwable error) {
      exchange.fail(error);
    }

    private void count(String text) {
      if (chars.addAndGet(text.length()) > TEXT_CHARS) {
        exchange.fail(failures.tooLong("characters", TEXT_CHARS));
      }
    }
  }
}
