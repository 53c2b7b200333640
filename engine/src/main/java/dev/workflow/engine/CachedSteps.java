package dev.workflow.engine;

import dev.workflow.definition.Step;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.run.Event;
import dev.workflow.run.Plan;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Answers steps that have a {@code cache} with what an earlier run kept, and finds out what this
 * one is to keep: only what a step gave by itself, in the process that had looked for it in vain,
 * so that it was the same principal who asked.
 */
final class CachedSteps {
  private final RunState run;
  private final Preparer preparer;
  private final CacheKeys keys;
  private final Cache cache;
  private final Clock clock;
  private final Masking masking;
  private final Map<StepPath, Asked> asked = new HashMap<>();

  /** Verdicts that count when the step that judges has found its last, by its first revision. */
  private final Map<StepPath, List<Due>> verdicts = new HashMap<>();

  private List<Due> due = new ArrayList<>();

  CachedSteps(
      RunState run, Preparer preparer, CacheKeys keys, Cache cache, Clock clock, Masking masking) {
    this.run = run;
    this.preparer = preparer;
    this.keys = keys;
    this.cache = cache;
    this.clock = clock;
    this.masking = masking;
  }

  /** A step for which nothing was found. */
  private static final class Asked {
    private final String key;
    private final Duration time;
    private boolean works;

    /** Whether its tool gave blocks that say more than its output, which alone could be kept. */
    private boolean givesMore;

    /** Whether a server of it has asked a person, or had a model asked. */
    private boolean asksOthers;

    private Asked(String key, Duration time) {
      this.key = key;
      this.time = time;
    }
  }

  /** A value that is to be kept once its event is on disk. */
  record Due(String key, Cache.Kept kept, Instant until) {}

  /** What is kept for the step, or what it is to do. */
  Prepared answered(StepPath path, Prepared prepared) {
    Step.Cache wanted = preparer.step(path).step().cache();
    String key = wanted == null || polls(path) ? null : key(path, prepared);
    if (wanted == null || key == null) {
      return prepared;
    }
    Optional<Cache.Kept> found = isForked(path) ? Optional.empty() : cache.find(key);
    Cache.Kept kept = found.filter(one -> isFresh(one, wanted.time())).orElse(null);
    if (kept == null) {
      asked.put(path, new Asked(key, wanted.time()));
      return prepared;
    }
    return new Prepared.Cached(masking.value(kept.output()), kept.run(), kept.step(), kept.at());
  }

  /** A server that cannot be started has nothing kept; its call tells why. */
  private @Nullable String key(StepPath path, Prepared prepared) {
    try {
      return keys.of(path, prepared);
    } catch (ToolException unknown) {
      return null;
    }
  }

  /** Of a time that has not come yet nobody can say how old it is. */
  private boolean isFresh(Cache.Kept kept, Duration time) {
    Duration age = Duration.between(kept.at(), clock.now());
    return !age.isNegative() && age.compareTo(time) <= 0;
  }

  /** Whether something around it repeats, and this is not its first run. */
  private boolean polls(StepPath path) {
    for (StepPath at = path.parent(); at != null; at = at.parent()) {
      if (at.last().revision() > 0 && preparer.step(at).step().repeat() != null) {
        return true;
      }
    }
    return false;
  }

  /** Whether somebody wants it to run again: a fork begins here. */
  private boolean isForked(StepPath path) {
    Event.Origin origin = run.origin();
    StepPath begins = origin == null ? null : origin.at().revision(0);
    for (StepPath at = path; at != null; at = at.parent()) {
      StepPath first = at.revision(0);
      if (first.equals(begins) || first.each().equals(begins)) {
        return true;
      }
    }
    return false;
  }

  /** Takes in what was recorded. */
  void see(Recorded recorded) {
    if (recorded.event() instanceof Event.OfStep event) {
      Asked step = asked.get(event.step());
      if (step != null) {
        see(event, step, recorded.time());
      }
      judged(event);
    }
  }

  /** A success that follows a failed attempt is a value that stands in for one. */
  private void see(Event.OfStep event, Asked step, Instant time) {
    if (event instanceof Event.StepStarted) {
      step.works = true;
    } else if (event instanceof Event.AttemptFailed) {
      step.works = false;
    } else if (event instanceof Event.ElicitationAsked || event instanceof Event.SamplingAsked) {
      step.asksOthers = true;
    } else if (event instanceof Event.ToolReturned returned && isTool(event.step())) {
      step.givesMore = returned.content() != null;
    } else if (event instanceof Event.StepSucceeded success) {
      asked.remove(event.step());
      JsonNode output = success.output();
      if (step.works && !step.givesMore && !step.asksOthers && output != null) {
        Cache.Kept kept = new Cache.Kept(output, run.start().run(), event.step(), time);
        succeeded(event.step(), new Due(step.key, kept, time.plus(step.time)));
      }
    }
  }

  private boolean isTool(StepPath path) {
    StepInfo info = run.step(path);
    return info != null && info.node().kind() == Plan.Kind.TOOL;
  }

  private void succeeded(StepPath path, Due success) {
    boolean judges = preparer.step(path).step().revise() != null && path.last().key() == null;
    if (judges) {
      verdicts.computeIfAbsent(path.revision(0), first -> new ArrayList<>()).add(success);
    } else {
      due.add(success);
    }
  }

  /** A judge whose revisions are used up fails: with verdicts from the cache it would for ever. */
  private void judged(Event.OfStep event) {
    boolean last =
        event instanceof Event.RevisionsUsedUp
            || (event instanceof Event.VerdictGiven verdict && !verdict.again());
    boolean failed = event instanceof Event.StepFailed || event instanceof Event.FailureAsked;
    if (last || failed) {
      List<Due> given = verdicts.remove(event.step().revision(0));
      if (given != null && last) {
        due.addAll(given);
      }
    }
  }

  /** What is to be kept when all that was seen is on disk. */
  List<Due> takeDue() {
    List<Due> taken = due;
    due = new ArrayList<>();
    return taken;
  }

  /** Keeps a value whose event is on disk. */
  void keep(Due success) {
    cache.keep(success.key(), success.kept(), success.until());
  }
}
