package dev.workflow.mcp;

import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.Answer;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** Visits hostile servers, while a neighbour that is none is called all the time. */
final class Zoo implements AutoCloseable {
  /** What our environment holds and no child may see. */
  static final String CANARY = "canary-987654";

  private static final Duration AFTERMATH = Duration.ofSeconds(5);
  private static final long POLL_NANOS = 2_000_000;

  private final Path folder;
  private final McpHost host;
  private final Neighbour neighbour;

  Zoo(Path folder) {
    this.folder = folder;
    this.host = host();
    this.neighbour = new Neighbour(tools(host, "neighbour", Entries.fake("")));
  }

  private McpHost host() {
    return new McpHost(
        folder.resolve("home"),
        Map.of("PATH", System.getenv("PATH"), "CANARY", CANARY),
        McpSettings.DEFAULT);
  }

  /** Lists the tools of a server and calls the one it has, twice; then lets go of it. */
  Visit visit(Hostile hostile) {
    McpHost visiting = host();
    McpTools tools = tools(visiting, "hostile", hostile.entry(cage(hostile)));
    memoryPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    long start = System.nanoTime();
    List<Visit.Outcome> outcomes = new ArrayList<>();
    String digest = list(hostile, tools, outcomes);
    for (int i = 0; i < 2 && !digest.isEmpty(); i++) {
      outcomes.add(
          outcome(hostile, hostile.timeout(), () -> tools.call(request(digest)).map(Zoo::words)));
    }
    Neighbour.Meanwhile meanwhile = neighbour.since(start);
    long peak = memoryPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum() >> 20;
    visiting.close();
    long closed = System.nanoTime();
    List<Long> left = left(hostile, closed);
    return new Visit(
        hostile.vice(), outcomes, meanwhile, peak, left, millis(System.nanoTime() - closed));
  }

  private String list(Hostile hostile, McpTools tools, List<Visit.Outcome> outcomes) {
    List<ToolSpec> found = new ArrayList<>();
    Visit.Outcome listed =
        outcome(
            hostile,
            hostile.startupTimeout(),
            () ->
                tools
                    .list("hostile")
                    .doOnNext(found::addAll)
                    .map(all -> all.size() + " " + all.getFirst().description()));
    if (listed.failed()) {
      outcomes.add(listed);
    }
    return listed.failed() ? "" : found.getFirst().digest();
  }

  private static String words(Answer answer) {
    JsonNode value = answer.value();
    return value.isString() ? value.stringValue() : value.toString();
  }

  private static Tools.Call request(String digest) {
    return new Tools.Call(
        "", "hostile", "act", Fakes.arguments(), "key", digest, null, ignored -> {});
  }

  private Visit.Outcome outcome(Hostile hostile, Duration timeout, Supplier<Mono<String>> work) {
    long start = System.nanoTime();
    try {
      return Visit.Outcome.answer(Objects.requireNonNull(work.get().block()));
    } catch (ToolException e) {
      long now = System.nanoTime();
      boolean late = e.error().kind() == dev.workflow.definition.ErrorKind.TIMEOUT;
      long since =
          late ? millis(now - start - timeout.toNanos()) : sinceFault(hostile, Instant.now());
      return Visit.Outcome.failure(e, since);
    }
  }

  private Path cage(Hostile hostile) {
    try {
      return Files.createDirectories(folder.resolve(hostile.vice()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private McpTools tools(McpHost host, String name, String entry) {
    ServerList list = Entries.list(Layer.USER, folder, Map.of(name, entry));
    return host.tools(list, Set.of(), (tool, digest) -> false);
  }

  private long sinceFault(Hostile hostile, Instant now) {
    List<Long> faults = noted(hostile, "fault");
    return faults.isEmpty()
        ? -1
        : (now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000 - faults.getLast()) / 1_000;
  }

  /** The processes of a server that do not go in time. */
  private List<Long> left(Hostile hostile, long since) {
    List<Long> pids = noted(hostile, "pids");
    while (pids.stream().anyMatch(Fakes::runs) && System.nanoTime() - since < AFTERMATH.toNanos()) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    return pids.stream().filter(Fakes::runs).toList();
  }

  private List<Long> noted(Hostile hostile, String file) {
    Path path = folder.resolve(hostile.vice()).resolve(file);
    try {
      return Files.exists(path)
          ? Files.readAllLines(path).stream().map(Long::valueOf).toList()
          : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<MemoryPoolMXBean> memoryPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static long millis(long nanos) {
    return Duration.ofNanos(nanos).toMillis();
  }

  @Override
  public void close() {
    neighbour.close();
    host.close();
  }
}
