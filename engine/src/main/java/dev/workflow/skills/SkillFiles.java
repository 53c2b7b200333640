package dev.workflow.skills;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Kind;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.definition.SkillFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The text files that lie beside the instructions of a skill, for its agent to read when it needs
 * them. Links are never followed, so nothing outside of the folder is read.
 */
final class SkillFiles {

  /** Longer files are for programs to read. */
  static final int FILE_BYTES_MAX = 256 << 10;

  /** All files together are kept in the journal of each run. */
  static final int BYTES_MAX = 2 << 20;

  static final int FILES_MAX = 200;
  private static final int SAMPLE_BYTES = 4 << 10;
  static final int DEPTH_MAX = 8;
  static final int LOOKED_AT_MAX = 5_000;

  private static final Set<String> LEFT_OUT = Set.of("cases", "node_modules", "__pycache__");

  private final Path folder;
  private final Set<String> named;
  private final List<SkillFile> files = new ArrayList<>();
  private final List<String> tooLarge = new ArrayList<>();
  private final List<String> unreadable = new ArrayList<>();
  private final List<String> links = new ArrayList<>();
  private final List<String> deep = new ArrayList<>();
  private final List<String> beyond = new ArrayList<>();
  private int bytes;
  private int lookedAt;

  private SkillFiles(Path folder, Set<String> named) {
    this.folder = folder;
    this.named = named;
  }

  /** Files in the order of their names, and what is not among them and why. */
  record Found(List<SkillFile> files, List<Problem> problems) {}

  /**
   * The files of a skill.
   *
   * @param named files that {@code skill.yaml} names for another purpose
   */
  static Found of(Path folder, Set<String> named) {
    SkillFiles found = new SkillFiles(folder, named);
    found.walk(folder, "", 0);
    return new Found(List.copyOf(found.files), found.problems());
  }

  private void walk(Path at, String prefix, int depth) {
    for (Path path : sorted(at)) {
      String name = String.valueOf(path.getFileName());
      boolean shown = !name.startsWith(".") && name.chars().noneMatch(Character::isISOControl);
      if (!shown) {
        continue;
      }
      if (++lookedAt > LOOKED_AT_MAX) {
        if (beyond.isEmpty()) {
          beyond.add(prefix + name + " and what comes after it");
        }
        return;
      }
      if (Files.isSymbolicLink(path)) {
        links.add(prefix + name);
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        if (!(prefix.isEmpty() && SkillFileNames.OWN.contains(name))
            && !named.contains(prefix + name)) {
          file(path, prefix + name);
        }
      } else if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)
          && !(LEFT_OUT.contains(name) || SkillReader.isSkill(path))) {
        if (depth < DEPTH_MAX) {
          walk(path, prefix + name + "/", depth + 1);
        } else {
          deep.add(prefix + name);
        }
      }
    }
  }

  private List<Path> sorted(Path folder) {
    List<Path> paths = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      children.forEach(paths::add);
    } catch (IOException e) {
      unreadable.add(String.valueOf(folder.getFileName()));
      return List.of();
    }
    paths.sort(null);
    return paths;
  }

  private void file(Path path, String name) {
    try {
      long size = Files.size(path);
      boolean fits =
          size <= FILE_BYTES_MAX && bytes + size <= BYTES_MAX && files.size() < FILES_MAX;
      Optional<String> text = text(beginning(path, fits ? FILE_BYTES_MAX : SAMPLE_BYTES), !fits);
      if (text.isPresent() && fits) {
        files.add(new SkillFile(name, text.get()));
        bytes += (int) size;
      } else if (text.isPresent()) {
        tooLarge.add(name);
      }
    } catch (IOException e) {
      unreadable.add(name);
    }
  }

  private static byte[] beginning(Path path, int bytesMax) throws IOException {
    try (InputStream in = Files.newInputStream(path, LinkOption.NOFOLLOW_LINKS)) {
      return in.readNBytes(bytesMax);
    }
  }

  /**
   * The text of a file; empty: it is a picture or a program.
   *
   * @param cut whether the bytes end somewhere, and not with the file
   */
  private static Optional<String> text(byte[] bytes, boolean cut) {
    CharBuffer text = CharBuffer.allocate(bytes.length);
    CoderResult end =
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes), text, !cut);
    String read = text.flip().toString();
    return end.isError() || read.indexOf('\0') >= 0 ? Optional.empty() : Optional.of(read);
  }

  private List<Problem> problems() {
    List<Problem> problems = new ArrayList<>();
    if (!links.isEmpty()) {
      problems.add(
          warning(
              Rule.SKILL_LINK,
              "Links are not followed, so the agent cannot read %s.".formatted(few(links)),
              "Put a copy of the file into the folder."));
    }
    if (!unreadable.isEmpty()) {
      problems.add(
          warning(
              Rule.SKILL_UNREADABLE,
              "The agent cannot read %s: you may not read it.".formatted(few(unreadable)),
              "Check who owns it."));
    }
    if (!tooLarge.isEmpty()) {
      problems.add(
          warning(
              Rule.SKILL_SIZE,
              ("The agent cannot read %s: of a skill, %d texts of at most 256 KiB each and 2 MiB"
                      + " together are kept.")
                  .formatted(few(tooLarge), FILES_MAX),
              "Split long files, or have a tool read them."));
    }
    if (!deep.isEmpty()) {
      problems.add(
          warning(
              Rule.SKILL_SIZE,
              "The agent cannot read %s: folders are looked at %d deep."
                  .formatted(few(deep), DEPTH_MAX),
              "Put the files further up."));
    }
    if (!beyond.isEmpty()) {
      problems.add(
          warning(
              Rule.SKILL_SIZE,
              "The agent cannot read %s: of a skill, %,d files and folders are looked at."
                  .formatted(few(beyond), LOOKED_AT_MAX),
              "Put what the agent needs into fewer files."));
    }
    return problems;
  }

  private static String few(List<String> names) {
    int shown = Math.min(names.size(), 5);
    String more = names.size() > shown ? " and " + (names.size() - shown) + " more" : "";
    return String.join(", ", names.subList(0, shown)) + more;
  }

  private Problem warning(Rule rule, String message, String hint) {
    return new Problem(
        Severity.WARNING, Kind.INVALID, rule, Place.file(folder.toString()), message, hint);
  }
}
