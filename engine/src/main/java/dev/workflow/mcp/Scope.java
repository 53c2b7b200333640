package dev.workflow.mcp;

import dev.workflow.definition.Nearest;
import dev.workflow.engine.Tools.ToolException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The servers that a run holds, by alias. Each is taken when it is first asked for, and counted
 * once; a scope that goes over to other entries keeps the servers whose entry stays.
 */
final class Scope {
  private final McpHost host;
  private final Map<String, ServerEntry> began;
  private final Set<String> approvedForRun;
  private final Consumer<Set<String>> secrets;
  private final Map<String, Server> held = new ConcurrentHashMap<>();

  /**
   * A scope that holds nothing.
   *
   * @param began the entries that the run began with
   * @param secrets is told what must not be written anywhere, before a server can say it
   */
  Scope(
      McpHost host,
      Map<String, ServerEntry> began,
      Set<String> approvedForRun,
      Consumer<Set<String>> secrets) {
    this.host = host;
    this.began = began;
    this.approvedForRun = approvedForRun;
    this.secrets = secrets;
  }

  /**
   * The server of an alias by these entries. Where its entry is another one than before, the server
   * of that is let go of: calls that are under way there end first.
   *
   * @throws ToolException where there is none, or it must not start
   */
  Server server(String alias, CurrentEntries.Snapshot entries) {
    Server used = held.get(alias);
    if (used != null && used.isOf(entries)) {
      return used;
    }
    held.computeIfPresent(alias, (name, old) -> old.isOf(entries) ? old : letGo(old));
    return held.computeIfAbsent(alias, name -> take(name, entries));
  }

  /** The server of an alias, where it is held. */
  @Nullable Server find(String alias) {
    return held.get(alias);
  }

  private @Nullable Server letGo(Server used) {
    host.release(used.launchKey);
    return null;
  }

  private Server take(String alias, CurrentEntries.Snapshot entries) {
    ServerEntry entry = entries.entries().get(alias);
    if (entry == null) {
      throw unknown(alias, entries.entries().keySet());
    }
    if (!entry.enabled()) {
      throw Failures.unavailable(
          "server '" + alias + "' is switched off in " + entry.origin().file());
    }
    List<Trust.Question> questions = host.trust().decide(List.of(entry), approvedForRun);
    if (!questions.isEmpty()) {
      throw Failures.forbidden(
          "server '" + alias + "' " + notApproved(entry), questions.getFirst().explanation());
    }
    secrets.accept(WrittenSecrets.of(entry.written()));
    Startable startable = Startable.of(entry, host.environment());
    secrets.accept(startable.secrets());
    return new Server(entry, entries.number(), startable.key(), host.retain(alias, startable));
  }

  private String notApproved(ServerEntry entry) {
    return entry.equals(began.get(entry.alias()))
        ? "is not approved"
        : "is another one since the run began, by "
            + entry.origin().file()
            + ", and not approved; look at it: "
            + ServerCommand.line("trust", entry);
  }

  /** That there is no such server, or none any more. */
  ToolException unknown(String alias, Set<String> others) {
    ServerEntry before = began.get(alias);
    return before == null
        ? Failures.unavailable(
            "there is no server '" + alias + "'", List.of(Nearest.hint(alias, others)))
        : Failures.unavailable("server '" + alias + "' was taken out of " + before.origin().file());
  }

  void close() {
    held.keySet().forEach(alias -> held.computeIfPresent(alias, (name, used) -> letGo(used)));
  }
}
