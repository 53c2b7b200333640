package dev.workflow.skills;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Documents.Tree;
import dev.workflow.skills.SkillSource.Ref;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A registry file: which name of a skill stands for which repository, and its versions. */
final class SkillRegistry {
  private static final String SCHEMA = "registry.schema.json";
  private static final Pattern PARTS = Pattern.compile("[0-9]+|[^0-9.]+");

  private final Documents documents;
  private final Path file;

  SkillRegistry(Documents documents, Path file) {
    this.documents = documents;
    this.file = file;
  }

  /**
   * Where a name leads.
   *
   * @param version that was chosen; empty: the registry lists none
   * @param commit that it must be; absent: any
   * @param tree hash that it must have; absent: any
   */
  record Listing(
      SkillSource.Git git, String version, @Nullable String commit, @Nullable String tree) {}

  Listing find(SkillSource.Listed wanted) {
    if (!Files.isRegularFile(file)) {
      throw SkillPackageException.missing(
          Rule.SKILL_REGISTRY,
          file.toString(),
          "mcp://skills/%s is looked up in a registry file, and there is none."
              .formatted(wanted.name()),
          "Write one (workflow schema registry), or name another by --registry FILE.");
    }
    Tree tree = documents.tree(file, SCHEMA);
    if (tree.value() == null || !tree.problems().isEmpty()) {
      throw new SkillPackageException(tree.problems());
    }
    JsonNode skills = tree.value().path("skills");
    JsonNode entry = skills.path(wanted.name());
    if (entry.isMissingNode()) {
      throw missing(
          tree.source().place("/skills"),
          "The registry has no skill `%s`.".formatted(wanted.name()),
          Nearest.hint(wanted.name(), names(skills)));
    }
    return listing(wanted, entry, tree.source().place("/skills/" + wanted.name()));
  }

  private Listing listing(SkillSource.Listed wanted, JsonNode entry, Place place) {
    String address = entry.path("repository").asString("");
    Path base = file.toAbsolutePath().getParent();
    if (!(SkillSource.of(address, base == null ? file : base) instanceof SkillSource.Git git)
        || !(git.ref() instanceof Ref.Head)
        || !git.folder().isEmpty()) {
      throw new SkillPackageException(
          List.of(
              Problem.invalid(
                  Rule.SKILL_REGISTRY,
                  place,
                  "Expected the address of a git repository, found `%s`.".formatted(address),
                  "Folder and version have keys of their own: `folder`, `versions`.")));
    }
    JsonNode versions = entry.path("versions");
    String version = wanted.version();
    if (version == null && !versions.isEmpty()) {
      version = entry.path("latest").asString(newest(versions));
    }
    String folder = entry.path("folder").asString("");
    if (version == null) {
      return new Listing(new SkillSource.Git(git.repository(), folder, git.ref()), "", null, null);
    }
    JsonNode one = versions.path(version);
    if (one.isMissingNode() && !versions.isEmpty()) {
      throw missing(
          place,
          "The registry has no version `%s` of `%s`.".formatted(version, wanted.name()),
          Nearest.hint(version, names(versions)));
    }
    String tag = one.path("tag").asString(wanted.name() + "@" + version);
    String commit = one.has("commit") ? one.get("commit").asString("") : null;
    return new Listing(
        new SkillSource.Git(
            git.repository(),
            folder,
            one.has("tag") || commit == null ? new Ref.Tag(tag) : new Ref.Named(commit)),
        version,
        commit,
        one.has("tree") ? one.get("tree").asString("") : null);
  }

  private static SkillPackageException missing(Place place, String message, String hint) {
    return new SkillPackageException(
        List.of(Problem.missing(Rule.SKILL_REGISTRY, place, message, hint)));
  }

  private static List<String> names(JsonNode object) {
    List<String> names = new ArrayList<>();
    object.forEachEntry((name, value) -> names.add(name));
    return names;
  }

  private static String newest(JsonNode versions) {
    return names(versions).stream().max(SkillRegistry::compare).orElseThrow();
  }

  /** By their numbers; a version with a word behind them comes before the one without. */
  static int compare(String one, String other) {
    List<String> mine = parts(one);
    List<String> others = parts(other);
    for (int i = 0; i < Math.max(mine.size(), others.size()); i++) {
      String a = i < mine.size() ? mine.get(i) : "";
      String b = i < others.size() ? others.get(i) : "";
      int order =
          isNumber(a) && isNumber(b)
              ? Long.compare(number(a), number(b))
              : Integer.compare(rank(a), rank(b));
      order = order == 0 && !isNumber(a) ? a.compareTo(b) : order;
      if (order != 0) {
        return order;
      }
    }
    return one.compareTo(other);
  }

  private static int rank(String part) {
    return part.isEmpty() ? 1 : isNumber(part) ? 2 : 0;
  }

  private static boolean isNumber(String part) {
    return !part.isEmpty() && Character.isDigit(part.charAt(0));
  }

  private static long number(String part) {
    return part.length() > 18 ? Long.MAX_VALUE : Long.parseLong(part);
  }

  private static List<String> parts(String version) {
    List<String> parts = new ArrayList<>();
    Matcher matcher = PARTS.matcher(version);
    while (matcher.find()) {
      parts.add(matcher.group());
    }
    return parts;
  }
}
