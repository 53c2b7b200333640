package dev.workflow.assembly;

import dev.workflow.check.RequiredServers;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.engine.RunDriver;
import dev.workflow.engine.Tools;
import dev.workflow.mcp.McpTools;
import dev.workflow.run.RunState;
import java.util.List;
import reactor.core.publisher.Mono;

/**
 * A run that this process drives. Close it in any case: that lets go of its servers and frees its
 * lock.
 */
public final class Run implements AutoCloseable {
  private final RunDriver driver;
  private final RunLog log;
  private final Tools tools;

  Run(RunDriver driver, RunLog log, Tools tools) {
    this.driver = driver;
    this.log = log;
    this.tools = tools;
  }

  /**
   * Starts the servers without which no step of it may begin, whether a step uses them or not. To
   * be called before a run that was taken up again is driven; one that begins was checked.
   *
   * @return why they cannot be used; empty: they all can
   */
  public List<Problem> startRequired() {
    return tools instanceof McpTools servers
        ? RequiredServers.start(servers, () -> UsedServers.required(servers.entries()))
        : List.of();
  }

  /**
   * Drives it until it is over, waits for a person, or is stopped; gives the state at that moment.
   */
  public Mono<RunState> drive() {
    return driver.drive();
  }

  /**
   * Asks for its cancellation.
   *
   * @param undo whether what it has done is then taken back
   */
  public void cancel(String reason, boolean undo) {
    driver.cancel(reason, undo);
  }

  /** Leaves it as it is, to be resumed. */
  public void interrupt() {
    driver.interrupt();
  }

  @Override
  public void close() {
    try {
      tools.close();
    } finally {
      log.close();
    }
  }
}
