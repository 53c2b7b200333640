package dev.workflow.cli;

import dev.workflow.engine.ContentBlocks;
import dev.workflow.engine.Journal;
import dev.workflow.engine.Journal.RunSummary;
import dev.workflow.run.Event;
import dev.workflow.run.Prepared;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import dev.workflow.trace.RunReport;
import dev.workflow.trace.StepGraph;
import dev.workflow.trace.Words;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** All parts of a run, from its events: who drove it when, what happened, and what came of it. */
final class RunStory {
  private static final int WIDTH = 160;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

  private final RunSummary summary;
  private final RunState state;
  private final List<Session> sessions;

  private RunStory(RunSummary summary, RunState state, List<Session> sessions) {
    this.summary = summary;
    this.state = state;
    this.sessions = sessions;
  }

  /** What one process did to a run. */
  private static final class Session {
    private final long epoch;
    private final Instant began;
    private final List<String> lines = new ArrayList<>();
    private final List<Event.QuestionAnswered> answers = new ArrayList<>();
    private Instant last;
    private String end = "cut off";

    private Session(Recorded first) {
      this.epoch = first.epoch();
      this.began = first.time();
      this.last = first.time();
    }
  }

  /** Reads a whole run. */
  static RunStory read(Journal journal, RunSummary summary) {
    RunState[] state = new RunState[1];
    List<Session> sessions = new ArrayList<>();
    Narration narration = new Narration(true, true);
    journal.read(
        summary.run(),
        1,
        recorded -> {
          if (state[0] == null) {
            state[0] = RunState.begin(recorded);
          } else {
            state[0].apply(recorded);
          }
          if (sessions.isEmpty() || sessions.getLast().epoch != recorded.epoch()) {
            sessions.add(new Session(recorded));
          }
          tell(sessions.getLast(), recorded, narration);
        });
    if (state[0] == null) {
      throw new UsageException("Run " + summary.run() + " has not begun.");
    }
    if (summary.driven()) {
      sessions.getLast().end = "at work";
    }
    return new RunStory(summary, state[0], sessions);
  }

  private static void tell(Session session, Recorded recorded, Narration narration) {
    session.last = recorded.time();
    Narration.Line line = narration.tell(recorded);
    if (recorded.event() instanceof Event.FailureAnswered decided) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("decision", decided.decision().name().toLowerCase(Locale.ROOT));
      if (decided.output() != null) {
        answer.set("output", decided.output());
      }
      session.answers.add(new Event.QuestionAnswered(decided.step(), answer, decided.by()));
    }
    if (recorded.event() instanceof Event.ElicitationAnswered told) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("action", told.reaction().name().toLowerCase(Locale.ROOT));
      if (told.content() != null) {
        answer.set("content", told.content());
      }
      session.answers.add(new Event.QuestionAnswered(told.step(), answer, told.by()));
    }
    if (recorded.event() instanceof Event.QuestionAnswered answered) {
      session.answers.add(answered);
      String text =
          "    " + answered.step() + "  answered by " + answered.by() + ": " + answered.answer();
      session.lines.add(Printable.indented(text, WIDTH));
    } else if (line != null && !line.isStart()) {
      session.lines.addAll(line.rows(WIDTH));
    }
    if (recorded.event() instanceof Event.RunPaused paused) {
      session.end = paused.status().word() + ": " + paused.reason();
    } else if (recorded.event() instanceof Event.RunFinished finished) {
      session.end = finished.status().word();
    }
  }

  /** Where a run stands; one that nobody drives although it is not over was cut off. */
  static String status(RunSummary run) {
    return switch (run.status()) {
      case RUNNING -> run.driven() ? "running" : "cut off";
      case WAITING, SUCCEEDED, FAILED, CANCELLED, STOPPED -> run.status().word();
    };
  }

  static String time(Instant time) {
    return TIME.format(time);
  }

  /** For people. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    String simulated = summary.simulated() ? ", simulated: no AI model answered" : "";
    lines.add(
        "Run " + summary.run() + " of " + summary.workflow() + ": " + status(summary) + simulated);
    lines.add(
        "Started %s UTC, %s of work, %d events"
            .formatted(
                time(summary.started()), Words.seconds(state.activeTime()), summary.events()));
    if (state.origin() != null) {
      lines.add("A fork of run " + state.origin().run() + " at " + state.origin().at());
    }
    lines.add(Printable.indented("Inputs: " + state.inputs(), WIDTH));
    for (int i = 0; i < sessions.size(); i++) {
      session(sessions.get(i), i + 1, lines);
    }
    lines.add("");
    lines.add("Steps");
    add(inside(), "", lines);
    if (!state.outputs().isEmpty()) {
      lines.add("");
      lines.add("Outputs");
      RunReport.of(state).path("outputs").toPrettyString().lines().forEach(lines::add);
    }
    return lines;
  }

  private static void session(Session session, int number, List<String> lines) {
    lines.add("");
    lines.add(
        "Session %d, %s UTC, %s: %s"
            .formatted(
                number,
                time(session.began),
                Words.seconds(Duration.between(session.began, session.last)),
                session.end));
    session.lines.forEach(line -> lines.add("  " + line));
  }

  /** The steps by the text of the path that they stand below; empty: the outermost graph. */
  private Map<String, List<StepInfo>> inside() {
    Map<String, List<StepInfo>> inside = new HashMap<>();
    Map<StepPath, StepPath> fanOuts = new HashMap<>();
    for (StepInfo step : state.all()) {
      StepPath path = step.path();
      StepPath parent = path.parent();
      StepPath first = parent == null ? StepPath.of(path.id()) : parent.child(path.id());
      if (path.last().key() == null) {
        fanOuts.put(first, path);
      }
      StepPath above = path.last().key() == null ? parent : fanOuts.get(first);
      inside
          .computeIfAbsent(above == null ? "" : above.toString(), at -> new ArrayList<>())
          .add(step);
    }
    return inside;
  }

  private static void add(Map<String, List<StepInfo>> inside, String above, List<String> lines) {
    for (StepInfo step : inside.getOrDefault(above, List.of())) {
      lines.add(Printable.indented("  " + step(step), WIDTH));
      add(inside, step.path().toString(), lines);
    }
  }

  private static String step(StepInfo step) {
    StringBuilder line = new StringBuilder(StepGraph.glyph(step.status()) + " " + step.path());
    line.append("  ").append(step.status().word()).append(step.injected() ? ", injected" : "");
    if (step.prepared() instanceof Prepared.Cached cached) {
      line.append(", from the cache: run ").append(cached.run());
    }
    if (step.attempts() > 1) {
      line.append(", ").append(step.attempts()).append(" attempts");
    }
    if (step.output() != null) {
      line.append("  ").append(ContentBlocks.shown(step.output()));
    } else if (step.error() != null) {
      line.append("  ").append(step.error().message());
    } else if (step.reason() != null) {
      line.append("  ").append(step.reason());
    }
    return line.toString();
  }

  /** The report of the run and its {@code sessions} and {@code answers}. */
  JsonNode json() {
    ObjectNode report = RunReport.of(state);
    report.put("driven", summary.driven()).put("events", summary.events());
    report.set("inputs", state.inputs());
    ArrayNode list = report.putArray("sessions");
    for (Session session : sessions) {
      list.addObject()
          .put("epoch", session.epoch)
          .put("began", session.began.truncatedTo(ChronoUnit.MILLIS).toString())
          .put("last", session.last.truncatedTo(ChronoUnit.MILLIS).toString())
          .put("end", session.end);
    }
    ArrayNode answers = report.putArray("answers");
    for (Session session : sessions) {
      for (Event.QuestionAnswered answered : session.answers) {
        answers
            .addObject()
            .put("step", answered.step().toString())
            .put("by", answered.by())
            .set("answer", answered.answer());
      }
    }
    return report;
  }
}
