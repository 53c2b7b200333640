package dev.workflow.cli;

import dev.workflow.definition.Nearest;
import dev.workflow.engine.ShellWords;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** {@code workflow schema}. */
final class SchemaCommand {
  private static final Map<String, String> SCHEMAS = new LinkedHashMap<>();

  static {
    SCHEMAS.put("workflow", "workflow files");
    SCHEMAS.put("plan", "plans, which plan create keeps");
    SCHEMAS.put("skill", "skill.yaml of a skill folder");
    SCHEMAS.put("mcp", ".mcp.json and other files of MCP servers");
    SCHEMAS.put("answers", "scripted answers, which simulate: names");
    SCHEMAS.put("cases", "tests of workflows and skills, NAME.cases.yaml");
    SCHEMAS.put("cassette", "recorded runs, which run --record writes");
    SCHEMAS.put("registry", "registry.yaml, where mcp://skills/NAME is looked up");
    SCHEMAS.put("lock", "workflow.lock, which pins what was installed");
    SCHEMAS.put("event", "lines of run -o jsonl and runs export");
  }

  private final Argument<@Nullable String> name =
      Argument.parameterOrNull(
          "NAME",
          String.class,
          "workflow, plan, skill, mcp, answers, cases, cassette, registry, lock or event; without"
              + " it they are listed.");
  private final Terminal terminal;

  SchemaCommand(Context context) {
    this.terminal = context.terminal();
  }

  Command command() {
    return new Command(this::call, "Prints a JSON Schema of this version, for editors and scripts.")
        .takes(name)
        .footer(
            "",
            "Examples:",
            "  workflow schema",
            "  workflow schema workflow > workflow.schema.json");
  }

  private int call() {
    String schema = name.value();
    if (schema == null) {
      SCHEMAS.forEach((each, what) -> terminal.data(each + "  " + what));
      return ExitCode.SUCCEEDED;
    }
    if (!SCHEMAS.containsKey(schema)) {
      throw new UsageException(
          "There is no schema "
              + ShellWords.quoted(schema)
              + ". "
              + Nearest.hint(schema, SCHEMAS.keySet()));
    }
    terminal.data(text(schema).stripTrailing());
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
