package dev.workflow.skills;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Kind;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Documents.Source;
import dev.workflow.engine.Documents.Tree;
import dev.workflow.engine.SchemaFlaws;
import dev.workflow.engine.SchemaWords;
import dev.workflow.engine.Validator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Says all that is wrong with the folder of a skill: what keeps it from being read, and what its
 * author should know besides.
 */
final class SkillCheck {
  /** What the open specification of Agent Skills recommends as the most. */
  private static final int LINES_MAX = 500;

  private final SkillReader reader;
  private final Documents documents;
  private final Validator validator;
  private final Vocabulary vocabulary;
  private final Path folder;
  private final boolean strict;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * Checks a folder.
   *
   * @param folder absolute and without {@code ..}
   */
  SkillCheck(
      SkillReader reader,
      Documents documents,
      Validator validator,
      Vocabulary vocabulary,
      Path folder,
      boolean strict) {
    this.reader = reader;
    this.documents = documents;
    this.validator = validator;
    this.vocabulary = vocabulary;
    this.folder = folder;
    this.strict = strict;
  }

  /** All problems, in reading order. */
  List<Problem> problems() {
    SkillReader.Reading reading = reader.read(folder, String.valueOf(folder.getFileName()), strict);
    problems.addAll(reading.problems());
    problems.addAll(ofWorkflow(reading.skill(), documents));
    Path overlay = folder.resolve(SkillFileNames.OVERLAY);
    JsonNode value = null;
    if (Files.isRegularFile(overlay)) {
      Tree tree = documents.tree(overlay, "skill.schema.json");
      value = tree.value();
      if (value != null && tree.problems().isEmpty()) {
        inputs(value.path("inputs"), tree.source());
        capabilities(value.path("capabilities"), tree.source());
      }
    }
    instructions(value).ifPresent(this::instructions);
    outputSchema(value);
    return problems.stream().distinct().sorted(Problem.ORDER).toList();
  }

  /** What is wrong with the workflow that a skill names, in itself. */
  static List<Problem> ofWorkflow(@Nullable Skill skill, Documents documents) {
    return skill == null || skill.workflow() == null
        ? List.of()
        : documents.workflow(Path.of(skill.folder()).resolve(skill.workflow())).problems();
  }

  private void inputs(JsonNode inputs, Source source) {
    for (int i = 0; i < inputs.size(); i++) {
      JsonNode input = inputs.path(i);
      String at = "/inputs/" + i + "/default";
      String name = input.path("name").asString("");
      JsonNode schema = SkillInputs.schema(inputs).path("properties").path(name);
      SchemaFlaws.of(schema, validator)
          .forEach(
              flaw ->
                  problems.add(
                      Problem.invalid(flaw.rule(), source.place(at), flaw.message(), null)));
    }
  }

  /** Custom words are allowed; one that is nearly a known word was hardly meant. */
  private void capabilities(JsonNode capabilities, Source source) {
    for (Map.Entry<String, JsonNode> list : capabilities.properties()) {
      for (int i = 0; i < list.getValue().size(); i++) {
        String word = list.getValue().path(i).asString("");
        Place place = source.place("/capabilities/" + list.getKey() + "/" + i);
        if (!vocabulary.names().contains(word)) {
          Nearest.to(word, vocabulary.names())
              .ifPresent(
                  near ->
                      warn(
                          Rule.CAPABILITY_NAME,
                          place,
                          "The vocabulary has no capability `" + word + "`.",
                          "Did you mean `" + near + "`? Other skills and tools know that word."));
        }
      }
    }
  }

  /** The file with what the model is told, as the reader chooses it. */
  private Optional<Path> instructions(@Nullable JsonNode overlay) {
    String named = overlay == null ? "" : overlay.path("instructions").asString("");
    Path own = folder.resolve(named.isEmpty() ? SkillFileNames.INSTRUCTIONS : named).normalize();
    if (overlay != null && own.startsWith(folder) && Files.isRegularFile(own)) {
      return Optional.of(own);
    }
    Path markdown = SkillReader.markdownFile(folder);
    return Files.isRegularFile(markdown) ? Optional.of(markdown) : Optional.empty();
  }

  private void instructions(Path file) {
    if (problems.stream().anyMatch(problem -> problem.rule() == Rule.UNREADABLE_FILE)) {
      return;
    }
    String text = text(file);
    List<String> lines = text.lines().toList();
    boolean headed = file.equals(SkillReader.markdownFile(folder));
    int begin = headed ? (int) SkillMarkdown.read(text).head().lines().count() : 0;
    List<String> body = lines.subList(begin, lines.size());
    if (body.stream().allMatch(String::isBlank)) {
      // The specification of Agent Skills demands none.
      problems.add(
          new Problem(
              headed ? Severity.WARNING : Severity.ERROR,
              Kind.INVALID,
              Rule.SKILL_INSTRUCTIONS,
              Place.file(file.toString()),
              "Expected the instructions of the skill, found none.",
              "Write what the model is to do."));
    }
    if (body.size() > LINES_MAX) {
      warn(
          Rule.LONG_INSTRUCTIONS,
          place(file, begin + LINES_MAX, 0, lines),
          "Expected at most %d lines of instructions, found %d.".formatted(LINES_MAX, body.size()),
          "Move details into files of the folder that are read when they are needed.");
    }
    MarkdownLinks.of(lines).stream()
        .filter(link -> link.line() >= begin)
        .forEach(link -> link(file, link, lines));
  }

  private void link(Path file, MarkdownLinks.Link link, List<String> lines) {
    Path target = MarkdownLinks.resolve(folder, link.target());
    boolean inside = target != null && target.startsWith(folder);
    if (!inside || !Files.exists(target)) {
      warn(
          Rule.BROKEN_LINK,
          place(file, link.line(), link.column() + 1, lines),
          "Expected a file of the skill's folder, found a link to `%s`, %s."
              .formatted(link.target(), inside ? "which does not exist" : "which leads out of it"),
          "A link is relative to the folder of the skill.");
    }
  }

  private void outputSchema(@Nullable JsonNode overlay) {
    String named = overlay == null ? "" : overlay.at("/output/schema").asString("");
    Path file = folder.resolve(named.isEmpty() ? SkillFileNames.OUTPUT : named).normalize();
    if (overlay == null || !file.startsWith(folder) || !Files.isRegularFile(file)) {
      return;
    }
    Tree tree = documents.tree(file, "");
    JsonNode schema = tree.value();
    if (schema == null || !validator.checkSchema(schema).isEmpty()) {
      return;
    }
    SchemaWords.unknown(
        schema,
        "",
        at -> {
          String key = at.substring(at.lastIndexOf('/') + 1);
          warn(
              Rule.UNKNOWN_KEYWORD,
              tree.source().key(at),
              "Expected a keyword of JSON Schema, found `%s`, which checks nothing.".formatted(key),
              Nearest.to(key, Set.copyOf(SchemaWords.all()))
                  .map(near -> "Did you mean `" + near + "`?")
                  .orElse("Begin a word of your own with `x-`."));
        });
    SchemaFlaws.of(schema, validator)
        .forEach(
            flaw ->
                problems.add(
                    Problem.invalid(
                        flaw.rule(), tree.source().place(flaw.pointer()), flaw.message(), null)));
  }

  private void warn(Rule rule, Place place, String message, String hint) {
    problems.add(new Problem(Severity.WARNING, Kind.INVALID, rule, place, message, hint));
  }

  /** A place, by the index of its line and the column counted from 1; 0: the line as a whole. */
  private static Place place(Path file, int line, int column, List<String> lines) {
    return new Place(file.toString(), line + 1, column, lines.get(line));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be read", e);
    }
  }
}
