package dev.workflow.cli;

import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/**
 * What Ctrl-C and the signals to end do: the run is left as it is, to be resumed; its servers are
 * ended; the process exits with 130. A second one exits at once.
 */
final class Interruption implements AutoCloseable {
  private static final String[] SIGNALS = {"INT", "TERM", "HUP"};

  /** Servers get five seconds to end; the journal needs no more than a moment. */
  private static final long PATIENCE_MILLIS = 5_500;

  private final WorkflowEngine engine;
  private final Thread hook;
  private final AtomicInteger received = new AtomicInteger();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Map<String, Object> before = new LinkedHashMap<>();
  private volatile @Nullable Run run;

  private Interruption(WorkflowEngine engine) {
    this.engine = engine;
    this.hook = new Thread(engine::close, "workflow-shutdown");
  }

  /** Watches for signals from now on, until it is closed. */
  static Interruption watch(WorkflowEngine engine) {
    Interruption interruption = new Interruption(engine);
    Runtime.getRuntime().addShutdownHook(interruption.hook);
    for (String signal : SIGNALS) {
      Object previous = Signals.register(signal, interruption::received);
      if (previous != null) {
        interruption.before.put(signal, previous);
      }
    }
    return interruption;
  }

  /** This run is to be left as it is when a signal comes. */
  void of(Run driven) {
    run = driven;
    if (received.get() > 0) {
      driven.interrupt();
    }
  }

  /** The exit code of a command that would else end with the given one. */
  int code(int otherwise) {
    return received.get() > 0 ? ExitCode.INTERRUPTED : otherwise;
  }

  private void received() {
    if (received.incrementAndGet() > 1) {
      Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
    }
    Run driven = run;
    Thread watchdog = new Thread(this::haltWhenStuck, "workflow-watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
    if (driven == null) {
      System.exit(ExitCode.INTERRUPTED);
    } else {
      driven.interrupt();
    }
  }

  private void haltWhenStuck() {
    try {
      if (!closed.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)) {
        Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    engine.close();
    before.forEach(Signals::unregister);
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException shuttingDown) {
      return;
    } finally {
      closed.countDown();
    }
  }
}
