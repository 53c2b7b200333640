package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.workflow.engine.Tools.ToolException;
import java.io.File;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Starts fake servers and waits for things without sleeping longer than needed. */
final class Fakes {
  static final Duration PATIENCE = Duration.ofSeconds(30);

  private Fakes() {}

  static Path java() {
    return Path.of(System.getProperty("java.home"), "bin", "java");
  }

  /** The command line of a fake server with these habits. */
  static List<String> command(String... habits) {
    return command(FakeServer.class, habits);
  }

  /** The command line of a program that needs nothing but the JDK. */
  static List<String> command(Class<?> program, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                java().toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                classes(),
                program.getName()));
    command.addAll(List.of(arguments));
    return command;
  }

  static Launch.Stdio launch(String... habits) {
    return new Launch.Stdio(command(habits), Map.of(), Path.of("").toAbsolutePath());
  }

  private static String classes() {
    try {
      return new File(FakeServer.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .getPath();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static ObjectNode arguments() {
    return JsonNodeFactory.instance.objectNode();
  }

  static JsonNode text(String text) {
    return arguments().put("text", text);
  }

  static JsonNode number(int number) {
    return arguments().put("number", number);
  }

  /** The value a mono gives; it must give one. */
  static <T> T get(Mono<T> mono) {
    return Objects.requireNonNull(mono.block(Duration.ofSeconds(60)));
  }

  /** The failure a mono ends with; it must end with one. */
  static ToolException failure(Mono<?> mono) {
    return Objects.requireNonNull(
        catchThrowableOfType(ToolException.class, () -> mono.block(Duration.ofSeconds(60))),
        "there was no failure");
  }

  /** Waits until the condition holds; fails the test when it does not in time. */
  static void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting until " + what).isLessThan(deadline);
      LockSupport.parkNanos(2_000_000);
    }
  }

  static boolean runs(long pid) {
    return ProcessHandle.of(pid).filter(Processes::isRunning).isPresent();
  }
}
