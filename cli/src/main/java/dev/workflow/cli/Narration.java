package dev.workflow.cli;

import dev.workflow.run.Event;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import dev.workflow.trace.PlanTurn;
import dev.workflow.trace.Words;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts the events of one run into lines for people. Remembers what the lines need. */
final class Narration {
  /** Stands in a container's error between the step that failed in it and why. */
  private static final String FAILED = " failed: ";

  private final boolean questions;
  private final boolean adoptions;
  private final Map<StepPath, Instant> started = new HashMap<>();
  private final Map<StepPath, String> work = new HashMap<>();

  /** Agents whose plan has ended, and that have not gone on yet. */
  private final Set<StepPath> planned = new HashSet<>();

  private final Map<StepPath, Event.AttemptFailed> failed = new HashMap<>();
  private final Set<StepPath> told = new HashSet<>();

  /** Why a model gave no answer; told when another one is asked, else as the step's failure. */
  private final Map<StepPath, String> modelFailed = new HashMap<>();

  /** All steps and elements whose failure was told. */
  private final Set<String> failures = new HashSet<>();

  /** Where the outputs come from that stand in for running a step. */
  private final Map<StepPath, String> cached = new HashMap<>();

  /** Steps and elements that hold steps or elements. */
  private final Set<StepPath> holders = new HashSet<>();

  /** Those of which something inside was told; revisions are not distinguished. */
  private final Set<StepPath> eventful = new HashSet<>();

  /**
   * Lines about one run.
   *
   * @param questions whether questions are among them; not where they are put to a person anyway
   * @param adoptions whether adopted definitions are; not where the command has told of them
   */
  Narration(boolean questions, boolean adoptions) {
    this.questions = questions;
    this.adoptions = adoptions;
  }

  /** What is said of one event. */
  record Line(String text, Weight weight) {

    /** As rows of at most so many characters; why a step failed is told whole. */
    List<String> rows(int width) {
      return weight == Weight.FAILURE
          ? text.lines().toList()
          : List.of(Printable.indented(text, width));
    }

    boolean isStart() {
      return weight == Weight.START || weight == Weight.START_INSIDE;
    }
  }

  /** How much a line matters. */
  enum Weight {
    /** It only says that something began. */
    START,
    /** The same of what holds elements inside another step: only a live view counts them. */
    START_INSIDE,
    NEWS,
    /** A step failed; the line says why and is not repeated. */
    FAILURE
  }

  /** The steps of whose failure all was told. */
  Set<StepPath> told() {
    return Set.copyOf(told);
  }

  /** What a step does, such as {@code agent writer}; empty: it is not known. */
  String doing(StepPath step) {
    return work.getOrDefault(step, "").strip();
  }

  /** The lines of the steps that were at work when a run was left, and go on now. */
  Map<StepPath, Line> takeUp(RunState run, Instant now) {
    Map<StepPath, Line> lines = new LinkedHashMap<>();
    for (StepInfo step : run.all()) {
      if (step.status() == StepStatus.RUNNING) {
        if (step.prepared() != null) {
          remember(step.path(), step.prepared());
        }
        if (step.prepared() instanceof Prepared.Body || step.prepared() instanceof Prepared.Items) {
          holders.add(step.path());
        }
        started.put(step.path(), now);
        if (isTold(step)) {
          String text = "◉ " + step.path() + work.getOrDefault(step.path(), "") + "  goes on";
          lines.put(step.path(), new Line(text, Weight.START));
        }
      } else if (step.prepared() instanceof Prepared.Until until && !step.status().ended()) {
        started.put(step.path(), now);
        String text =
            "◉ " + step.path() + "  waits " + Words.seconds(Duration.between(now, until.due()));
        lines.put(step.path(), new Line(text, Weight.START));
      }
    }
    return lines;
  }

  /** Of what runs steps inside only the outermost is told: those inside speak for themselves. */
  private static boolean isTold(StepInfo step) {
    return !(step.prepared() instanceof Prepared.Body) || isOutermost(step.path());
  }

  private static boolean isOutermost(StepPath step) {
    return step.parent() == null && step.last().key() == null;
  }

  /** The line of an event; null when there is nothing to say. */
  @Nullable Line tell(Recorded recorded) {
    Line line = line(recorded);
    if (line != null
        && line.weight() != Weight.START_INSIDE
        && recorded.event() instanceof Event.OfStep event) {
      noticed(event.step());
    }
    return line;
  }

  /** What the step stands in is worth a word at its own end. */
  private void noticed(StepPath step) {
    for (StepPath at = step; at != null; at = at.parent()) {
      eventful.add(at.revision(0));
      eventful.add(fanOut(at));
    }
  }

  /** The step that an element belongs to, whatever the revision. */
  private static StepPath fanOut(StepPath element) {
    StepPath parent = element.parent();
    return parent == null ? StepPath.of(element.id()) : parent.child(element.id());
  }

  private @Nullable Line line(Recorded recorded) {
    return switch (recorded.event()) {
      case Event.StepPrepared e -> prepared(e, recorded.time());
      case Event.StepStarted e -> started(e, recorded.time());
      case Event.ToolFailed e ->
          talks(e.step()) ? news("    " + e.step() + "  " + e.error().message()) : null;
      case Event.ModelFailed e -> {
        modelFailed.put(e.step(), e.error().message());
        yield null;
      }
      case Event.QuestionAsked e ->
          questions ? news("◎ " + e.step() + "  asks: " + e.text()) : null;
      case Event.QuestionAnswered e -> news("    " + e.step() + "  answered by " + e.by());
      case Event.FailureAsked e ->
          questions ? news("◎ " + e.step() + "  failed: " + e.error().message().strip()) : null;
      case Event.FailureAnswered e ->
          news(
              "    %s  %s decided: %s"
                  .formatted(e.step(), e.by(), e.decision().name().toLowerCase(Locale.ROOT)));
      case Event.DoubtResolved e ->
          news("    " + e.step() + "  decided: " + e.resolution().name().toLowerCase(Locale.ROOT));
      case Event.ElicitationAsked e ->
          questions ? news("◎ " + e.step() + "  its server asks: " + e.message()) : null;
      case Event.ElicitationAnswered e ->
          news(
              "    %s  its server is told by %s: %s"
                  .formatted(e.step(), e.by(), e.reaction().name().toLowerCase(Locale.ROOT)));
      case Event.ElicitationPostponed e ->
          news("    " + e.step() + "  its call was given up, as nobody answered the server");
      case Event.SamplingAsked e ->
          news("    " + e.step() + "  its server has a model asked: " + e.alias());
      case Event.SamplingAnswered e -> {
        modelFailed.remove(e.step());
        yield e.error() == null
            ? null
            : news("    " + e.step() + "  its server gets no reply: " + e.error().message());
      }
      case Event.AttemptFailed e -> {
        failed.put(e.step(), e);
        modelFailed.remove(e.step());
        yield null;
      }
      case Event.RetryScheduled e -> again(e, recorded.time());
      case Event.WaitStarted e -> waits(e, recorded.time());
      case Event.StepSucceeded e -> succeeded(e.step(), recorded.time());
      case Event.OutputInjected e -> news("● " + e.step() + "  its output was given");
      case Event.PlanChanged e ->
          e.reason() == Event.Reason.ADOPTED && !adoptions ? null : news("↻ " + PlanTurn.why(e));
      case Event.StepFailed e -> failed(e, recorded.time());
      case Event.StepSkipped e when e.step().last().id().equals(StepPath.APPROVE) -> null;
      case Event.StepSkipped e -> news("– " + e.step() + "  skipped: " + e.reason());
      case Event.StepBlocked e ->
          news("– " + e.step() + "  blocked: needs " + String.join(", ", e.by()));
      case Event.StepCancelled e -> news("– " + e.step() + "  cancelled");
      case Event.StepInDoubt e -> news("? " + e.step() + "  in doubt: " + e.reason());
      case Event.RepetitionScheduled e -> repeats(e, recorded.time());
      case Event.RepetitionsUsedUp e -> news("! " + e.step() + "  has made all its runs");
      case Event.RevisionStarted e -> news("↻ " + e.step() + "  asks for revision " + e.number());
      case Event.RevisionsUsedUp e -> news("! " + e.step() + "  has used all its revisions");
      case Event.ReplanStarted e ->
          news("↻ " + e.step() + "  failed, another way is looked for: " + e.error().message());
      case Event.ReplanJoined e -> news("↻ " + e.step() + "  goes the other way, too");
      case Event.ReplanReferred e -> null;
      case Event.SubplanStarted e -> news("◉ " + e.step() + "  begins a plan of its own");
      case Event.SubplanEnded e -> {
        planned.add(e.step());
        yield null;
      }
      case Event.UndoStarted e -> news("↶ " + e.step() + "  is undone");
      case Event.CancelRequested e ->
          news("! cancelling: " + e.reason() + (e.undo() ? "; what was done is undone" : ""));
      case Event.LimitReached e -> news("! " + e.message());
      case Event.LimitNear e -> news("! " + e.message());
      case Event.TimeMeasured e -> null;
      case Event.CallVerified e ->
          news(
              "    %s  its lost call %s, as its verify found"
                  .formatted(e.step(), e.done() ? "took effect" : "took no effect"));
      case Event.ProbePrepared e -> null;
      case Event.TurnBounded e -> null;
      case Event.RunStarted e -> null;
      case Event.RunResumed e -> null;
      case Event.ToolCalled e -> null;
      case Event.ToolReturned e -> null;
      case Event.ModelCalled e -> askedAgain(e);
      case Event.ModelReplied e -> null;
      case Event.TimerFired e -> null;
      case Event.VerdictGiven e -> null;
      case Event.PlanChecked e -> null;
      case Event.RunPaused e -> null;
      case Event.RunFinished e -> null;
    };
  }

  private @Nullable Line askedAgain(Event.ModelCalled event) {
    String why = modelFailed.remove(event.step());
    return why == null ? null : news("    " + event.step() + "  " + why);
  }

  private static Line news(String text) {
    return new Line(text, Weight.NEWS);
  }

  private @Nullable Line prepared(Event.StepPrepared event, Instant now) {
    boolean outermost = isOutermost(event.step());
    if (event.prepared() instanceof Prepared.Body) {
      holders.add(event.step());
      started.put(event.step(), now);
      return outermost ? new Line("◉ " + event.step(), Weight.START) : null;
    }
    if (event.prepared() instanceof Prepared.Items items) {
      holders.add(event.step());
      started.put(event.step(), now);
      return new Line(
          "◉ " + event.step() + "  " + Words.counted(items.items().size(), "element"),
          outermost ? Weight.START : Weight.START_INSIDE);
    }
    if (event.prepared() instanceof Prepared.Cached kept) {
      cached.put(
          event.step(),
          "  from the cache: run %s, %s old"
              .formatted(kept.run(), age(Duration.between(kept.at(), now))));
    }
    remember(event.step(), event.prepared());
    return null;
  }

  /**
   * In the two largest units that matter, such as {@code 12 s}, {@code 3 h 5 min} or {@code 2 d}.
   */
  private static String age(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return seconds + " s";
    }
    long minutes = seconds / 60;
    if (minutes < 60) {
      return minutes + " min";
    }
    long hours = minutes / 60;
    return hours < 48 ? hours + " h " + minutes % 60 + " min" : hours / 24 + " d";
  }

  private void remember(StepPath step, Prepared prepared) {
    if (prepared instanceof Prepared.Call call) {
      work.put(step, "  " + call.server() + "/" + call.tool());
    } else if (prepared instanceof Prepared.Conversation talk) {
      work.put(step, "  agent " + talk.agent());
    }
  }

  /** An agent that goes on after a plan has never ended. */
  private @Nullable Line started(Event.StepStarted event, Instant now) {
    if (planned.remove(event.step())) {
      return null;
    }
    started.put(event.step(), now);
    String attempt = event.attempt() == 1 ? "" : "  attempt " + event.attempt();
    String text = "◉ " + event.step() + work.getOrDefault(event.step(), "") + attempt;
    return new Line(text, Weight.START);
  }

  private Line waits(Event.WaitStarted event, Instant now) {
    started.put(event.step(), now);
    return new Line(
        "◉ " + event.step() + "  waits " + Words.seconds(Duration.between(now, event.due())),
        Weight.START);
  }

  /**
   * What only computed a value is too quick to be told for each element and inside other steps, and
   * so is what holds nothing else.
   */
  private @Nullable Line succeeded(StepPath step, Instant now) {
    String origin = cached.remove(step);
    if (origin != null) {
      return news("● " + step + origin);
    }
    boolean silent =
        holders.contains(step) ? !eventful.contains(step.revision(0)) : !started.containsKey(step);
    boolean quick = silent && !isOutermost(step) && !step.last().attached();
    Event.AttemptFailed failure = failed.remove(step);
    String instead =
        failure == null
            ? ""
            : "  with its stand-in value, as it failed: " + failure.error().message();
    if (quick && failure == null) {
      forget(step);
      return null;
    }
    return news("● " + step + elapsed(step, now) + instead);
  }

  private Line again(Event.RetryScheduled event, Instant now) {
    Event.AttemptFailed last = failed.remove(event.step());
    String why =
        last == null
            ? ""
            : "attempt " + last.attempt() + " failed: " + sentence(last.error().message());
    return news(
        "    %s  %s Next attempt in %s."
            .formatted(event.step(), why, Words.seconds(Duration.between(now, event.due()))));
  }

  private static String sentence(String text) {
    return text.endsWith(".") ? text : text + ".";
  }

  private Line repeats(Event.RepetitionScheduled event, Instant now) {
    Duration wait = Duration.between(now, event.due());
    String when = wait.isPositive() ? " in " + Words.seconds(wait) : "";
    return news("↻ " + event.step() + elapsed(event.step(), now) + "  runs again" + when);
  }

  private Line failed(Event.StepFailed event, Instant now) {
    failed.remove(event.step());
    String inside = toldInside(event);
    failures.add(event.step().toString());
    String why = inside == null ? event.error().message().strip() : inside + " failed";
    String text = "✗ " + event.step() + elapsed(event.step(), now) + "  " + why;
    if (event.step().last().key() != null) {
      return news(text);
    }
    told.add(event.step());
    return new Line(rows(text, inside == null ? untold(event) : List.of()), Weight.FAILURE);
  }

  /** Without those whose failures were told when they came up. */
  private List<String> untold(Event.StepFailed event) {
    return event.error().details().stream().filter(detail -> !isTold(detail)).toList();
  }

  private boolean isTold(String detail) {
    int colon = Math.max(0, detail.indexOf(": "));
    String step = detail.substring(0, colon);
    return failures.contains(step) || failures.contains(step.replaceFirst(" failed$", ""));
  }

  /** The step inside whose failure, told before, failed this one; null: another reason. */
  private @Nullable String toldInside(Event.StepFailed event) {
    String message = event.error().message();
    int end = message.indexOf(FAILED);
    String inside = end < 0 ? "" : message.substring(0, end);
    return failures.contains(inside) && !inside.equals(event.step().toString()) ? inside : null;
  }

  /** A text and its details, all further lines indented. */
  static String rows(String text, List<String> details) {
    StringBuilder rows = new StringBuilder(text.replace("\n", "\n    "));
    details.forEach(detail -> rows.append("\n    ").append(detail.replace("\n", "\n    ")));
    return rows.toString();
  }

  private boolean talks(StepPath step) {
    return work.getOrDefault(step, "").startsWith("  agent ");
  }

  private void forget(StepPath step) {
    started.remove(step);
    work.remove(step);
    holders.remove(step);
  }

  private String elapsed(StepPath step, Instant now) {
    Instant since = started.get(step);
    forget(step);
    return since == null ? "" : "  " + Words.seconds(Duration.between(since, now));
  }
}
