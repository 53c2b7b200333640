package dev.workflow.journal;

import dev.workflow.engine.Journal.RunSummary;
import dev.workflow.run.Event.CancelRequested;
import dev.workflow.run.Event.LimitNear;
import dev.workflow.run.Event.LimitReached;
import dev.workflow.run.Event.OfStep;
import dev.workflow.run.Event.PlanChanged;
import dev.workflow.run.Event.RunFinished;
import dev.workflow.run.Event.RunPaused;
import dev.workflow.run.Event.RunResumed;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.Event.TimeMeasured;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunStatus;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a list shows of a run, kept up to date with each event so that no list folds a journal. */
record Glance(
    String workflow,
    RunStatus status,
    boolean simulated,
    Instant started,
    Instant ended,
    @Nullable String forkedFrom) {

  /** Of a run without events. */
  static final Glance NOTHING =
      new Glance("", RunStatus.RUNNING, false, Instant.EPOCH, Instant.EPOCH, null);

  /** After one more event. */
  Glance after(Recorded recorded) {
    Instant now = recorded.time();
    return switch (recorded.event()) {
      case RunStarted e ->
          new Glance(e.workflow(), RunStatus.RUNNING, e.simulated(), now, now, null);
      case RunResumed e -> at(now, RunStatus.RUNNING);
      case PlanChanged e ->
          new Glance(
              workflow,
              status,
              simulated,
              started,
              now,
              e.origin() == null ? forkedFrom : e.origin().run());
      case RunPaused e -> at(now, e.status());
      case RunFinished e -> at(now, e.status());
      case OfStep e -> at(now, status);
      case CancelRequested e -> at(now, status);
      case LimitReached e -> at(now, status);
      case LimitNear e -> at(now, status);
      case TimeMeasured e -> at(now, status);
    };
  }

  RunSummary summary(String run, boolean driven, long events) {
    return new RunSummary(
        run, workflow, status, simulated, driven, started, ended, events, forkedFrom);
  }

  private Glance at(Instant now, RunStatus then) {
    return new Glance(workflow, then, simulated, started, now, forkedFrom);
  }
}
