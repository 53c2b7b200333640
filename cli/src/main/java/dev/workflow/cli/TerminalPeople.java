package dev.workflow.cli;

import dev.workflow.engine.People;
import dev.workflow.engine.Validator;
import dev.workflow.run.StepPath;
import java.io.InputStream;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import tools.jackson.databind.JsonNode;

/** The person at the terminal, who is asked one question at a time. */
final class TerminalPeople implements People, AutoCloseable {
  private final Terminal terminal;
  private final Keyboard keyboard;
  private final Conversation conversation;

  /** Steps whose servers were left without an answer; of the thread that asks. */
  private final Set<StepPath> left = new HashSet<>();

  private final ExecutorService asking =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "workflow-questions");
            thread.setDaemon(true);
            return thread;
          });

  TerminalPeople(Terminal terminal, InputStream in, Validator validator) {
    this.terminal = terminal;
    this.keyboard = new Keyboard(terminal, in);
    this.conversation = new Conversation(keyboard, validator);
  }

  @Override
  public Mono<Answer> ask(Question question) {
    return Mono.create(
        sink -> {
          AtomicBoolean closed = new AtomicBoolean();
          sink.onDispose(() -> closed.set(true));
          try {
            asking.execute(() -> ask(question, sink, closed));
          } catch (RejectedExecutionException nobodyIsAskedAnyMore) {
            sink.success();
          }
        });
  }

  private void ask(Question question, MonoSink<Answer> sink, AtomicBoolean closed) {
    if (closed.get()) {
      return;
    }
    boolean ofServer = question.kind() == Kind.ELICITATION;
    if (ofServer && left.contains(question.step())) {
      sink.success();
      return;
    }
    terminal.hold();
    Optional<JsonNode> answer;
    try {
      answer = conversation.about(question);
      if (closed.get()) {
        keyboard.show("This question is closed; the answer came too late and was not used.");
      }
    } finally {
      terminal.release();
    }
    if (ofServer && answer.isEmpty()) {
      left.add(question.step());
    }
    answer.ifPresentOrElse(
        value -> sink.success(new Answer(value, "terminal")), () -> sink.success());
  }

  @Override
  public void close() {
    asking.shutdownNow();
    terminal.release();
  }
}
