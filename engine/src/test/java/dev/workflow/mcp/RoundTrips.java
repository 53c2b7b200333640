package dev.workflow.mcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import reactor.core.publisher.Flux;

/** Measures round trips to a fake server; prints the median and calls per second. */
public final class RoundTrips {
  private static final Duration LONG = Duration.ofSeconds(30);

  private RoundTrips() {}

  /** Takes the number of calls, 20,000 where none is given. */
  public static void main(String[] args) throws IOException {
    int calls = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
    Path home = Files.createTempDirectory("round-trips");
    try (Supervisor supervisor =
        new Supervisor(new ChildRegistry(home), Map.of(), ProcessTree.Patience.DEFAULT)) {
      StdioTransport transport =
          new StdioTransport(supervisor.start("fake", Fakes.launch()), 16 << 20);
      Connection connection = Fakes.get(Connection.open("fake", transport, Permitted.NOTHING, LONG));
      for (int inFlight : new int[] {1, 32}) {
        run(connection, inFlight, new long[calls / 2]);
        long[] nanos = new long[calls];
        long start = System.nanoTime();
        run(connection, inFlight, nanos);
        double seconds = (System.nanoTime() - start) / 1e9;
        Arrays.sort(nanos);
        System.out.printf(
            Locale.ROOT,
            "%d in flight: p50 %d us, p99 %d us, %.0f calls/s%n",
            inFlight,
            nanos[calls / 2] / 1_000,
            nanos[calls * 99 / 100] / 1_000,
            calls / seconds);
      }
    }
  }

  private static void run(Connection connection, int inFlight, long[] nanos) {
    Flux.range(0, nanos.length)
        .flatMap(
            i -> {
              long start = System.nanoTime();
              return connection
                  .call("echo", Fakes.text("hello"), "key", CallTime.exactly(LONG), ignored -> {})
                  .doOnNext(answer -> nanos[i] = System.nanoTime() - start);
            },
            inFlight)
        .blockLast(Duration.ofMinutes(5));
  }
}
