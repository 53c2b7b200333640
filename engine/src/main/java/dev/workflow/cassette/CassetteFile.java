package dev.workflow.cassette;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.DurableFile;
import dev.workflow.engine.JsonText;
import dev.workflow.engine.Masking;
import dev.workflow.engine.Validator;
import dev.workflow.engine.Validator.Violation;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Cassettes on disk. */
public final class CassetteFile {

  /** Of a file, in bytes. */
  static final long SIZE_MAX = 64L << 20;

  private static final int PROBLEMS_MAX = 5;
  private static final Rule UNREADABLE = Rule.CASSETTE_UNREADABLE;
  private static final String WAY_OUT =
      "Record it anew: workflow run FILE --record CASSETTE. A cassette is written by the engine"
          + " alone.";

  private static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private CassetteFile() {}

  /** A cassette that was read, or the reasons why not. */
  public record Reading(@Nullable Cassette cassette, List<Problem> problems) {
    public Reading {
      problems = List.copyOf(problems);
    }
  }

  /** Reads a file, which must fit {@code cassette.schema.json}. */
  public static Reading read(Path file, Validator validator) {
    try {
      if (!Files.isRegularFile(file)) {
        return refused(
            Problem.missing(
                UNREADABLE, Place.file(file + ""), "There is no cassette here.", WAY_OUT));
      }
      long size = Files.size(file);
      return size > SIZE_MAX
          ? damaged(file, "Expected at most %d bytes, found %d.".formatted(SIZE_MAX, size))
          : read(file, JSON.readTree(Files.readAllBytes(file)), validator);
    } catch (JacksonException e) {
      return damaged(file, "Expected JSON, found: " + e.getOriginalMessage() + at(e));
    } catch (IOException e) {
      return damaged(file, "It cannot be read: " + e.getMessage());
    }
  }

  private static String at(JacksonException e) {
    return e.getLocation() == null
        ? ""
        : " (line %d, column %d)"
            .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
  }

  private static Reading read(Path file, JsonNode value, Validator validator) {
    JsonNode version = value.path("cassette");
    if (version.isIntegralNumber() && version.asLong(0) > Cassette.VERSION) {
      return refused(
          Problem.invalid(
              Rule.CASSETTE_VERSION,
              Place.file(file + ""),
              "Expected a cassette of version %d, found one of version %s."
                  .formatted(Cassette.VERSION, version),
              "A newer engine has recorded it: replay it with that, or record it anew."));
    }
    List<Violation> violations = validator.validateByShipped(schema(), value);
    if (!violations.isEmpty()) {
      return new Reading(
          null,
          violations.stream()
              .limit(PROBLEMS_MAX)
              .map(violation -> invalid(file, "It is damaged: " + violation.text()))
              .toList());
    }
    try {
      return new Reading(CassetteJson.read(value), List.of());
    } catch (IllegalArgumentException | java.time.DateTimeException e) {
      return damaged(file, "It is damaged: " + e.getMessage() + ".");
    }
  }

  private static Reading damaged(Path file, String message) {
    return refused(invalid(file, message));
  }

  private static Problem invalid(Path file, String message) {
    return Problem.invalid(UNREADABLE, Place.file(file + ""), message, WAY_OUT);
  }

  private static Reading refused(Problem problem) {
    return new Reading(null, List.of(problem));
  }

  private static JsonNode schema() {
    String resource = "/dev/workflow/schema/cassette.schema.json";
    try (InputStream in = CassetteFile.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("This build lacks " + resource);
      }
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The text of a cassette: the same one gives the same bytes. */
  static String text(JsonNode cassette) {
    return JsonText.lines(cassette);
  }

  /**
   * Writes a cassette, all of it or nothing.
   *
   * @param secrets that must not be in it
   */
  public static void write(Cassette cassette, Set<String> secrets, Path file) throws IOException {
    JsonNode masked = new Masking(() -> secrets).value(CassetteJson.write(cassette));
    byte[] text = text(masked).getBytes(StandardCharsets.UTF_8);
    if (text.length > SIZE_MAX) {
      throw new IOException(
          "the cassette would be of %d bytes; at most %d can be read again"
              .formatted(text.length, SIZE_MAX));
    }
    DurableFile.replacePrivate(file, text);
  }

  /** Whether a file may be written over: there is none, or it is a cassette. */
  public static boolean mayWrite(Path file) {
    if (!Files.exists(file)) {
      return true;
    }
    try {
      return Files.isRegularFile(file)
          && Files.size(file) <= SIZE_MAX
          && JSON.readTree(Files.readAllBytes(file)).path("cassette").isNumber();
    } catch (IOException | JacksonException e) {
      return false;
    }
  }
}
