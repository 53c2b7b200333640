package dev.workflow.skills;

import dev.workflow.definition.Counts;
import dev.workflow.definition.Place;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.definition.SkillFile;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads one folder: {@code skill.yaml}, {@code SKILL.md}, or the one over the other. */
final class SkillReader {
  private static final String SCHEMA = "skill.schema.json";
  private static final String NO_VERSION = "0.0.0";

  /** Instructions longer than this fill a model's window by themselves. */
  private static final long TEXT_BYTES_MAX = 1 << 20;

  private final Documents documents;
  private final Validator validator;
  private final Vocabulary vocabulary;

  SkillReader(Documents documents, Validator validator, Vocabulary vocabulary) {
    this.documents = documents;
    this.validator = validator;
    this.vocabulary = vocabulary;
  }

  /** A skill with what is odd about it, or why there is none. */
  record Reading(@Nullable Skill skill, List<Problem> problems) {}

  /** Whether a folder claims to be a skill. */
  static boolean isSkill(Path folder) {
    return Files.isRegularFile(folder.resolve(SkillFileNames.OVERLAY))
        || Files.isRegularFile(markdownFile(folder));
  }

  /** The {@code SKILL.md} of a folder, which need not be there. */
  static Path markdownFile(Path folder) {
    Path file = folder.resolve(SkillFileNames.MARKDOWN);
    Path other = folder.resolve(SkillFileNames.MARKDOWN_SMALL);
    return !Files.isRegularFile(file) && Files.isRegularFile(other) ? other : file;
  }

  /** The name that a skill gives itself; empty: it gives itself none that can be read. */
  String declaredName(Path folder) {
    if (Files.isRegularFile(folder.resolve(SkillFileNames.OVERLAY))) {
      JsonNode value = documents.tree(folder.resolve(SkillFileNames.OVERLAY), "").value();
      return value == null ? "" : value.path("name").asString("");
    }
    return head(folder).map(SkillHead::name).orElse("");
  }

  /** The tools that a SKILL.md asks other clients to allow, as it names them. */
  List<String> allowedTools(Path folder) {
    return head(folder).map(head -> head.tools().written()).orElse(List.of());
  }

  /**
   * The head of a SKILL.md.
   *
   * @param name of its folder
   */
  SkillHead headOf(Path file, String name) {
    List<Problem> problems = new ArrayList<>();
    String text = text(file, problems).orElseThrow(() -> new SkillPackageException(problems));
    return head(SkillMarkdown.read(text), file, name, false);
  }

  /** The licence that a SKILL.md names. */
  Optional<String> license(Path folder) {
    return head(folder).flatMap(SkillHead::license);
  }

  private Optional<SkillHead> head(Path folder) {
    Path file = markdownFile(folder);
    return text(file, new ArrayList<>())
        .map(SkillMarkdown::read)
        .map(text -> head(text, file, "", false));
  }

  /**
   * Reads a folder.
   *
   * @param strict whether what other clients would not take is an error
   */
  Reading read(Path folder, String name, boolean strict) {
    List<Problem> problems = new ArrayList<>();
    Path file = markdownFile(folder);
    Markdown markdown =
        text(file, problems)
            .map(SkillMarkdown::read)
            .map(text -> new Markdown(text, head(text, file, name, strict)))
            .orElse(null);
    Path overlay = folder.resolve(SkillFileNames.OVERLAY);
    Skill skill =
        Files.isRegularFile(overlay)
            ? overlaid(folder, documents.tree(overlay, SCHEMA), name, markdown, problems)
            : plain(folder, name, markdown, problems);
    if (markdown != null) {
      problems.addAll(markdown.head().problems());
    }
    return new Reading(sound(problems) ? skill : null, problems);
  }

  /** The skill of a folder as other clients read it; empty: the folder holds none. */
  Optional<SkillExport> export(Path folder, String name) {
    Optional<SkillMarkdown> own =
        text(markdownFile(folder), new ArrayList<>()).map(SkillMarkdown::read);
    if (own.isPresent() && !Files.isRegularFile(folder.resolve(SkillFileNames.OVERLAY))) {
      return own.map(SkillExport::asItIs);
    }
    return Optional.ofNullable(read(folder, name, false).skill())
        .map(
            skill -> own.isPresent() ? SkillExport.below(own.get(), skill) : SkillExport.of(skill));
  }

  /** A SKILL.md: its text, and what its head says. */
  private record Markdown(SkillMarkdown text, SkillHead head) {}

  private SkillHead head(SkillMarkdown text, Path file, String name, boolean strict) {
    return SkillHead.read(text, file, name, documents, vocabulary, strict);
  }

  private static boolean sound(List<Problem> problems) {
    return problems.stream().noneMatch(problem -> problem.severity() == Severity.ERROR);
  }

  /** A folder of other clients: its text is all there is. */
  private static @Nullable Skill plain(
      Path folder, String name, @Nullable Markdown markdown, List<Problem> problems) {
    if (markdown == null) {
      return null;
    }
    SkillHead head = markdown.head();
    head.requireDescription();
    return new Skill(
        name,
        head.version().orElse(NO_VERSION),
        head.description(),
        SkillInputs.none(),
        List.of(),
        List.copyOf(head.tools().capabilities()),
        markdown.text().instructions(),
        null,
        Policy.OPEN,
        null,
        folder.toString(),
        files(folder, Set.of(), problems));
  }

  private static List<SkillFile> files(Path folder, Set<String> named, List<Problem> problems) {
    SkillFiles.Found found = SkillFiles.of(folder, named);
    problems.addAll(found.problems());
    return found.files();
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
        description.isEmpty() && markdown != null ? markdown.head().description() : description,
        SkillInputs.schema(value.path("inputs")),
        texts(value.at("/capabilities/required")),
        value.has("capabilities") || markdown == null
            ? texts(value.at("/capabilities/optional"))
            : List.copyOf(markdown.head().tools().capabilities()),
        instructions(folder, tree, value, markdown, problems),
        outputSchema(folder, tree, value, problems),
        policy(value.path("policy")),
        workflow(folder, tree, value, problems),
        folder.toString(),
        files(folder, named(value), problems));
  }

  private static Set<String> named(JsonNode value) {
    return Stream.of("/instructions", "/output/schema", "/workflow")
        .map(pointer -> value.at(pointer).asString(""))
        .collect(Collectors.toSet());
  }

  private static String instructions(
      Path folder, Tree tree, JsonNode value, @Nullable Markdown markdown, List<Problem> problems) {
    JsonNode named = value.path("instructions");
    Path file = folder.resolve(named.asString(SkillFileNames.INSTRUCTIONS)).normalize();
    Optional<String> own =
        file.startsWith(folder.normalize()) ? text(file, problems) : Optional.empty();
    if (own.isPresent()) {
      return own.get().strip();
    }
    if (named.isMissingNode() && markdown != null) {
      return markdown.text().instructions();
    }
    boolean wanted = !named.isMissingNode() || !value.has("workflow");
    if (sound(problems) && wanted) {
      problems.add(
          Problem.invalid(
              Rule.SKILL_INSTRUCTIONS,
              tree.source().place(named.isMissingNode() ? "" : "/instructions"),
              "Expected the instructions of the skill in %s, found no such file in its folder."
                  .formatted(named.asString(SkillFileNames.INSTRUCTIONS)),
              "Write what the model is to do into that file beside skill.yaml."));
    }
    return "";
  }

  private @Nullable JsonNode outputSchema(
      Path folder, Tree tree, JsonNode value, List<Problem> problems) {
    JsonNode file = value.at("/output/schema");
    Path path = folder.resolve(file.asString(SkillFileNames.OUTPUT)).normalize();
    if (file.isMissingNode() && !Files.exists(path)) {
      return null;
    }
    if (!path.startsWith(folder.normalize()) || !Files.isRegularFile(path)) {
      problems.add(
          Problem.invalid(
              Rule.SKILL_SCHEMA,
              tree.source().place("/output/schema"),
              "Expected a file of this folder, found `"
                  + file.asString(SkillFileNames.OUTPUT)
                  + "`.",
              "Name the JSON Schema of the output, such as schema.json."));
      return null;
    }
    Tree schema = documents.tree(path, "");
    problems.addAll(schema.problems());
    if (schema.value() != null) {
      for (Violation violation : validator.checkSchema(schema.value())) {
        problems.add(
            Problem.invalid(
                Rule.BAD_SCHEMA,
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
              Rule.SKILL_WORKFLOW,
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
        Rule.UNREADABLE_FILE,
        Place.file(file.toString()),
        "This file cannot be read: " + why + ".",
        null);
  }

  private static Problem wrongName(Place place, String folder, String written) {
    return Problem.invalid(
        Rule.SKILL_NAME,
        place,
        "Expected the name of the folder, `" + folder + "`, found `" + written + "`.",
        "Rename the folder or the skill: a skill is found by its folder.");
  }
}
