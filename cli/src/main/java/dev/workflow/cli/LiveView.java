package dev.workflow.cli;

import dev.workflow.engine.Clock;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import dev.workflow.trace.PlanTurn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What a terminal shows of a run: lines of what has ended scroll up, and below them stands the part
 * of the graph that is at work, with its time, its tools and the text that streams in. It keeps a
 * fold of its own, as the driver's is ahead of what is on disk.
 */
final class LiveView implements RunView {
  private static final Duration FRAME = Duration.ofMillis(100);
  private static final long SIZE_MILLIS = 2_000;
  private static final int LINE_ROWS_MAX = 4;

  /** Most of the screen is for what has ended. */
  private static final int ROWS_PART = 2;

  private final Terminal terminal;
  private final Narration narration;
  private final Clock clock;
  private final Board board = new Board();
  private final List<Future<?>> repeated = new ArrayList<>();
  private final ScheduledExecutorService frames =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "workflow-view");
            thread.setDaemon(true);
            return thread;
          });
  private volatile Screen.Size size = Screen.Size.UNKNOWN;

  /** The run as of the newest event; absent: it has not been seen from its beginning. */
  private @Nullable RunState state;

  /** What has come up and was not said yet. */
  private final List<String> lines = new ArrayList<>();

  private Instant said = Instant.EPOCH;
  private boolean closed;

  LiveView(Terminal terminal, Narration narration, Clock clock) {
    this.terminal = terminal;
    this.narration = narration;
    this.clock = clock;
    repeated.add(
        frames.scheduleWithFixedDelay(
            () -> size = Screen.size(), 0, SIZE_MILLIS, TimeUnit.MILLISECONDS));
    repeated.add(
        frames.scheduleWithFixedDelay(
            this::draw, FRAME.toMillis(), FRAME.toMillis(), TimeUnit.MILLISECONDS));
  }

  @Override
  public void takeUp(RunState run, Instant now) {
    synchronized (board) {
      narration.takeUp(run, now);
      board.takeUp(run, narration, now);
      state = run;
    }
  }

  @Override
  public void recorded(Recorded recorded) {
    synchronized (board) {
      Narration.Line line = narration.tell(recorded);
      PlanTurn turn = fold(recorded);
      board.follow(recorded, narration);
      if (line != null && !line.isStart()) {
        lines.addAll(line.rows(LINE_ROWS_MAX * size.columns()));
      }
      if (turn != null && state != null) {
        if (line != null) {
          turn.steps().forEach(row -> lines.add("    " + row));
        }
        board.changed(turn, state);
      }
      if (isWaitedFor(recorded.event())
          || Duration.between(said, clock.now()).compareTo(FRAME) >= 0) {
        say();
      }
    }
  }

  /** Whether a person is about to be spoken to, who has to see all that was before. */
  private static boolean isWaitedFor(Event event) {
    return event instanceof Event.QuestionAsked
        || event instanceof Event.FailureAsked
        || event instanceof Event.StepInDoubt
        || event instanceof Event.RunPaused
        || event instanceof Event.RunFinished;
  }

  /** Says at once what has come up since; each time costs a drawing of all that is pinned. */
  private void say() {
    synchronized (board) {
      if (!lines.isEmpty()) {
        terminal.say(String.join("\n", lines));
        lines.clear();
        said = clock.now();
      }
    }
  }

  /** Takes an event in; gives what became of the steps where it changed the plan. */
  private @Nullable PlanTurn fold(Recorded recorded) {
    if (recorded.event() instanceof Event.RunStarted) {
      state = RunState.begin(recorded);
      return null;
    }
    if (state == null || recorded.seq() != state.lastSeq() + 1) {
      state = null;
      return null;
    }
    PlanTurn turn =
        recorded.event() instanceof Event.PlanChanged change
            ? PlanTurn.of(state, change, recorded.time())
            : null;
    state.apply(recorded);
    return turn;
  }

  @Override
  public void progress(StepPath step, Progress progress) {
    synchronized (board) {
      board.progress(step, progress);
    }
  }

  @Override
  public void notice(String text) {
    synchronized (board) {
      lines.add(Printable.line(text, LINE_ROWS_MAX * size.columns()));
    }
  }

  private synchronized void draw() {
    if (closed) {
      return;
    }
    say();
    List<String> rows;
    synchronized (board) {
      rows = board.rows(clock.now(), size.columns() - 1, size.rows() / ROWS_PART);
    }
    terminal.pin(rows);
  }

  @Override
  public synchronized void close() {
    closed = true;
    repeated.forEach(task -> task.cancel(false));
    frames.shutdownNow();
    say();
    terminal.pin(List.of());
  }
}
