package dev.workflow.assembly;

import dev.workflow.definition.Limits;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Journals as they would be if the process had been killed. */
final class Cut {
  private Cut() {}

  static boolean isCall(Event event) {
    return event instanceof Event.ToolCalled || event instanceof Event.ModelCalled;
  }

  static boolean isAnswer(Event event) {
    return event instanceof Event.ToolReturned
        || event instanceof Event.ToolFailed
        || event instanceof Event.ModelReplied
        || event instanceof Event.ModelFailed;
  }

  /** Killed after a call was recorded, which the next process has made again a day later. */
  static List<Recorded> again(List<Recorded> whole, int at) {
    Event.OfCall lost = (Event.OfCall) whole.get(at).event();
    String other = lost.call() + "again";
    List<Event> events = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    for (int i = 0; i < whole.size(); i++) {
      Event event = whole.get(i).event();
      boolean after = i > at;
      Instant time = whole.get(i).time().plus(after ? Duration.ofDays(1) : Duration.ZERO);
      boolean ofIt = event instanceof Event.OfCall call && call.call().equals(lost.call());
      events.add(after && ofIt ? renamed(event, other) : event);
      times.add(time);
      if (i == at) {
        events.add(new Event.RunResumed(Limits.DEFAULT));
        times.add(time.plus(Duration.ofDays(1)));
        events.add(renamed(event, other));
        times.add(time.plus(Duration.ofDays(1)));
      }
    }
    return numbered(events, times);
  }

  /** Killed while a call was made, of which a person has said then what it gave. */
  static List<Recorded> decided(List<Recorded> whole, String call, JsonNode output) {
    List<Event> events = new ArrayList<>();
    List<Instant> times = new ArrayList<>();
    for (Recorded recorded : whole) {
      if (recorded.event() instanceof Event.ToolReturned answer && answer.call().equals(call)) {
        String why = "The engine ended before the answer of booking/reserve was recorded";
        List<Event> instead =
            List.of(
                new Event.RunResumed(Limits.DEFAULT),
                new Event.StepInDoubt(answer.step(), call, why),
                new Event.DoubtResolved(answer.step(), call, Event.Resolution.DONE, output));
        instead.forEach(
            event -> {
              events.add(event);
              times.add(recorded.time());
            });
      } else {
        events.add(recorded.event());
        times.add(recorded.time());
      }
    }
    return numbered(events, times);
  }

  private static List<Recorded> numbered(List<Event> events, List<Instant> times) {
    List<Recorded> all = new ArrayList<>();
    for (int i = 0; i < events.size(); i++) {
      all.add(new Recorded(i + 1, times.get(i), 1, events.get(i)));
    }
    return all;
  }

  private static Event renamed(Event event, String call) {
    return switch (event) {
      case Event.ToolCalled e ->
          new Event.ToolCalled(
              e.step(),
              call,
              e.attempt(),
              e.server(),
              e.tool(),
              e.arguments(),
              e.argumentsHash(),
              e.digest(),
              e.effect(),
              e.key(),
              e.verifies());
      case Event.ModelCalled e ->
          new Event.ModelCalled(e.step(), call, e.attempt(), e.turn(), e.model());
      case Event.ToolReturned e ->
          new Event.ToolReturned(e.step(), call, e.output(), e.violations());
      case Event.ToolFailed e ->
          new Event.ToolFailed(e.step(), call, e.error(), e.possiblyExecuted());
      case Event.ModelReplied e -> new Event.ModelReplied(e.step(), call, e.reply());
      case Event.ModelFailed e ->
          new Event.ModelFailed(e.step(), call, e.error(), e.possiblyBilled());
      default -> event;
    };
  }
}
