package dev.workflow.mcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Starts child processes and sees to it that none outlives this process: each is registered before
 * it starts, all are ended at {@link #close} or when the Java virtual machine goes down, and what a
 * killed process leaves behind is found by {@link ChildRegistry#reap}.
 */
final class Supervisor implements AutoCloseable {
  private final ChildRegistry registry;
  private final Map<String, String> environment;
  private final ProcessTree.Patience patience;
  private final Set<Child> running = ConcurrentHashMap.newKeySet();
  private final Thread hook = new Thread(this::endAll, "mcp-children-shutdown");
  private boolean hooked;
  private volatile boolean closed;

  Supervisor(
      ChildRegistry registry, Map<String, String> environment, ProcessTree.Patience patience) {
    this.registry = registry;
    this.environment = Map.copyOf(environment);
    this.patience = patience;
  }

  /**
   * Starts a child for the server of this name.
   *
   * @throws dev.workflow.engine.Tools.ToolException unavailable, when it cannot be started
   */
  Child start(String server, Launch.Stdio launch) {
    String mark = UUID.randomUUID().toString();
    Map<String, String> env = ChildEnvironment.of(environment, launch.env());
    Process process = startProcess(server, launch, env, mark);
    Child child = new Child(server, process, mark, patience, this::forget);
    hook();
    running.add(child);
    registry.started(mark, server, process.toHandle());
    child.pumpErrors();
    if (closed) {
      child.end();
      throw Failures.unavailable("server '" + server + "' is not started any more: closing");
    }
    return child;
  }

  private Process startProcess(
      String server, Launch.Stdio launch, Map<String, String> env, String mark) {
    if (!Files.isDirectory(launch.cwd())) {
      throw Failures.unavailable(
          "server '" + server + "' did not start: its cwd " + launch.cwd() + " is no folder");
    }
    Path executable = executable(server, launch, env);
    List<String> command = new ArrayList<>(launch.command());
    command.set(0, executable.toString());
    ProcessBuilder builder = new ProcessBuilder(command).directory(launch.cwd().toFile());
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.environment().put(Processes.MARK, mark);
    registry.announce(mark, server);
    try {
      return builder.start();
    } catch (IOException e) {
      registry.ended(mark);
      throw Failures.unavailable(
          "server '" + server + "' did not start: " + executable + ": " + e.getMessage());
    }
  }

  private static Path executable(String server, Launch.Stdio launch, Map<String, String> env) {
    try {
      return Executables.find(launch.command().getFirst(), env, launch.cwd());
    } catch (NoExecutable e) {
      throw Failures.unavailable("server '" + server + "' did not start: " + e.getMessage());
    }
  }

  private synchronized void hook() {
    if (!hooked) {
      Runtime.getRuntime().addShutdownHook(hook);
      hooked = true;
    }
  }

  private void forget(Child child) {
    running.remove(child);
    registry.ended(child.mark());
  }

  private void endAll() {
    List<Thread> enders = new ArrayList<>();
    for (Child child : running) {
      enders.add(Thread.ofPlatform().daemon().name("mcp-end-" + child.name()).start(child::end));
    }
    for (Thread ender : enders) {
      try {
        ender.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Ends all children at the same time; returns within five seconds. */
  @Override
  public synchronized void close() {
    closed = true;
    endAll();
    if (hooked) {
      hooked = false;
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException goingDown) {
        // the hook runs now or has run: the children are ended either way
      }
    }
  }
}
