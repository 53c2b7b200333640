package dev.workflow.assembly;

import dev.workflow.engine.Journal;
import dev.workflow.engine.ToolExperience;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * How tools have done, by the journals of the newest runs: each call counts for the capability that
 * its tool served in that run. Read once, when it is first asked; what runs meanwhile is not seen.
 */
final class EarlierCalls implements ToolExperience {
  private static final int RUNS_MAX = 100;

  /** Longer runs are left out, so that looking back takes a moment only. */
  private static final long EVENTS_MAX = 5_000;

  private final Supplier<Journal> journal;
  private @Nullable Map<String, Map<String, Tally>> tallies;

  EarlierCalls(Supplier<Journal> journal) {
    this.journal = journal;
  }

  @Override
  public synchronized Map<String, Tally> with(String capability) {
    Map<String, Map<String, Tally>> known = tallies;
    if (known == null) {
      known = read();
      tallies = known;
    }
    return known.getOrDefault(capability, Map.of());
  }

  private Map<String, Map<String, Tally>> read() {
    Map<String, Map<String, Tally>> all = new HashMap<>();
    Journal open = journal.get();
    List<Journal.RunSummary> newest =
        open.runs().stream().filter(run -> run.events() <= EVENTS_MAX).limit(RUNS_MAX).toList();
    for (Journal.RunSummary run : newest) {
      OneRun calls = new OneRun();
      try {
        open.read(run.run(), 1, calls::take);
      } catch (Journal.JournalException damaged) {
        continue; // Whoever opens that run is told; what it did teaches nothing.
      }
      calls.addTo(all);
    }
    return all;
  }

  /** What the calls of one run came to. */
  private static final class OneRun {
    private final Map<String, String> bindings = new HashMap<>();
    private final Map<String, String> open = new HashMap<>();
    private final Map<String, Tally> tallies = new HashMap<>();

    void take(Recorded recorded) {
      Event event = recorded.event();
      if (event instanceof Event.RunStarted started) {
        bind(started.definition());
        started.definition().path("workflows").forEach(this::bind);
      } else if (event instanceof Event.ToolCalled called) {
        open.put(called.call(), called.server() + "/" + called.tool());
      } else if (event instanceof Event.ToolReturned returned) {
        count(returned.call(), new Tally(1, 0));
      } else if (event instanceof Event.ToolFailed failed) {
        count(failed.call(), new Tally(0, 1));
      }
    }

    private void bind(JsonNode definition) {
      definition
          .path("bindings")
          .properties()
          .forEach(entry -> bindings.putIfAbsent(entry.getKey(), entry.getValue().asString("")));
    }

    private void count(String call, Tally one) {
      String tool = open.remove(call);
      if (tool != null) {
        tallies.merge(tool, one, EarlierCalls::sum);
      }
    }

    void addTo(Map<String, Map<String, Tally>> all) {
      bindings.forEach(
          (capability, tool) -> {
            Tally tally = tallies.get(tool);
            if (tally != null) {
              all.computeIfAbsent(capability, each -> new HashMap<>())
                  .merge(tool, tally, EarlierCalls::sum);
            }
          });
    }
  }

  private static Tally sum(Tally some, Tally more) {
    return new Tally(some.succeeded() + more.succeeded(), some.failed() + more.failed());
  }
}
