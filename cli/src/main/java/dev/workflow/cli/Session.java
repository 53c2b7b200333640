package dev.workflow.cli;

import dev.workflow.assembly.Run;
import dev.workflow.engine.RunObserver;
import dev.workflow.run.EventJson;
import dev.workflow.run.RunState;
import dev.workflow.run.Recorded;
import dev.workflow.run.StepPath;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Drives a run to where it ends or pauses. Ctrl-C and SIGTERM leave it as it is, end its servers and
 * exit with 130; a second Ctrl-C is the JVM's own.
 */
final class Session {
  private static final long SHUTDOWN_SECONDS = 5;

  private Session() {}

  /** The state at the end; the run is closed. */
  static RunState drive(Run run) {
    CountDownLatch closed = new CountDownLatch(1);
    Thread hook =
        new Thread(
            () -> {
              run.interrupt();
              await(closed);
            },
            "workflow-interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      RunState state = run.drive().block();
      if (state == null) {
        throw new IllegalStateException("The run ended without a state");
      }
      return state;
    } finally {
      run.close();
      closed.countDown();
      unhook(hook);
    }
  }

  private static void await(CountDownLatch closed) {
    try {
      if (!closed.await(SHUTDOWN_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void unhook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return;
    }
  }

  /** Sends every event and sign of life to all of them, in order. */
  record Everybody(List<RunObserver> observers) implements RunObserver {
    @Override
    public void recorded(Recorded recorded) {
      observers.forEach(observer -> observer.recorded(recorded));
    }

    @Override
    public void progress(StepPath step, Progress progress) {
      observers.forEach(observer -> observer.progress(step, progress));
    }
  }

  /** Prints the event stream. */
  record EventStream(String run, Terminal terminal) implements RunObserver {
    @Override
    public void recorded(Recorded recorded) {
      terminal.json(EventJson.write(new EventJson.Line(run, recorded)));
    }
  }
}
