package dev.workflow.mcp;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A running child process with the tail of its error stream. */
final class Child {
  private static final int SIGNAL_BASE = 128;

  /** Java collects the exit code a moment after the process is gone. */
  private static final Duration COLLECTING = Duration.ofMillis(250);

  private final String name;
  private final Process process;
  private final String mark;
  private final ProcessTree tree;
  private final ProcessTree.Patience patience;
  private final Consumer<Child> ended;
  private final StderrTail errors = new StderrTail();
  private final AtomicBoolean ending = new AtomicBoolean();
  private final CompletableFuture<@Nullable Void> errorsEnded = new CompletableFuture<>();
  private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

  Child(
      String name,
      Process process,
      String mark,
      ProcessTree.Patience patience,
      Consumer<Child> ended) {
    this.name = name;
    this.process = process;
    this.mark = mark;
    this.tree = new ProcessTree(process.toHandle(), mark);
    this.patience = patience;
    this.ended = ended;
  }

  void pumpErrors() {
    daemon(
        "stderr",
        () -> {
          errors.drain(process.getErrorStream());
          errorsEnded.complete(null);
        });
  }

  Thread daemon(String purpose, Runnable work) {
    return Thread.ofPlatform().daemon().name("mcp-" + name + "-" + purpose).start(work);
  }

  String name() {
    return name;
  }

  String mark() {
    return mark;
  }

  long pid() {
    return process.pid();
  }

  OutputStream input() {
    return process.getOutputStream();
  }

  InputStream output() {
    return process.getInputStream();
  }

  /** Completes with the exit code when the process ends, however it ends. */
  CompletableFuture<Integer> exit() {
    return process.onExit().thenApply(Process::exitValue);
  }

  boolean isRunning() {
    return process.isAlive();
  }

  /** Whether it has ended, be it that its exit code is not collected yet. */
  boolean isGone() {
    return !Processes.isRunning(process.toHandle());
  }

  /** Completes when its error stream is read to the end. */
  CompletableFuture<@Nullable Void> errorsEnded() {
    return errorsEnded;
  }

  /** The last lines of its error stream. */
  List<String> lastErrors() {
    return errors.lines();
  }

  /** How it ended, in words. */
  String ending() {
    if (process.isAlive()) {
      return "still runs";
    }
    int code = process.exitValue();
    return code > SIGNAL_BASE
        ? "was ended by signal " + (code - SIGNAL_BASE)
        : "ended with exit code " + code;
  }

  /** Ends it with everything it started, and waits until that is done; once. */
  void end() {
    if (!ending.compareAndSet(false, true)) {
      gone.join();
      return;
    }
    try {
      tree.end(this::closeInput, patience);
      exit().completeOnTimeout(0, COLLECTING.toMillis(), TimeUnit.MILLISECONDS).join();
    } finally {
      try {
        ended.accept(this);
      } finally {
        gone.complete(null); // Others wait for it, also where its entry cannot be deleted.
      }
    }
  }

  /** On a thread of its own: closing waits for a writer that the child keeps waiting. */
  private void closeInput() {
    daemon(
        "stdin-close",
        () -> {
          try {
            input().close();
          } catch (IOException e) {
            // the other end is closed already, which is what was wanted
          }
        });
  }
}
