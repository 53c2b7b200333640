package dev.workflow.mcp;

import dev.workflow.engine.Tools;
import dev.workflow.mcp.ServerOrigin.Layer;
import io.modelcontextprotocol.client.McpAsyncClient;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.spec.McpSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Measures round trips to a fake server, ours and those of the SDK's own transport in turns, and
 * how long 200 calls of one second take side by side. Means nothing on a machine that does
 * something else. Ends with 1 where ours are slower, or the 200 take longer than 1.2 s.
 *
 * <p>{@code java -cp ... dev.workflow.mcp.RoundTrips [CALLS]}
 */
public final class RoundTrips {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int ROUNDS = 5;
  private static final int SIDE_BY_SIDE = 200;
  private static final int SLEEP_MILLIS = 1_000;
  private static final int MOST_MILLIS = 1_200;
  private static final int DEFAULT_CALLS = 20_000;

  private RoundTrips() {}

  /** One way to call. */
  private static final class Way {
    private final String name;
    private final Mono<?> call;
    private final long[] nanos;
    private final AtomicInteger failed = new AtomicInteger();
    private int made;
    private long took;

    Way(String name, Mono<?> call, int calls) {
      this.name = name;
      this.call = call;
      this.nanos = new long[calls];
    }

    void run(int calls, int inFlight) {
      int from = made;
      long start = System.nanoTime();
      Flux.range(from, calls).flatMap(this::once, inFlight).blockLast(Duration.ofMinutes(5));
      took += System.nanoTime() - start;
      made += calls;
    }

    private Mono<?> once(int i) {
      return Mono.defer(
          () -> {
            long start = System.nanoTime();
            return call.doOnTerminate(() -> nanos[i] = System.nanoTime() - start)
                .onErrorResume(
                    e -> {
                      failed.incrementAndGet();
                      return Mono.empty();
                    });
          });
    }

    void forget() {
      made = 0;
      took = 0;
      failed.set(0);
    }

    double perSecond() {
      return made / (took / 1e9);
    }

    void print(int inFlight) {
      long[] sorted = Arrays.copyOf(nanos, made);
      Arrays.sort(sorted);
      System.out.printf(
          Locale.ROOT,
          "%-5s %9d %9d %9d %9.0f %7d%n",
          name,
          inFlight,
          sorted[made / 2] / 1_000,
          sorted[made * 99 / 100] / 1_000,
          perSecond(),
          failed.get());
    }
  }

  /** Takes the number of calls, 20,000 where none is given. */
  public static void main(String[] args) throws IOException {
    int calls = args.length > 0 ? Integer.parseInt(args[0]) : DEFAULT_CALLS;
    Path home = Files.createTempDirectory("round-trips");
    boolean good = trips(home, calls);
    good &= sideBySide(home);
    System.exit(good ? 0 : 1);
  }

  private static boolean trips(Path home, int calls) {
    boolean good = true;
    try (Supervisor supervisor =
        new Supervisor(new ChildRegistry(home), Map.of(), ProcessTree.Patience.DEFAULT)) {
      StdioTransport transport =
          new StdioTransport(supervisor.start("fake", Fakes.launch()), 16 << 20);
      Connection connection =
          Fakes.get(Connection.open("fake", transport, Permitted.NOTHING, LONG));
      McpAsyncClient sdk = sdk();
      Way ours =
          new Way(
              "ours",
              Mono.defer(
                  () ->
                      connection.call(
                          "echo",
                          Fakes.text("hello"),
                          "key",
                          CallTime.exactly(LONG),
                          ignored -> {})),
              calls);
      Way theirs =
          new Way(
              "SDK",
              Mono.defer(
                  () ->
                      sdk.callTool(
                          McpSchema.CallToolRequest.builder("echo")
                              .arguments(Map.of("text", "hello"))
                              .build())),
              calls);
      System.out.println("      in flight    p50 us    p99 us   calls/s  failed");
      for (int inFlight : new int[] {1, 32}) {
        for (Way way : List.of(ours, theirs)) {
          way.run(calls / 4, inFlight);
          way.forget();
        }
        for (int round = 0; round < ROUNDS; round++) {
          ours.run(calls / ROUNDS, inFlight);
          theirs.run(calls / ROUNDS, inFlight);
        }
        ours.print(inFlight);
        theirs.print(inFlight);
        good &= ours.perSecond() >= theirs.perSecond();
        ours.forget();
        theirs.forget();
      }
      sdk.close();
    }
    return good;
  }

  private static McpAsyncClient sdk() {
    List<String> command = Fakes.command();
    ServerParameters server =
        ServerParameters.builder(command.getFirst())
            .args(command.subList(1, command.size()))
            .build();
    McpAsyncClient client =
        McpClient.async(new StdioClientTransport(server, new Messages(16 << 20).forSdk()))
            .requestTimeout(LONG)
            .build();
    Fakes.get(client.initialize());
    return client;
  }

  private static boolean sideBySide(Path home) {
    Map<String, String> environment = Map.of("PATH", System.getenv("PATH"));
    try (McpHost host = new McpHost(home, environment, McpSettings.DEFAULT);
        McpTools tools =
            host.tools(
                Entries.list(Layer.USER, home, Map.of("s", Entries.fake(""))),
                Set.of(),
                (tool, digest) -> false)) {
      Fakes.get(tools.list("s"));
      long start = System.nanoTime();
      Flux.range(0, SIDE_BY_SIDE)
          .flatMap(
              i ->
                  tools.call(
                      new Tools.Call(
                          "",
                          "s",
                          "sleep",
                          Fakes.number(SLEEP_MILLIS),
                          "key",
                          "",
                          null,
                          ignored -> {})),
              SIDE_BY_SIDE)
          .blockLast(LONG);
      long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
      System.out.printf(
          Locale.ROOT,
          "%d calls of %d ms on one server: %d ms%n",
          SIDE_BY_SIDE,
          SLEEP_MILLIS,
          millis);
      return millis <= MOST_MILLIS;
    }
  }
}
