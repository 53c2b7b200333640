package dev.workflow.mcp;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Documents.Tree;
import dev.workflow.engine.FileFault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A JSON file with the place of every key and value. Comments, trailing commas and a byte order
 * mark are accepted, as clients write them.
 */
final class JsonFile implements Documents.Source {
  private static final long MAX_BYTES = 1 << 20;

  /** What Jackson repeats of a file. */
  private static final Pattern REPEATED = Pattern.compile(" '[^']{2,}'");

  private final String file;
  private final List<String> lines;
  private final Map<String, Place> values = new HashMap<>();
  private final Map<String, Place> keys = new HashMap<>();

  private JsonFile(String file, String text) {
    this.file = file;
    this.lines = text.lines().map(Excerpt::of).toList();
  }

  /** Reads a file; what is wrong with it is a problem, never an exception. */
  static Tree read(Path path) {
    String file = path.toString();
    try {
      if (!Files.isRegularFile(path)) {
        return failed(new JsonFile(file, ""), Place.file(file), "is no ordinary file");
      }
      if (Files.size(path) > MAX_BYTES) {
        return failed(
            new JsonFile(file, ""), Place.file(file), "has more than " + MAX_BYTES + " bytes");
      }
      return parse(file, Files.readString(path));
    } catch (IOException e) {
      return failed(
          new JsonFile(file, ""), Place.file(file), "cannot be read: " + FileFault.words(e));
    }
  }

  static Tree parse(String file, String written) {
    String text = written.substring(ServerJson.mark(written));
    JsonFile source = new JsonFile(file, text);
    try (JsonParser parser = ServerJson.parser(text)) {
      if (parser.nextToken() == null) {
        return failed(source, Place.file(file), "is empty; write {\"mcpServers\": {}}");
      }
      JsonNode value = source.value(parser, "");
      if (parser.nextToken() != null) {
        return failed(source, source.at(parser.currentTokenLocation()), "goes on after its value");
      }
      return new Tree(value, source, List.of());
    } catch (JacksonException e) {
      TokenStreamLocation where = e.getLocation();
      return failed(
          source,
          where == null ? Place.file(file) : source.at(where),
          "is no JSON: " + REPEATED.matcher(e.getOriginalMessage()).replaceAll(""));
    }
  }

  private static Tree failed(JsonFile source, Place place, String message) {
    return new Tree(
        null, source, List.of(Problem.invalid(Rule.JSON, place, "the file " + message, null)));
  }

  private JsonNode value(JsonParser parser, String pointer) {
    values.put(pointer, at(parser.currentTokenLocation()));
    return switch (Objects.requireNonNull(parser.currentToken())) {
      case START_OBJECT -> object(parser, pointer);
      case START_ARRAY -> array(parser, pointer);
      default -> ServerJson.value(parser);
    };
  }

  private ObjectNode object(JsonParser parser, String pointer) {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = Objects.requireNonNull(parser.currentName());
      String child = child(pointer, name);
      keys.put(child, at(parser.currentTokenLocation()));
      parser.nextToken();
      object.set(name, value(parser, child));
    }
    return object;
  }

  private ArrayNode array(JsonParser parser, String pointer) {
    ArrayNode array = JsonNodeFactory.instance.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser, pointer + "/" + array.size()));
    }
    return array;
  }

  static String child(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  private Place at(TokenStreamLocation where) {
    int line = Math.max(1, where.getLineNr());
    String text = line <= lines.size() ? lines.get(line - 1) : "";
    return new Place(file, line, Math.max(1, where.getColumnNr()), text);
  }

  @Override
  public Place place(String pointer) {
    return nearest(values, pointer);
  }

  @Override
  public Place key(String pointer) {
    Place place = keys.get(pointer);
    return place == null ? place(pointer) : place;
  }

  @Override
  public Place inside(String pointer, int offset) {
    Place start = place(pointer);
    return new Place(start.file(), start.line(), start.column() + 1 + offset, start.text());
  }

  private Place nearest(Map<String, Place> places, String pointer) {
    for (String at = pointer; ; at = at.substring(0, at.lastIndexOf('/'))) {
      @Nullable Place place = places.get(at);
      if (place != null) {
        return place;
      }
      if (at.isEmpty()) {
        return Place.file(file);
      }
    }
  }
}
