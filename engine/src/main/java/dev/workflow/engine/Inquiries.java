package dev.workflow.engine;

import dev.workflow.engine.Elicitor.Elicitation;
import dev.workflow.engine.Elicitor.Elicited;
import dev.workflow.engine.RunDriver.News;
import dev.workflow.run.Command;
import dev.workflow.run.Event;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * What servers want of people while calls of theirs are under way, one question of a call at a
 * time.
 */
final class Inquiries {
  private final Masking masking;
  private final Consumer<News> tell;
  private final Map<String, InTurn<Elicitation, Elicited>> calls = new ConcurrentHashMap<>();

  Inquiries(Masking masking, Consumer<News> tell) {
    this.masking = masking;
    this.tell = tell;
  }

  /** Asks on behalf of a call. One that only asks about another call has nobody to ask. */
  Elicitor of(Command.CallTool call) {
    if (call.verifies()) {
      return Elicitor.NOBODY;
    }
    InTurn<Elicitation, Elicited> inquiries =
        new InTurn<>((wanted, number) -> ask(call, wanted, number));
    calls.put(call.call(), inquiries);
    return inquiries::add;
  }

  /** The answer to a question is on disk: the server is told. */
  void tell(Command.TellServer answer) {
    InTurn<Elicitation, Elicited> inquiries = calls.get(answer.call());
    if (inquiries != null) {
      inquiries.answer(answer.number(), new Elicited(answer.reaction(), answer.content()));
    }
  }

  /** A call has ended: nobody waits for what was asked in it. */
  void end(String call) {
    calls.remove(call);
  }

  private void ask(Command.CallTool call, Elicitation wanted, int number) {
    Event.ElicitationAsked event =
        new Event.ElicitationAsked(
            call.step(),
            call.call(),
            number,
            masking.text(wanted.message()),
            masking.value(wanted.form()));
    tell.accept(state -> state.awaits(call.step(), call.call()) ? event : null);
  }
}
