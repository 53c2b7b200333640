package dev.workflow.mcp;

import dev.workflow.engine.Masking;
import dev.workflow.run.StepError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How servers were seen last, by launch key, for whoever asks later what was wrong. Only a note:
 * what cannot be written is not kept, what cannot be read was never there.
 */
final class ServerHealth {
  /** Of so many servers; of others what is oldest is forgotten. */
  static final int MAX_SERVERS = 200;

  private static final int MAX_DETAILS = 20;
  private static final int MAX_CHARS = 500;
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private final Path folder;
  private boolean ended;

  ServerHealth(Path home) {
    this.folder = home.resolve("cache").resolve("health");
  }

  /** A server has answered the greeting. */
  void started(String launchKey, String server, Duration startup) {
    change(
        launchKey,
        server,
        kept -> kept.put("started", now().toString()).put("startup_ms", startup.toMillis()));
  }

  /** A server did not come up, or left a call without an answer. */
  void failed(String launchKey, String server, Masking masking, StepError error) {
    change(
        launchKey,
        server,
        kept -> {
          kept.put("failed", now().toString());
          kept.put("error", Failures.cut(masking.text(error.message()), MAX_CHARS));
          List<String> details = error.details();
          details.stream()
              .skip(Math.max(0, details.size() - MAX_DETAILS))
              .map(line -> Failures.cut(masking.text(line), MAX_CHARS))
              .forEach(kept.putArray("details")::add);
        });
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.SECONDS);
  }

  private interface Edit {
    void apply(ObjectNode kept);
  }

  /** From now on nothing is written: what ends because we end it is no trouble of a server. */
  synchronized void end() {
    ended = true;
  }

  private synchronized void change(String launchKey, String server, Edit edit) {
    if (ended) {
      return;
    }
    Path file = file(launchKey);
    ObjectNode kept = read(file);
    kept.put("server", server);
    edit.apply(kept);
    try {
      boolean fresh = !Files.exists(file);
      PrivateFiles.write(file, MAPPER.writeValueAsString(kept));
      if (fresh) {
        forgetTheOldest();
      }
    } catch (IOException | UncheckedIOException e) {
      // a note that cannot be written must not be in the way of a call
    }
  }

  private void forgetTheOldest() throws IOException {
    List<Path> files = new ArrayList<>();
    try (Stream<Path> all = Files.list(folder)) {
      all.filter(file -> file.toString().endsWith(".json")).forEach(files::add);
    }
    if (files.size() > MAX_SERVERS) {
      files.sort(Comparator.comparing(ServerHealth::changed));
      for (Path old : files.subList(0, files.size() - MAX_SERVERS)) {
        Files.deleteIfExists(old);
      }
    }
  }

  private static FileTime changed(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return FileTime.fromMillis(0);
    }
  }

  /** How a server was seen last. */
  LastSeen of(String launchKey) {
    JsonNode kept = read(file(launchKey));
    List<String> details = new ArrayList<>();
    kept.path("details").forEach(line -> details.add(line.asString("")));
    JsonNode startup = kept.path("startup_ms");
    return new LastSeen(
        time(kept.path("started")),
        startup.isIntegralNumber() ? Duration.ofMillis(startup.asLong()) : null,
        time(kept.path("failed")),
        kept.path("error").isString() ? kept.path("error").stringValue() : null,
        details);
  }

  private static @Nullable Instant time(JsonNode text) {
    try {
      return text.isString() ? Instant.parse(text.stringValue()) : null;
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static ObjectNode read(Path file) {
    try {
      return Files.exists(file)
              && MAPPER.readTree(Files.readString(file)) instanceof ObjectNode kept
          ? kept
          : JsonNodeFactory.instance.objectNode();
    } catch (IOException | JacksonException e) {
      return JsonNodeFactory.instance.objectNode();
    }
  }

  private Path file(String launchKey) {
    return folder.resolve(launchKey + ".json");
  }
}
