package dev.workflow.mcp;

import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import tools.jackson.databind.json.JsonMapper;

/**
 * A process that visits all vices of {@link HostileSite} at the same time, so that its memory can
 * be bounded from outside; a neighbour is called all the while.
 */
final class HostileSiteVisits {
  private static final int TOGETHER = 5;

  private HostileSiteVisits() {}

  /**
   * What was told.
   *
   * @param slowestNeighbour of the neighbour's calls meanwhile, in milliseconds
   */
  record Report(Map<String, List<String>> told, int neighbourCalls, long slowestNeighbour) {}

  /** Arguments: an empty folder, the address of the site, its vices. Prints a report as JSON. */
  public static void main(String[] args) throws IOException, InterruptedException {
    Path folder = Path.of(args[0]);
    Map<String, List<String>> told = new TreeMap<>();
    List<Thread> visitors = new ArrayList<>();
    Semaphore together = new Semaphore(TOGETHER);
    long start = System.nanoTime();
    try (McpHost host = new McpHost(folder, Map.of(), McpSettings.DEFAULT);
        Neighbour neighbour = new Neighbour(tools(host, folder, args[1], "", "neighbour"))) {
      for (String vice : List.of(args).subList(2, args.length)) {
        visitors.add(
            Thread.ofPlatform()
                .start(
                    () -> {
                      together.acquireUninterruptibly();
                      try (McpTools tools = tools(host, folder, args[1], vice, "hostile")) {
                        List<String> outcomes = List.of(outcome(tools), outcome(tools));
                        synchronized (told) {
                          told.put(vice, outcomes);
                        }
                      } finally {
                        together.release();
                      }
                    }));
      }
      for (Thread visitor : visitors) {
        visitor.join();
      }
      Neighbour.Meanwhile meanwhile = neighbour.since(start);
      System.out.println(
          JsonMapper.shared()
              .writeValueAsString(
                  new Report(told, meanwhile.answered(), meanwhile.slowestMillis())));
    }
  }

  private static McpTools tools(McpHost host, Path folder, String site, String vice, String alias) {
    String timeout = Hostile.SLOW_SITES.contains(vice) ? "2s" : "60s";
    String startup = vice.equals("hangs-at-start") ? "2s" : "60s";
    String entry =
        ("{'type':'http','timeout':'" + timeout + "','startupTimeout':'" + startup)
            + ("','url':'" + site + vice + "'}");
    ServerList list = Entries.list(Layer.WORKFLOW, folder, Map.of(alias, entry));
    ServerEntry defined = Objects.requireNonNull(list.entries().get(alias));
    Set<String> approved = Set.of(host.trust().key(defined));
    return host.tools(list, approved, (tool, digest) -> false);
  }

  private static String outcome(McpTools tools) {
    try {
      ToolSpec act = Fakes.get(tools.list("hostile")).getFirst();
      Tools.Call call =
          new Tools.Call(
              "", "hostile", act.name(), Fakes.arguments(), "k", act.digest(), null, told -> {});
      return Fakes.get(tools.call(call)).value().asString();
    } catch (ToolException e) {
      String doubt = e.possiblyExecuted() ? ", in doubt: " : ": ";
      String details = String.join("", e.error().details().stream().map(it -> " | " + it).toList());
      return e.error().kind().word() + doubt + e.error().message() + details;
    }
  }
}
