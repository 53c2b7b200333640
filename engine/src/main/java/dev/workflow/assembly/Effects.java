package dev.workflow.assembly;

import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which calls of a journal have, or may have, changed something that a second call changes again.
 */
final class Effects {
  private final Set<String> without = new HashSet<>();
  private final List<Event.ToolCalled> calls = new ArrayList<>();

  /** Takes the next event in. */
  void see(Recorded recorded) {
    switch (recorded.event()) {
      case Event.ToolCalled called when !called.effect().repeatable() -> calls.add(called);
      case Event.ToolFailed failed when !failed.possiblyExecuted() -> without.add(failed.call());
      case Event.DoubtResolved resolved when resolved.resolution() != Event.Resolution.DONE ->
          without.add(resolved.call());
      case Event other -> {}
    }
  }

  /** Those calls, in order. */
  List<Event.ToolCalled> made() {
    return calls.stream().filter(call -> !without.contains(call.call())).toList();
  }

  /** Those of the given calls. */
  List<Event.ToolCalled> madeOf(Collection<Event.ToolCalled> some) {
    Set<Event.ToolCalled> wanted = new HashSet<>(some);
    return made().stream().filter(wanted::contains).toList();
  }
}
