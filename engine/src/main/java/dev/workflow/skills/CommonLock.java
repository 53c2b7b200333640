package dev.workflow.skills;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file {@code skills-lock.json}, which the installer that clients have in common ({@code npx
 * skills}) keeps in a project. What it says of skills that we have not installed is left alone.
 */
final class CommonLock {
  static final String FILE = "skills-lock.json";
  private static final int VERSION = 1;
  private static final String SKILLS = "skills";
  private static final String GITHUB = "https://github.com/";

  private final Path file;
  private final ObjectNode document;
  private @Nullable Runnable undo;

  private CommonLock(Path file, ObjectNode document) {
    this.file = file;
    this.document = document;
  }

  /**
   * One entry.
   *
   * @param source {@code owner/repo} of GitHub, or an address, or a path
   * @param sourceType {@code github}, {@code git}, {@code local}, or of another kind
   * @param ref branch, tag or commit; absent: none was named
   * @param skillPath of its {@code SKILL.md} in the repository; absent: it has to be looked for
   * @param computedHash of all files, in the way of that installer
   */
  record Entry(
      String source,
      String sourceType,
      @Nullable String ref,
      @Nullable String skillPath,
      String computedHash) {

    /** The source as {@code skill install} takes it; absent: of a kind that it does not know. */
    @Nullable String asSource() {
      String folder =
          skillPath == null
              ? ""
              : skillPath.replaceAll("(^|/)" + SkillFileNames.MARKDOWN + "$", "");
      String below = folder.isEmpty() ? "" : "/" + folder;
      String named = ref == null ? "" : "#" + ref;
      return switch (sourceType) {
        case "github" -> "github.com/" + source + below + named;
        case "git", "gitlab" ->
            below.isEmpty() || source.endsWith(".git")
                ? source + below + named
                : source + ".git" + below + named;
        case "local" -> source;
        default -> null;
      };
    }
  }

  static CommonLock read(Path file) {
    return new CommonLock(
        file, SortedJson.read(file).orElseGet(() -> JsonNodeFactory.instance.objectNode()));
  }

  Map<String, Entry> skills() {
    Map<String, Entry> skills = new TreeMap<>();
    document
        .path(SKILLS)
        .forEachEntry(
            (name, node) ->
                skills.put(
                    name,
                    new Entry(
                        node.path("source").asString(""),
                        node.path("sourceType").asString(""),
                        node.has("ref") ? node.get("ref").asString("") : null,
                        node.has("skillPath") ? node.get("skillPath").asString("") : null,
                        node.path("computedHash").asString(""))));
    return skills;
  }

  void put(String name, LockedSkill skill, PackageTree tree) {
    String address = skill.repository() == null ? skill.source() : skill.repository();
    boolean github = address.startsWith(GITHUB);
    ObjectNode skills =
        document.path(SKILLS) instanceof ObjectNode some ? some : document.putObject(SKILLS);
    ObjectNode node = skills.path(name) instanceof ObjectNode some ? some : skills.putObject(name);
    node.put("source", github ? address.substring(GITHUB.length()) : address);
    node.put("sourceType", github ? "github" : skill.commit() == null ? "local" : "git");
    if (skill.commit() == null) {
      node.remove("ref");
    } else {
      node.put("ref", skill.commit());
    }
    if (tree.files().containsKey(SkillFileNames.MARKDOWN) && skill.commit() != null) {
      node.put(
          "skillPath",
          skill.folder().isEmpty()
              ? SkillFileNames.MARKDOWN
              : skill.folder() + "/" + SkillFileNames.MARKDOWN);
    } else {
      node.remove("skillPath");
    }
    node.put("computedHash", hash(tree));
  }

  void remove(String name) {
    if (document.path(SKILLS) instanceof ObjectNode skills) {
      skills.remove(name);
    }
  }

  void write() {
    if (document.path(SKILLS).isEmpty() && !Files.exists(file)) {
      return;
    }
    if (!document.has("version")) {
      document.put("version", VERSION);
    }
    undo = before();
    SortedJson.write(file, SortedJson.text(document));
  }

  private Runnable before() {
    try {
      if (!Files.exists(file)) {
        return this::delete;
      }
      String text = Files.readString(file);
      return () -> SortedJson.write(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be read", e);
    }
  }

  private void delete() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("The file " + file + " cannot be deleted", e);
    }
  }

  /** Has the file as it was before it was written. */
  void undo() {
    if (undo != null) {
      undo.run();
    }
  }

  /**
   * The hash of that installer: SHA-256 over path and content of each file, in the order in which
   * JavaScript compares texts of a human language. Names outside of ASCII come last here, by code
   * points, which is not always what it does.
   */
  static String hash(PackageTree tree) {
    Map<String, byte[]> files = new TreeMap<>(Collation.ORDER);
    tree.files()
        .forEach(
            (path, bytes) -> {
              if (!path.contains("node_modules/")) {
                files.put(path, bytes);
              }
            });
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      files.forEach(
          (path, bytes) -> {
            digest.update(path.getBytes(StandardCharsets.UTF_8));
            digest.update(bytes);
          });
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The order of the Unicode collation algorithm, as far as it concerns ASCII. */
  private static final class Collation {
    private static final String MARKS = " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$";
    private static final int DIGITS = MARKS.length();
    private static final int LETTERS = DIGITS + 10;
    private static final int OTHERS = LETTERS + 26;

    /** First letters regardless of case; where these are equal, the small letter comes first. */
    static final Comparator<String> ORDER =
        Comparator.<String, int[]>comparing(Collation::weights, Arrays::compare)
            .thenComparing(Collation::cases);

    private Collation() {}

    private static int[] weights(String text) {
      return text.codePoints().map(Collation::weight).toArray();
    }

    private static int weight(int c) {
      if (c >= '0' && c <= '9') {
        return DIGITS + c - '0';
      }
      int lower = c >= 'A' && c <= 'Z' ? c + 'a' - 'A' : c;
      if (lower >= 'a' && lower <= 'z') {
        return LETTERS + lower - 'a';
      }
      int mark = MARKS.indexOf(c);
      return mark < 0 ? OTHERS + c : mark;
    }

    private static String cases(String text) {
      StringBuilder cases = new StringBuilder();
      text.codePoints().forEach(c -> cases.append(c >= 'A' && c <= 'Z' ? '1' : '0'));
      return cases.toString();
    }
  }
}
