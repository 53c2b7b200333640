package dev.workflow.cli;

import dev.workflow.check.RunInputs.Given;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The inputs that a command line gives. */
final class GivenInputs implements Arguments {
  private final Argument<Map<String, String>> inputs =
      Argument.pairs(
          "--input=K=V",
          "An input, read as its declared type (JSON for lists and objects); K=@FILE takes the"
              + " content of a file.");
  private final Argument<@Nullable Path> file =
      Argument.optionOrNull(
          "--inputs=FILE", Path.class, "Inputs from a YAML or JSON file; --input wins over it.");

  @Override
  public List<Argument<?>> each() {
    return List.of(inputs, file);
  }

  Map<String, Given> given(Documents documents) {
    Map<String, Given> given = new LinkedHashMap<>();
    Path path = file.value();
    if (path != null) {
      fromFile(path, documents, given);
    }
    inputs.value().forEach((name, text) -> given.put(name, new Given.Text(content(name, text))));
    return given;
  }

  private static void fromFile(Path file, Documents documents, Map<String, Given> given) {
    Documents.Tree tree = documents.tree(file, "");
    JsonNode value = tree.value();
    if (value == null || !value.isObject()) {
      String why =
          tree.problems().isEmpty() ? "expected a map of inputs" : tree.problems().get(0).message();
      throw new UsageException("--inputs " + file + ": " + why);
    }
    value.properties().forEach(e -> given.put(e.getKey(), new Given.Value(e.getValue())));
  }

  private static String content(String name, String text) {
    if (!text.startsWith("@")) {
      return text;
    }
    if (text.startsWith("@@")) {
      return text.substring(1);
    }
    Path path = Path.of(text.substring(1));
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UsageException(
          "--input "
              + name
              + ": the file "
              + path
              + " cannot be read. A value that begins with @ itself is written with @@.");
    }
  }

  /**
   * What each input is, and a command line that would do.
   *
   * @param words the line up to the inputs
   */
  String explanation(Context context, List<String> words, Workflow workflow) {
    JsonNode schema = workflow.inputSchema();
    if (schema.path("properties").isEmpty()) {
      return workflow.name() + " takes no inputs.";
    }
    StringBuilder text = new StringBuilder("Inputs of " + workflow.name() + ":");
    List<String> line = new ArrayList<>(words);
    for (Map.Entry<String, JsonNode> input : schema.path("properties").properties()) {
      JsonNode declared = input.getValue();
      boolean required = isRequired(schema, input.getKey()) && !declared.has("default");
      text.append("\n  ").append(input.getKey()).append(": ").append(type(declared));
      if (declared.has("default")) {
        text.append(", default ").append(declared.get("default"));
      } else {
        text.append(required ? ", required" : ", optional");
      }
      String description = declared.path("description").asString("");
      text.append(description.isEmpty() ? "" : ". " + description);
      if (required) {
        line.add("--input");
        line.add(input.getKey() + "=" + example(declared));
      }
    }
    return text.append("\nFor example:\n  ").append(context.line(line)).toString();
  }

  private static String example(JsonNode declared) {
    JsonNode first = declared.path("examples").path(0);
    if (!first.isMissingNode()) {
      return first.isString() ? first.stringValue() : first.toString();
    }
    JsonNode choice = declared.path("enum").path(0);
    if (!choice.isMissingNode()) {
      return choice.isString() ? choice.stringValue() : choice.toString();
    }
    return switch (type(declared)) {
      case "integer" -> "1";
      case "number" -> "1.5";
      case "boolean" -> "true";
      case "list" -> "[]";
      case "object" -> "{}";
      case "date" -> "2027-01-31";
      default -> "TEXT";
    };
  }

  private static String type(JsonNode schema) {
    String type = schema.path("type").asString("any value");
    return schema.has("format")
        ? schema.get("format").asString("")
        : type.equals("array") ? "list" : type;
  }

  private static boolean isRequired(JsonNode schema, String name) {
    return schema.path("required").valueStream().anyMatch(each -> name.equals(each.asString("")));
  }
}
