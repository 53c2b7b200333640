package dev.workflow.engine;

import dev.workflow.engine.Elicitor.Elicitation;
import dev.workflow.engine.Elicitor.Elicited;
import dev.workflow.engine.RunDriver.News;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/**
 * What servers want of people while calls of theirs are under way, one question of a call at a
 * time.
 */
final class Inquiries {
  private final Masking masking;
  private final Consumer<News> tell;
  private final Map<String, OfCall> calls = new ConcurrentHashMap<>();

  Inquiries(Masking masking, Consumer<News> tell) {
    this.masking = masking;
    this.tell = tell;
  }

  /** Asks on behalf of a call. One that only asks about another call has nobody to ask. */
  Elicitor of(Command.CallTool call) {
    if (call.verifies()) {
      return Elicitor.NOBODY;
    }
    OfCall inquiries = new OfCall(call);
    calls.put(call.call(), inquiries);
    return wanted -> Mono.create(sink -> inquiries.add(wanted, sink));
  }

  /** The answer to a question is on disk: the server is told. */
  void tell(Command.TellServer answer) {
    OfCall inquiries = calls.get(answer.call());
    if (inquiries != null) {
      inquiries.told(answer);
    }
  }

  /** A call has ended: nobody waits for what was asked in it. */
  void end(String call) {
    calls.remove(call);
  }

  /** The questions of one call. */
  private final class OfCall {
    private final Command.CallTool call;
    private final Deque<Open> open = new ArrayDeque<>();
    private int asked;

    private record Open(Elicitation wanted, MonoSink<Elicited> sink) {}

    OfCall(Command.CallTool call) {
      this.call = call;
    }

    synchronized void add(Elicitation wanted, MonoSink<Elicited> sink) {
      open.add(new Open(wanted, sink));
      if (open.size() == 1) {
        ask();
      }
    }

    private void ask() {
      Elicitation wanted = open.element().wanted();
      Event.ElicitationAsked event =
          new Event.ElicitationAsked(
              call.step(),
              call.call(),
              ++asked,
              masking.text(wanted.message()),
              masking.value(wanted.form()));
      tell.accept(state -> state.awaits(call.step(), call.call()) ? event : null);
    }

    /** The server is told outside the lock: it may ask the next at once. */
    void told(Command.TellServer answer) {
      Open first;
      synchronized (this) {
        first = answer.number() == asked ? open.poll() : null;
        if (first != null && !open.isEmpty()) {
          ask();
        }
      }
      if (first != null) {
        first.sink().success(new Elicited(answer.reaction(), answer.content()));
      }
    }
  }
}
