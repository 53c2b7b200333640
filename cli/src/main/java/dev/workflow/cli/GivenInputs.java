package dev.workflow.cli;

import dev.workflow.check.RunInputs.Given;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The inputs that a command line gives. */
final class GivenInputs {
  @Option(
      names = "--input",
      paramLabel = "K=V",
      description = "An input; K=@FILE takes the content of a file.")
  private Map<String, String> inputs = new LinkedHashMap<>();

  @Option(
      names = "--inputs",
      paramLabel = "FILE",
      description = "Inputs from a YAML or JSON file; --input wins over it.")
  private @Nullable Path file;

  Map<String, Given> given(Documents documents) {
    Map<String, Given> given = new LinkedHashMap<>();
    if (file != null) {
      fromFile(file, documents, given);
    }
    inputs.forEach((name, text) -> given.put(name, new Given.Text(content(name, text))));
    return given;
  }

  private static void fromFile(Path file, Documents documents, Map<String, Given> given) {
    Documents.Tree tree = documents.tree(file, "");
    JsonNode value = tree.value();
    if (value == null || !value.isObject()) {
      String why =
          tree.problems().isEmpty()
              ? "expected a map of inputs"
              : tree.problems().get(0).message();
      throw new UsageException("--inputs " + file + ": " + why);
    }
    value.properties().forEach(e -> given.put(e.getKey(), new Given.Value(e.getValue())));
  }

  private static String content(String name, String text) {
    if (!text.startsWith("@")) {
      return text;
    }
    Path path = Path.of(text.substring(1));
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UsageException(
          "--input " + name + ": the file " + path + " cannot be read; start the value with @@ if"
              + " it is no file.");
    }
  }

  /** A command line that would do, and what each input is. */
  String example(Path workflowFile, Workflow workflow) {
    StringBuilder text = new StringBuilder("Inputs of " + workflow.name() + ":");
    StringBuilder line = new StringBuilder("workflow run " + workflowFile);
    JsonNode schema = workflow.inputSchema();
    for (Map.Entry<String, JsonNode> input : schema.path("properties").properties()) {
      JsonNode declared = input.getValue();
      boolean required = isRequired(schema, input.getKey()) && !declared.has("default");
      text.append("\n  ").append(input.getKey()).append(": ").append(type(declared));
      if (declared.has("default")) {
        text.append(", default ").append(declared.get("default"));
      } else if (!required) {
        text.append(", optional");
      }
      if (declared.has("description")) {
        text.append("  ").append(declared.get("description").asString(""));
      }
      if (required) {
        line.append(" --input ").append(input.getKey()).append("=...");
      }
    }
    return text.append("\nFor example: ").append(line).toString();
  }

  private static String type(JsonNode schema) {
    return schema.has("format")
        ? schema.get("format").asString("")
        : schema.path("type").asString("any");
  }

  private static boolean isRequired(JsonNode schema, String name) {
    for (JsonNode required : schema.path("required")) {
      if (required.asString("").equals(name)) {
        return true;
      }
    }
    return false;
  }
}
