package dev.workflow.skills;

import dev.workflow.definition.Counts;
import dev.workflow.definition.Place;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Documents.Tree;
import dev.workflow.engine.Validator;
import dev.workflow.engine.Validator.Violation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one folder: {@code skill.yaml}, {@code SKILL.md}, or the one over the other. */
final class SkillReader {
  private static final String OVERLAY = "skill.yaml";
  private static final String MARKDOWN = "SKILL.md";
  private static final String INSTRUCTIONS = "instructions.md";
  private static final String OUTPUT = "schema.json";
  private static final String SCHEMA = "skill.schema.json";
  private static final String NO_VERSION = "0.0.0";

  /** Instructions longer than this fill a model's window by themselves. */
  private static final long TEXT_BYTES_MAX = 1 << 20;

  private final Documents documents;
  private final Validator validator;

  SkillReader(Documents documents, Validator validator) {
    this.documents = documents;
    this.validator = validator;
  }

  /** A skill, or why there is none. */
  record Reading(@Nullable Skill skill, List<Problem> problems) {}

  /** Whether a folder claims to be a skill. */
  static boolean isSkill(Path folder) {
    return Files.isRegularFile(folder.resolve(OVERLAY))
        || Files.isRegularFile(folder.resolve(MARKDOWN));
  }

  /** Whether a file of this name makes its folder a skill. */
  static boolean isSkillFile(String name) {
    return name.equals(OVERLAY) || name.equals(MARKDOWN);
  }

  /** The name that a skill gives itself; empty: it gives itself none that can be read. */
  String declaredName(Path folder) {
    if (Files.isRegularFile(folder.resolve(OVERLAY))) {
      JsonNode value = documents.tree(folder.resolve(OVERLAY), "").value();
      return value == null ? "" : value.path("name").asString("");
    }
    Markdown markdown = markdown(folder, new ArrayList<>());
    return markdown == null ? "" : markdown.field("name").orElse("");
  }

  Reading read(Path folder, String name) {
    List<Problem> problems = new ArrayList<>();
    Markdown markdown = markdown(folder, problems);
    Path overlay = folder.resolve(OVERLAY);
    Skill skill =
        Files.isRegularFile(overlay)
            ? overlaid(folder, documents.tree(overlay, SCHEMA), name, markdown, problems)
            : plain(folder, name, markdown, problems);
    return new Reading(problems.isEmpty() ? skill : null, problems);
  }

  private static @Nullable Markdown markdown(Path folder, List<Problem> problems) {
    Path file = folder.resolve(MARKDOWN);
    return text(file, problems).map(Markdown::read).orElse(null);
  }

  /** A folder of other clients: its text is all there is. */
  private static @Nullable Skill plain(
      Path folder, String name, @Nullable Markdown markdown, List<Problem> problems) {
    if (markdown == null) {
      return null;
    }
    Place place = Place.file(folder.resolve(MARKDOWN).toString());
    String written = markdown.field("name").orElse("");
    if (!written.equals(name)) {
      problems.add(wrongName(place, name, written));
    }
    Optional<String> description = markdown.field("description");
    if (description.isEmpty()) {
      problems.add(
          Problem.invalid(
              "skill-description",
              place,
              "Skill `" + name + "` does not say what it is for.",
              "Begin SKILL.md with `---`, `name:`, `description:`, `---`."));
    }
    return new Skill(
        name,
        NO_VERSION,
        description.orElse(""),
        SkillInputs.none(),
        List.of(),
        List.of(),
        markdown.body(),
        null,
        Policy.OPEN,
        null,
        folder.toString());
  }

  private @Nullable Skill overlaid(
      Path folder, Tree tree, String name, @Nullable Markdown markdown, List<Problem> problems) {
    problems.addAll(tree.problems());
    JsonNode value = tree.value();
    if (value == null || !tree.problems().isEmpty()) {
      return null;
    }
    String written = value.path("name").asString("");
    if (!written.equals(name)) {
      problems.add(wrongName(tree.source().place("/name"), name, written));
    }
    String description = value.path("description").asString("");
    return new Skill(
        name,
        value.path("version").asString(NO_VERSION),
        description.isEmpty() && markdown != null
            ? markdown.field("description").orElse("")
            : description,
        SkillInputs.schema(value.path("inputs")),
        texts(value.at("/capabilities/required")),
        texts(value.at("/capabilities/optional")),
        instructions(folder, tree, value, markdown, problems),
        outputSchema(folder, tree, value, problems),
        policy(value.path("policy")),
        workflow(folder, tree, value, problems),
        folder.toString());
  }

  private static String instructions(
      Path folder, Tree tree, JsonNode value, @Nullable Markdown markdown, List<Problem> problems) {
    JsonNode named = value.path("instructions");
    Path file = folder.resolve(named.asString(INSTRUCTIONS)).normalize();
    Optional<String> own =
        file.startsWith(folder.normalize()) ? text(file, problems) : Optional.empty();
    if (own.isPresent()) {
      return own.get().strip();
    }
    if (named.isMissingNode() && markdown != null) {
      return markdown.body();
    }
    boolean wanted = !named.isMissingNode() || !value.has("workflow");
    if (problems.isEmpty() && wanted) {
      problems.add(
          Problem.invalid(
              "skill-instructions",
              tree.source().place(named.isMissingNode() ? "" : "/instructions"),
              "Expected the instructions of the skill in %s, found no such file in its folder."
                  .formatted(named.asString(INSTRUCTIONS)),
              "Write what the model is to do into that file beside skill.yaml."));
    }
    return "";
  }

  private @Nullable JsonNode outputSchema(
      Path folder, Tree tree, JsonNode value, List<Problem> problems) {
    JsonNode file = value.at("/output/schema");
    Path path = folder.resolve(file.asString(OUTPUT)).normalize();
    if (file.isMissingNode() && !Files.exists(path)) {
      return null;
    }
    if (!path.startsWith(folder.normalize()) || !Files.isRegularFile(path)) {
      problems.add(
          Problem.invalid(
              "skill-schema",
              tree.source().place("/output/schema"),
              "Expected a file of this folder, found `" + file.asString(OUTPUT) + "`.",
              "Name the JSON Schema of the output, such as schema.json."));
      return null;
    }
    Tree schema = documents.tree(path, "");
    problems.addAll(schema.problems());
    if (schema.value() != null) {
      for (Violation violation : validator.checkSchema(schema.value())) {
        problems.add(
            Problem.invalid(
                "bad-schema",
                schema.source().place(violation.pointer()),
                "This is no JSON Schema: " + violation.text() + ".",
                null));
      }
    }
    return schema.value();
  }

  private static @Nullable String workflow(
      Path folder, Tree tree, JsonNode value, List<Problem> problems) {
    String file = value.path("workflow").asString("");
    if (file.isEmpty()) {
      return null;
    }
    Path path = folder.resolve(file).normalize();
    if (!path.startsWith(folder.normalize()) || !Files.isRegularFile(path)) {
      problems.add(
          Problem.invalid(
              "skill-workflow",
              tree.source().place("/workflow"),
              "Expected a workflow file of this folder, found `" + file + "`.",
              "Name the file that runs in the place of a model, such as workflow.yaml."));
      return null;
    }
    return folder.normalize().relativize(path).toString().replace('\\', '/');
  }

  private static Policy policy(JsonNode policy) {
    OptionalInt calls = Counts.parse(policy.path("max_tool_calls").asString(""));
    return new Policy(
        policy.path("allow_web").asBoolean(true),
        policy.path("allow_code_exec").asBoolean(true),
        policy.path("deterministic").asBoolean(false),
        calls.isPresent() ? Integer.valueOf(calls.getAsInt()) : null);
  }

  private static List<String> texts(JsonNode array) {
    return array.valueStream().map(JsonNode::asString).toList();
  }

  private static Optional<String> text(Path file, List<Problem> problems) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try {
      if (Files.size(file) > TEXT_BYTES_MAX) {
        problems.add(unreadable(file, "it is larger than 1 MiB"));
        return Optional.empty();
      }
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8));
    } catch (IOException e) {
      problems.add(unreadable(file, "it is no readable UTF-8 text"));
      return Optional.empty();
    }
  }

  private static Problem unreadable(Path file, String why) {
    return Problem.invalid(
        "unreadable-file",
        Place.file(file.toString()),
        "This file cannot be read: " + why + ".",
        null);
  }

  private static Problem wrongName(Place place, String folder, String written) {
    return Problem.invalid(
        "skill-name",
        place,
        "Expected the name of the folder, `" + folder + "`, found `" + written + "`.",
        "Rename the folder or the skill: a skill is found by its folder.");
  }
}
