package dev.workflow.cassette;

import dev.workflow.cassette.Cassette.Asked;
import dev.workflow.cassette.Cassette.Call;
import dev.workflow.cassette.Cassette.Kind;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Clock;
import dev.workflow.engine.Models;
import dev.workflow.engine.People;
import dev.workflow.engine.Tools;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Gives again what a cassette holds, to calls that are what was recorded: the same call of the same
 * step, in whatever order they come. Everything else is a mismatch. Answers come in the order and
 * at the time, counted from the start, in which they came.
 */
public final class Replay {
  private final Cassette cassette;
  private final Clock clock;
  private final Instant start;
  private final Map<String, Call> calls = new LinkedHashMap<>();
  private final List<Asked> people;

  /** The first call of each kind and request, filled when the first call is looked for. */
  private final Map<String, Call> sames = new HashMap<>();

  private final Set<String> played = new LinkedHashSet<>();
  private final List<Mismatch> mismatches = new ArrayList<>();

  /** A replay that begins now. */
  public Replay(Cassette cassette, Clock clock) {
    this.cassette = cassette;
    this.clock = clock;
    this.start = clock.now();
    cassette.calls().forEach(call -> calls.put(call.id(), call));
    this.people = new ArrayList<>(cassette.people());
  }

  /**
   * Something that was asked and is not what was recorded.
   *
   * @param step that asked
   * @param message what was asked, and what was recorded instead
   * @param details the differing fields, a line or three each
   */
  public record Mismatch(String step, String message, List<String> details) {
    public Mismatch {
      details = List.copyOf(details);
    }
  }

  /** The tools of the cassette. */
  public Tools tools() {
    return new ReplayedTools(this, cassette.tools());
  }

  /**
   * The models of the cassette.
   *
   * @param bounds what says how much a request can take, which asks nobody
   */
  public Models models(Models bounds) {
    return new ReplayedModels(this, cassette.models(), bounds);
  }

  /** The people of the cassette. */
  public People people() {
    return new ReplayedPeople(this);
  }

  /** What is given again. */
  public Cassette cassette() {
    return cassette;
  }

  /** How outputs differ from those that were recorded, as {@link Mismatch#details}. */
  public List<String> differingOutputs(Map<String, JsonNode> outputs) {
    ObjectNode given = JsonNodeFactory.instance.objectNode();
    outputs.forEach(given::set);
    return Differences.between(cassette.outputs(), given);
  }

  /** What was asked so far that is not what was recorded. */
  public List<Mismatch> mismatches() {
    return List.copyOf(mismatches);
  }

  /** The recorded calls that nobody has made. */
  public List<String> unused() {
    return calls.keySet().stream().filter(id -> !played.contains(id)).toList();
  }

  /** The recorded call, or null where it is none; then a mismatch is noted. */
  @Nullable Call play(String id, Kind kind, ObjectNode asked) {
    Call call = calls.get(id);
    String step = id.substring(0, Math.max(0, id.lastIndexOf('#')));
    if (call == null || call.kind() != kind) {
      unknown(step, id, kind, asked);
      return null;
    }
    played.add(id);
    List<String> differences = Differences.between(call.request(), asked);
    if (differences.isEmpty()) {
      return call;
    }
    mismatch(step, "Call %s is not as it was recorded".formatted(id), differences);
    return null;
  }

  private void unknown(String step, String id, Kind kind, ObjectNode asked) {
    Call nearest = nearest(step, kind, asked);
    if (nearest == null) {
      String none = kind == Kind.TOOL ? "no call of a tool" : "no call of a model";
      mismatch(step, "Call %s was not recorded; there is %s".formatted(id, none), List.of());
      return;
    }
    List<String> details = new ArrayList<>();
    details.add("call: recorded %s, asked %s".formatted(nearest.id(), id));
    details.addAll(Differences.between(nearest.request(), asked));
    mismatch(
        step,
        "Call %s was not recorded; the nearest that was is %s".formatted(id, nearest.id()),
        details);
  }

  /** The recorded call that is most like this one; where one asks the very same, that is it. */
  private @Nullable Call nearest(String step, Kind kind, ObjectNode asked) {
    if (sames.isEmpty()) {
      calls.values().forEach(call -> sames.putIfAbsent(same(call.kind(), call.request()), call));
    }
    Call nearest = sames.get(same(kind, asked));
    if (nearest != null) {
      return nearest;
    }
    int distance = Integer.MAX_VALUE;
    for (Call call : calls.values()) {
      if (call.kind() == kind) {
        int elsewhere = call.step().equals(step) ? 0 : 1;
        int own = Differences.count(call.request(), asked, distance - elsewhere) + elsewhere;
        if (own < distance) {
          nearest = call;
          distance = own;
        }
      }
    }
    return nearest;
  }

  private static String same(Kind kind, JsonNode request) {
    return kind + Canonical.hash(request);
  }

  void mismatch(String step, String message, List<String> details) {
    mismatches.add(new Mismatch(step, message, details));
  }

  Mismatch lastMismatch() {
    return mismatches.getLast();
  }

  /** Does something when it is due; gives what calls it off. */
  Runnable at(Duration after, Runnable task) {
    return clock.after(Duration.between(clock.now(), start.plus(after)), task);
  }

  /** The first recorded question of a step that nobody has put yet; null: there is none. */
  @Nullable Asked nextQuestion(String step, String kind, String text) {
    List<Asked> possible =
        people.stream()
            .filter(asked -> asked.step().equals(step) && asked.kind().equals(kind))
            .toList();
    Asked next =
        possible.stream()
            .filter(asked -> asked.text().equals(text))
            .findFirst()
            .orElse(possible.isEmpty() ? null : possible.getFirst());
    if (next != null) {
      people.remove(next);
    }
    return next;
  }
}
