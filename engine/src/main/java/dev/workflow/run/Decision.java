package dev.workflow.run;

import java.util.List;

/**
 * What the kernel wants next: events to record at once, and commands to perform.
 *
 * @param events in the order in which they are to be recorded
 */
public record Decision(List<Event> events, List<Command> commands) {
  public Decision {
    events = List.copyOf(events);
    commands = List.copyOf(commands);
  }

  /** Whether there is nothing to do but to wait for answers. */
  public boolean isEmpty() {
    return events.isEmpty() && commands.isEmpty();
  }
}
