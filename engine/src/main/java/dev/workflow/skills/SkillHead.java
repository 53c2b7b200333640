package dev.workflow.skills;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Kind;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Documents.Source;
import dev.workflow.engine.Documents.Tree;
import dev.workflow.engine.Pointers;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * The head of a {@code SKILL.md}, held against the specification of Agent Skills
 * (agentskills.io/specification). What other clients read is read here as well: a deviation is a
 * warning, or an error where the check is strict. Only a skill that does not say what it is for is
 * none.
 */
final class SkillHead {
  private static final int NAME_MAX = 64;
  private static final int DESCRIPTION_MAX = 1024;
  private static final int COMPATIBILITY_MAX = 500;

  /** Fields that the specification knows. */
  static final Set<String> SPECIFIED =
      Set.of("name", "description", "license", "compatibility", "metadata", "allowed-tools");

  /**
   * Fields that Claude Code gives a meaning of its own; kept in the file, and without one here.
   * Source: code.claude.com/docs/en/skills and /sub-agents.
   */
  private static final Set<String> OF_CLIENTS =
      Set.of(
          "when_to_use",
          "argument-hint",
          "arguments",
          "disable-model-invocation",
          "user-invocable",
          "model",
          "effort",
          "context",
          "agent",
          "hooks",
          "paths",
          "shell",
          "tools",
          "disallowed-tools",
          "disallowedTools",
          "color",
          "permissionMode",
          "skills",
          "memory");

  private final Path file;
  private final String folder;
  private final boolean strict;
  private final Vocabulary vocabulary;
  private final List<Problem> problems = new ArrayList<>();
  private Map<String, JsonNode> fields = Map.of();
  private @Nullable Source source;
  private AllowedTools tools = AllowedTools.NONE;

  /**
   * Reads the head.
   *
   * @param folder the name of the skill's folder
   * @param strict whether deviations from the specification are errors
   */
  static SkillHead read(
      SkillMarkdown markdown,
      Path file,
      String folder,
      Documents documents,
      Vocabulary vocabulary,
      boolean strict) {
    SkillHead head = new SkillHead(file, folder, vocabulary, strict);
    head.read(markdown, documents);
    return head;
  }

  private SkillHead(Path file, String folder, Vocabulary vocabulary, boolean strict) {
    this.file = file;
    this.folder = folder;
    this.vocabulary = vocabulary;
    this.strict = strict;
  }

  List<Problem> problems() {
    return problems;
  }

  /** What the skill calls itself; empty: it does not. */
  String name() {
    return text("name").orElse("");
  }

  /** What the skill does and when to use it; empty: it does not say so. */
  String description() {
    return text("description").orElse("");
  }

  /** The version, which has its place in the metadata. */
  Optional<String> version() {
    JsonNode version = fields.getOrDefault("metadata", none()).path("version");
    return Optional.of(version.asString(""))
        .filter(text -> version.isValueNode() && !text.isBlank());
  }

  /** The licence, or the file in which it stands. */
  Optional<String> license() {
    return text("license");
  }

  /** The fields as they are written; none where they cannot be read. */
  Map<String, JsonNode> fields() {
    return fields;
  }

  /** What the skill was allowed elsewhere. */
  AllowedTools tools() {
    return tools;
  }

  /** A skill that does not say what it is for is not to be used. */
  void requireDescription() {
    if (description().isEmpty()) {
      problems.removeIf(problem -> problem.rule() == Rule.SKILL_DESCRIPTION);
      add(Severity.ERROR, Rule.SKILL_DESCRIPTION, at(""), noDescription(), DESCRIPTION_HINT);
    }
  }

  private static final String DESCRIPTION_HINT =
      "Begin SKILL.md with `---`, `name:`, `description:`, `---`.";

  private String noDescription() {
    return "Skill `" + folder + "` does not say what it is for.";
  }

  private void read(SkillMarkdown markdown, Documents documents) {
    if (!SkillFileNames.MARKDOWN.equals(String.valueOf(file.getFileName()))) {
      deviates(
          Rule.SKILL_FILE,
          Place.file(file.toString()),
          "Expected a file `SKILL.md`, found `" + file.getFileName() + "`.",
          "Rename it: other clients look for this very name.");
    }
    Optional<String> written = markdown.fields();
    if (written.isEmpty()) {
      deviates(
          Rule.SKILL_HEAD,
          new Place(file.toString(), 1, 1, firstLine(markdown.body())),
          "Expected fields between two lines of `---` at the beginning, found none.",
          DESCRIPTION_HINT);
      return;
    }
    if (!markdown.beginsAtOnce()) {
      deviates(
          Rule.SKILL_HEAD,
          new Place(file.toString(), 1, 1, ""),
          "Expected `---` as the very first characters, found something before it.",
          "Remove blank lines and the byte order mark.");
    }
    Tree tree = documents.part(file, written.get());
    source = tree.source();
    JsonNode value = tree.value();
    boolean read = value != null && value.isObject();
    if (read || !tree.problems().isEmpty()) {
      tree.problems().forEach(problem -> yaml(problem, read));
    } else {
      deviates(
          Rule.SKILL_HEAD,
          at(""),
          "Expected fields such as `name: " + folder + "`, found something else.",
          DESCRIPTION_HINT);
    }
    if (value != null && read) {
      fields = new LinkedHashMap<>();
      value.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
      check();
    }
  }

  /** What was read in spite of a mistake is a deviation. */
  private void yaml(Problem problem, boolean read) {
    add(
        read && !strict ? Severity.WARNING : Severity.ERROR,
        problem.rule(),
        problem.place(),
        problem.message(),
        problem.hint());
  }

  private void check() {
    checkFields();
    checkName();
    description(fields.get("description"));
    if (fields.containsKey("license")) {
      requireText("license", Rule.SKILL_LICENSE);
    }
    compatibility();
    metadata();
    allowedTools();
  }

  private void checkFields() {
    for (String name : new TreeSet<>(fields.keySet())) {
      if (SPECIFIED.contains(name) || (!strict && OF_CLIENTS.contains(name))) {
        continue;
      }
      Optional<String> near = Nearest.to(name, SPECIFIED);
      deviates(
          Rule.SKILL_FIELD,
          key(name),
          "The specification of Agent Skills knows no field `" + name + "`.",
          near.isPresent()
              ? "Did you mean `" + near.get() + "`?"
              : "What is one's own goes below `metadata`.");
    }
  }

  private void checkName() {
    Optional<String> written = text("name");
    if (written.isEmpty()) {
      deviates(
          Rule.SKILL_NAME,
          fields.containsKey("name") ? at("/name") : at(""),
          "Expected the name of the folder, `" + folder + "`, found none.",
          "Write `name: " + folder + "`.");
      return;
    }
    String name = Normalizer.normalize(written.get().strip(), Normalizer.Form.NFKC);
    List<String> wrong = new ArrayList<>();
    int length = name.codePointCount(0, name.length());
    if (length > NAME_MAX) {
      wrong.add("it has " + length + " characters of at most " + NAME_MAX);
    }
    if (!name.equals(name.toLowerCase(Locale.ROOT))) {
      wrong.add("it has capital letters");
    }
    if (name.startsWith("-") || name.endsWith("-")) {
      wrong.add("it begins or ends with a hyphen");
    }
    if (name.contains("--")) {
      wrong.add("it has two hyphens in a row");
    }
    if (!name.codePoints().allMatch(c -> Character.isLetterOrDigit(c) || c == '-')) {
      wrong.add("it has other characters");
    }
    if (!wrong.isEmpty()) {
      deviates(
          Rule.SKILL_NAME,
          at("/name"),
          "Expected a name of small letters, digits and single hyphens, found `%s`: %s."
              .formatted(name, String.join(", ", wrong)),
          "Rename the skill and its folder.");
    }
    if (!name.equals(Normalizer.normalize(folder, Normalizer.Form.NFKC))) {
      deviates(
          Rule.SKILL_NAME,
          at("/name"),
          "Expected the name of the folder, `" + folder + "`, found `" + name + "`.",
          "Rename the folder or the skill: a skill is found by its folder.");
    }
  }

  private void description(@Nullable JsonNode field) {
    if (field == null || !field.isValueNode() || field.asString("").isBlank()) {
      deviates(
          Rule.SKILL_DESCRIPTION,
          field == null ? at("") : at("/description"),
          noDescription(),
          "Write in `description` what the skill does and when to use it.");
      return;
    }
    atMost("description", DESCRIPTION_MAX, Rule.SKILL_DESCRIPTION);
    cutByComment();
  }

  /** {@code description: Fixes issue #7} is all right as YAML, and hardly meant. */
  private void cutByComment() {
    Place place = at("/description");
    int from = place.column() - 1;
    String rest = from < 0 || from > place.text().length() ? "" : place.text().substring(from);
    boolean plain = !rest.isEmpty() && "\"'|>".indexOf(rest.charAt(0)) < 0;
    int cut = rest.indexOf(" #");
    if (plain && cut >= 0) {
      add(
          Severity.WARNING,
          Rule.SKILL_COMMENT,
          new Place(place.file(), place.line(), place.column() + cut + 1, place.text()),
          "The description ends here: ` #` begins a comment in YAML.",
          "Quote the description.");
    }
  }

  private void compatibility() {
    if (!fields.containsKey("compatibility")
        || !requireText("compatibility", Rule.SKILL_COMPATIBILITY)) {
      return;
    }
    if (text("compatibility").isEmpty()) {
      deviates(
          Rule.SKILL_COMPATIBILITY,
          at("/compatibility"),
          "Expected a text in `compatibility`, found an empty one.",
          "Remove the field, or say what the skill needs.");
    }
    atMost("compatibility", COMPATIBILITY_MAX, Rule.SKILL_COMPATIBILITY);
  }

  private void metadata() {
    JsonNode metadata = fields.get("metadata");
    if (metadata == null || metadata.isNull()) {
      return;
    }
    if (!metadata.isObject()) {
      deviates(
          Rule.SKILL_METADATA,
          at("/metadata"),
          "Expected a map of texts in `metadata`, found something else.",
          "Write `metadata:` and below it, indented, `author: NAME`.");
      return;
    }
    for (Map.Entry<String, JsonNode> entry : metadata.properties()) {
      if (!entry.getValue().isValueNode()) {
        deviates(
            Rule.SKILL_METADATA,
            at(Pointers.child("/metadata", entry.getKey())),
            "Expected a text for `%s` in `metadata`, found a list or a map."
                .formatted(entry.getKey()),
            "Write it as one text.");
      }
    }
  }

  private void allowedTools() {
    JsonNode field = fields.get("allowed-tools");
    if (field == null || field.isNull()) {
      return;
    }
    Place place = at("/allowed-tools");
    if (AllowedTools.hasOtherForm(field)) {
      deviates(
          Rule.SKILL_TOOLS_FORM,
          place,
          "Expected tools with blanks between them in `allowed-tools`, found %s."
              .formatted(field.isValueNode() ? "commas" : "a list"),
          "Write `allowed-tools: Read Grep`.");
    }
    tools = AllowedTools.read(field, vocabulary);
    if (!tools.strange().isEmpty()) {
      add(
          Severity.WARNING,
          Rule.SKILL_TOOL,
          place,
          "No capability stands for %s: the agent works without.".formatted(list(tools.strange())),
          null);
    }
    if (!tools.restricted().isEmpty()) {
      add(
          Severity.WARNING,
          Rule.SKILL_TOOL_RESTRICTED,
          place,
          "No tool can be held to what %s says here, so none is bound for it."
              .formatted(list(tools.restricted())),
          "To have it without the restriction, name the capability in a skill.yaml beside this"
              + " file.");
    }
  }

  private static String list(List<String> names) {
    return String.join(", ", names.stream().map(name -> "`" + name + "`").toList());
  }

  private boolean requireText(String name, Rule rule) {
    boolean text = fields.getOrDefault(name, none()).isValueNode();
    if (!text) {
      deviates(
          rule,
          at("/" + name),
          "Expected a text in `" + name + "`, found a list or a map.",
          "Write it as one text.");
    }
    return text;
  }

  private void atMost(String name, int max, Rule rule) {
    String text = fields.getOrDefault(name, none()).asString("");
    int length = text.codePointCount(0, text.length());
    if (length > max) {
      deviates(
          rule,
          at("/" + name),
          "Expected at most %,d characters in `%s`, found %,d.".formatted(max, name, length),
          "Say it shorter; what is long goes into the text below.");
    }
  }

  private Optional<String> text(String name) {
    JsonNode field = fields.getOrDefault(name, none());
    return Optional.of(field.asString("").strip())
        .filter(text -> field.isValueNode() && !field.isNull() && !text.isEmpty());
  }

  private static JsonNode none() {
    return MissingNode.getInstance();
  }

  private Place at(String pointer) {
    return source == null
        ? Place.file(file.toString())
        : pointer.isEmpty() ? firstField() : source.place(pointer);
  }

  /** A field that is missing is missing in the first line. */
  private Place firstField() {
    return new Place(file.toString(), 1, 1, "---");
  }

  private Place key(String name) {
    String pointer = Pointers.child("", name);
    return source == null ? at("") : source.key(pointer);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private void deviates(Rule rule, Place place, String message, @Nullable String hint) {
    add(strict ? Severity.ERROR : Severity.WARNING, rule, place, message, hint);
  }

  private void add(
      Severity severity, Rule rule, Place place, String message, @Nullable String hint) {
    problems.add(new Problem(severity, Kind.INVALID, rule, place, message, hint));
  }
}
