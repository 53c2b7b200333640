package dev.workflow.engine;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Skill;
import dev.workflow.definition.SkillFile;
import dev.workflow.engine.Models.Offer;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tool with which an agent reads the files of its skill. The engine answers it itself, from the
 * texts that the run was started with; the answer is part of the record.
 */
final class SkillReading {

  /** The name that a model sees. */
  static final String NAME = "skill_read";

  /** What a model is offered. */
  static final Offer OFFER =
      new Offer(
          NAME,
          "Reads a file of the skill that you work by; its files are listed in your instructions.",
          inputSchema());

  /** Most characters of a file in one answer. */
  static final int PAGE_CHARS = 40_000;

  private static final String SCRIPTS = "scripts/";
  private static final String PATH = "path";
  private static final String OFFSET = "offset";

  private SkillReading() {}

  /** What the instructions say of the files; there is at least one. */
  static String brief(Skill skill) {
    StringBuilder text = new StringBuilder();
    text.append("# Files of the skill\nThey belong to your instructions. Read one with ");
    text.append(NAME).append(" when what you are doing calls for it, and only then.");
    for (SkillFile file : skill.files()) {
      text.append("\n- ").append(file.path());
      text.append(" (").append("%,d".formatted(file.text().length())).append(" characters");
      text.append(file.path().startsWith(SCRIPTS) ? "; not run here)" : ")");
    }
    return text.toString();
  }

  /** Why there is no answer; empty: there is one. */
  static Optional<String> problem(Skill skill, JsonNode arguments) {
    Optional<SkillFile> file = file(skill, arguments);
    if (file.isEmpty()) {
      String path = path(arguments);
      List<String> paths = skill.files().stream().map(SkillFile::path).toList();
      return Optional.of(
          "The skill has no file `"
              + ModelView.excerpt(path, 200)
              + "`. "
              + Nearest.hint(path, paths));
    }
    int length = file.get().text().length();
    return offset(arguments) < Math.max(1, length)
        ? Optional.empty()
        : Optional.of("The file has " + length + " characters; ask for an `offset` below that.");
  }

  /** A part of a file that says where the next begins, or the whole of a shorter one. */
  static String answer(Skill skill, JsonNode arguments) {
    String text = file(skill, arguments).map(SkillFile::text).orElse("");
    int from = offset(arguments);
    int to = end(text, from);
    String part = text.substring(from, to);
    return from == 0 && to == text.length()
        ? part
        : "[Characters %d to %d of %d%s]\n%s"
            .formatted(
                from,
                to,
                text.length(),
                to == text.length() ? "" : "; go on with `offset`: " + to,
                part);
  }

  /** At the end of a line if there is one, never between the two halves of a character. */
  private static int end(String text, int from) {
    int most = from + PAGE_CHARS;
    if (most >= text.length()) {
      return text.length();
    }
    int line = text.lastIndexOf('\n', most - 1) + 1;
    int end = line > from ? line : most;
    return Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end;
  }

  private static Optional<SkillFile> file(Skill skill, JsonNode arguments) {
    String path = path(arguments);
    return skill.files().stream().filter(file -> file.path().equals(path)).findFirst();
  }

  /** {@code ./forms.md} and {@code forms.md} are one file. */
  private static String path(JsonNode arguments) {
    String path = arguments.path(PATH).asString("").strip();
    return path.startsWith("./") ? path.substring(2) : path;
  }

  private static int offset(JsonNode arguments) {
    return arguments.path(OFFSET).asInt(0);
  }

  private static JsonNode inputSchema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties
        .putObject(PATH)
        .put("type", "string")
        .put("description", "The file as it is listed, such as references/forms.md");
    properties
        .putObject(OFFSET)
        .put("type", "integer")
        .put("minimum", 0)
        .put("maximum", Integer.MAX_VALUE)
        .put("description", "The character to begin with; needed only for the rest of a long file");
    schema.putArray("required").add(PATH);
    return schema.put("additionalProperties", false);
  }
}
