package dev.workflow.skills;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.DurableFile;
import dev.workflow.engine.JsonText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.exc.UnexpectedEndOfInputException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** JSON files for people and version control: keys sorted, two spaces, replaced in one step. */
final class SortedJson {
  /** A key that stands twice, as after a bad merge, must not hide what the first one says. */
  private static final JsonMapper STRICT =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private static final Pattern MERGE = Pattern.compile("(?m)^[ \\t]*(<<<<<<<|=======|>>>>>>>)");

  private SortedJson() {}

  /** Reads an object; empty where there is no file. */
  static Optional<ObjectNode> read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be read", e);
    }
    Matcher merge = MERGE.matcher(text);
    if (merge.find()) {
      int line = 1 + (int) text.substring(0, merge.start()).chars().filter(c -> c == '\n').count();
      throw damaged(new Place(file.toString(), line, 1, merge.group()), "the marks of a merge");
    }
    try {
      if (STRICT.readTree(text) instanceof ObjectNode object) {
        return Optional.of(object);
      }
      throw damaged(Place.file(file.toString()), "something else");
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      throw damaged(new Place(file.toString(), Math.max(0, line), 0, ""), found(e));
    }
  }

  private static String found(JacksonException e) {
    if (e instanceof UnexpectedEndOfInputException) {
      return "that it ends too early";
    }
    String message = String.valueOf(e.getOriginalMessage());
    return message.startsWith("Duplicate") ? "a key that stands there twice" : "something else";
  }

  private static SkillPackageException damaged(Place place, String found) {
    return new SkillPackageException(
        List.of(
            Problem.invalid(
                Rule.LOCK_DAMAGED,
                place,
                "Expected a JSON object, found %s.".formatted(found),
                "Restore %s from version control, or merge it anew."
                    .formatted(Path.of(place.file()).getFileName()))));
  }

  static String text(JsonNode value) {
    return JsonText.lines(sorted(value));
  }

  static void write(Path file, String text) {
    try {
      DurableFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be written", e);
    }
  }

  private static JsonNode sorted(JsonNode value) {
    if (value instanceof ObjectNode object) {
      Map<String, JsonNode> keys = new TreeMap<>(PackageTree.ORDER);
      object.forEachEntry((key, child) -> keys.put(key, sorted(child)));
      ObjectNode sorted = JsonNodeFactory.instance.objectNode();
      keys.forEach(sorted::set);
      return sorted;
    }
    if (value instanceof ArrayNode array) {
      ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
      array.forEach(child -> sorted.add(sorted(child)));
      return sorted;
    }
    return value;
  }
}
