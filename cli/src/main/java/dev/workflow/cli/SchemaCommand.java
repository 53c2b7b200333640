package dev.workflow.cli;

import dev.workflow.definition.Nearest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code workflow schema}. */
@Command(
    name = "schema",
    description = "Prints a JSON Schema of this version, for editors and scripts.",
    sortOptions = false,
    footer = {
      "",
      "Examples:",
      "  workflow schema",
      "  workflow schema workflow > workflow.schema.json"
    })
final class SchemaCommand implements Callable<Integer> {
  private static final Map<String, String> SCHEMAS = new LinkedHashMap<>();

  static {
    SCHEMAS.put("workflow", "workflow files");
    SCHEMAS.put("skill", "skill.yaml of a skill folder");
    SCHEMAS.put("mcp", ".mcp.json and other files of MCP servers");
    SCHEMAS.put("answers", "scripted answers, which simulate: names");
    SCHEMAS.put("event", "lines of run -o jsonl and runs export");
  }

  @Parameters(
      paramLabel = "NAME",
      arity = "0..1",
      description = "workflow, skill, mcp, answers or event; without it they are listed.")
  private @Nullable String name;

  private final Terminal terminal;

  SchemaCommand(Context context) {
    this.terminal = context.terminal();
  }

  @Override
  public Integer call() {
    if (name == null) {
      SCHEMAS.forEach((schema, what) -> terminal.data(schema + "  " + what));
      return ExitCode.SUCCEEDED;
    }
    if (!SCHEMAS.containsKey(name)) {
      throw new UsageException(
          "There is no schema " + Shell.quoted(name) + ". " + Nearest.hint(name, SCHEMAS.keySet()));
    }
    terminal.data(text(name).stripTrailing());
    return ExitCode.SUCCEEDED;
  }

  private static String text(String schema) {
    String resource = "/dev/workflow/schema/" + schema + ".schema.json";
    try (InputStream in = SchemaCommand.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException("This build lacks " + resource);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
