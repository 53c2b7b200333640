package dev.workflow.skills;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Documents;
import dev.workflow.engine.DurableFile;
import dev.workflow.engine.Validator;
import dev.workflow.skills.ConversionReport.Draft;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Makes skills of what other clients have, and the reverse, with a report of what became of each
 * part. Nothing is written before all of it was read, converted and found to be sound.
 */
public final class SkillConversions {
  private static final String MARKDOWN = SkillFileNames.MARKDOWN;

  /** A text that is a skill, an agent or a prompt; what is longer fills a model's window. */
  private static final int TEXT_BYTES_MAX = 1 << 20;

  private static final int NAME_MAX = 64;

  private final Documents documents;
  private final SkillReader reader;
  private final Vocabulary vocabulary = Vocabulary.shipped();

  /** Reads files only. */
  public SkillConversions(Documents documents, Validator validator) {
    this.documents = documents;
    this.reader = new SkillReader(documents, validator, vocabulary);
  }

  /** What a skill is made of. */
  public enum From {
    CLAUDE_SKILL,
    CLAUDE_AGENT,
    CODEX,
    PROMPT_TEMPLATE;

    /** As it is written on a command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What is made of a skill. */
  public enum To {
    AGENT_SKILL,
    CLAUDE_AGENT;

    /** As it is written on a command line. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Makes a skill. Nothing is written.
   *
   * @param source a file, or the folder of a skill
   * @param name of the skill; absent: the one it has
   * @param description what it is for, where that {@linkplain #takesDescription can be said};
   *     absent: what the source says
   * @throws SkillPackageException when it cannot be made
   */
  public Conversion importing(
      From from, Path source, @Nullable String name, @Nullable String description) {
    Path whole = source.toAbsolutePath().normalize();
    requireNoLink(whole);
    Conversion made =
        switch (from) {
          case CLAUDE_SKILL -> skill(whole, name);
          case CLAUDE_AGENT -> agent(whole, name, description);
          case CODEX -> codex(whole, name, description);
          case PROMPT_TEMPLATE ->
              new PromptSkill(documents).of(whole, text(whole), named(name, whole), description);
        };
    requireSound(made, whole);
    return made;
  }

  /** Whether a description can be given: a folder with a SKILL.md says what it is for by itself. */
  public static boolean takesDescription(From from, Path source) {
    return switch (from) {
      case CLAUDE_SKILL -> false;
      case CODEX -> !isFolderOfSkill(source);
      case CLAUDE_AGENT, PROMPT_TEMPLATE -> true;
    };
  }

  private static boolean isFolderOfSkill(Path source) {
    return Files.isDirectory(source) || source.endsWith(MARKDOWN);
  }

  /** A folder with a SKILL.md stays what it is. */
  private Conversion skill(Path source, @Nullable String name) {
    Path folder = source.endsWith(MARKDOWN) ? source.getParent() : source;
    if (folder == null
        || !Files.isRegularFile(folder.resolve(MARKDOWN), LinkOption.NOFOLLOW_LINKS)) {
      throw SkillPackageException.missing(
          Rule.CONVERSION_SOURCE,
          source.toString(),
          "Expected a folder with a SKILL.md, found none.",
          "Check the path, and what it is --from.");
    }
    PackageTree tree = PackageTree.of(folder, PackageLimits.DEFAULT);
    String called = name == null ? String.valueOf(folder.getFileName()) : name;
    Draft report = new Draft();
    SkillImport.report(reader.headOf(folder.resolve(MARKDOWN), called), tree, report);
    return new Conversion(isName(called, source), tree, true, report.done());
  }

  private Conversion agent(Path source, @Nullable String name, @Nullable String description) {
    SkillText agent = described(SkillText.read(source, text(source), documents), description);
    String called = named(name == null ? agent.text("name").orElse(null) : name, source);
    Draft report = new Draft();
    SkillText skill = ClaudeAgent.toSkill(agent, called, vocabulary, report);
    return new Conversion(called, skill.tree(MARKDOWN), true, report.done());
  }

  private Conversion codex(Path source, @Nullable String name, @Nullable String description) {
    if (isFolderOfSkill(source)) {
      return skill(source, name);
    }
    SkillText prompt = described(SkillText.read(source, text(source), documents), description);
    return CodexPrompt.of(source, prompt, named(name, source));
  }

  private static SkillText described(SkillText text, @Nullable String description) {
    if (description != null) {
      text.fields().put("description", description);
    }
    return text;
  }

  /**
   * Makes of a skill what another client reads. Nothing is written.
   *
   * @throws SkillPackageException when a model has nothing to follow there
   */
  public Conversion exporting(Skill skill, To to) {
    Path folder = Path.of(skill.folder());
    SkillExport export =
        reader
            .export(folder, skill.name())
            .filter(each -> !each.markdown().body().isBlank())
            .orElseThrow(
                () ->
                    SkillPackageException.refused(
                        Rule.CONVERSION_INSTRUCTIONS,
                        folder.toString(),
                        "Expected instructions that a model of another client could follow, found"
                            + " none.",
                        "A workflow means nothing there: write instructions.md, too."));
    PackageTree files = SkillExport.beside(PackageTree.of(folder, PackageLimits.DEFAULT), folder);
    return switch (to) {
      case AGENT_SKILL -> export.asFolder(skill.name(), files);
      case CLAUDE_AGENT -> asAgent(skill, export, files);
    };
  }

  private Conversion asAgent(Skill skill, SkillExport export, PackageTree files) {
    Path file = Path.of(skill.folder()).resolve(MARKDOWN);
    Draft report = new Draft();
    SkillText agent =
        ClaudeAgent.toAgent(SkillText.read(file, export.markdown().text(), documents), report);
    ConversionReport before = export.report();
    before.mapped().stream()
        .filter(line -> line.startsWith("capability "))
        .forEach(report::mappedBefore);
    before.lost().forEach(report::lostBefore);
    files.files().keySet().forEach(path -> report.lost(path, "an agent is one file"));
    String name = skill.name() + ".md";
    return new Conversion(name, agent.tree(name), false, report.done());
  }

  /**
   * Writes what was made, all of it or nothing.
   *
   * @param folder in which its folder or file is put
   * @param force whether what is there already is replaced
   * @return what was written
   */
  public Path write(Conversion made, Path folder, boolean force) {
    Path target = folder.resolve(made.name());
    requireFree(target, force); // Nothing is left behind where that is known at once.
    if (made.isFolder()) {
      SkillStore store = new SkillStore(folder);
      return store.alone(
          () -> {
            requireFree(target, force);
            store.put(made.name(), made.tree(), () -> {});
            return target;
          });
    }
    try {
      DurableFile.replace(target, made.bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(target + " cannot be written: " + e.getMessage(), e);
    }
    return target;
  }

  private static void requireFree(Path target, boolean force) {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !force) {
      throw SkillPackageException.refused(
          Rule.CONVERSION_EXISTS,
          target.toString(),
          "Expected nothing of that name, found something.",
          "Nothing was written. To replace it: --force. To write elsewhere: name another folder.");
    }
  }

  private void requireSound(Conversion made, Path source) {
    UnpackedTree.<@Nullable Void>read(
        made.tree(),
        folder -> {
          SkillReader.Reading reading = reader.read(folder, made.name(), false);
          List<Problem> problems = new ArrayList<>(reading.problems());
          problems.addAll(SkillCheck.ofWorkflow(reading.skill(), documents));
          if (problems.stream().anyMatch(problem -> problem.severity() == Severity.ERROR)) {
            throw new SkillPackageException(
                problems.stream().map(problem -> ofSource(problem, folder, source)).toList());
          }
          return null;
        });
  }

  /** A place in the source; where that is one file, what was made of it has other lines. */
  private static Problem ofSource(Problem problem, Path made, Path source) {
    Problem moved = UnpackedTree.moved(problem, made, source.toString());
    return Files.isDirectory(source)
        ? moved
        : new Problem(
            moved.severity(),
            moved.kind(),
            moved.rule(),
            Place.file(source.toString()),
            moved.message(),
            moved.hint());
  }

  private static void requireNoLink(Path source) {
    if (Files.isSymbolicLink(source)) {
      throw SkillPackageException.refused(
          Rule.CONVERSION_LINK,
          source.toString(),
          "Expected a file or a folder, found a symbolic link.",
          "Name what it leads to.");
    }
    if (!Files.exists(source)) {
      throw SkillPackageException.missing(
          Rule.CONVERSION_SOURCE, source.toString(), "There is no such file.", "Check the path.");
    }
  }

  private static String text(Path file) {
    if (!Files.isRegularFile(file)) {
      throw SkillPackageException.refused(
          Rule.CONVERSION_SOURCE,
          file.toString(),
          "Expected a file, found a folder.",
          "Name one file.");
    }
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] bytes = in.readNBytes(TEXT_BYTES_MAX + 1);
      if (bytes.length > TEXT_BYTES_MAX) {
        throw SkillPackageException.refused(
            Rule.CONVERSION_SIZE,
            file.toString(),
            "Expected a text of at most 1 MiB, found a larger one.",
            null);
      }
      return UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw SkillPackageException.refused(
          Rule.CONVERSION_SOURCE, file.toString(), "Expected a UTF-8 text, found none.", null);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** The name of a skill: the given one where it is one, else what can be made of it. */
  private static String named(@Nullable String name, Path source) {
    String file = String.valueOf(source.getFileName());
    int dot = file.indexOf('.', 1);
    String wanted = name == null ? (dot < 0 ? file : file.substring(0, dot)) : name;
    String plain =
        wanted.toLowerCase(Locale.ROOT).replaceAll("[^\\p{L}\\p{N}]+", "-").replaceAll("^-|-$", "");
    return isName(plain.length() > NAME_MAX ? plain.substring(0, NAME_MAX) : plain, source);
  }

  private static String isName(String name, Path source) {
    if (!SkillFolders.isName(name)) {
      throw SkillPackageException.refused(
          Rule.CONVERSION_NAME,
          source.toString(),
          "Expected a name of letters, digits and `-`, found `%s`.".formatted(name),
          "Choose one: --name NAME.");
    }
    return name;
  }
}
