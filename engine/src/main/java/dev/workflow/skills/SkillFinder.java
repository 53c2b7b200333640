package dev.workflow.skills;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Validator;
import dev.workflow.skills.GitRemote.Snapshot;
import dev.workflow.skills.SkillSource.Ref;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Fetches packages from wherever they are and tells whether they are sound skills. */
final class SkillFinder {
  private static final int LISTED_MAX = 20;
  private static final String REGISTRY = "mcp://skills/";

  private final Documents documents;
  private final SkillReader reader;
  private final Path registry;
  private final @Nullable String token;
  private final PackageLimits limits;

  /**
   * Looks everywhere.
   *
   * @param registry file that {@code mcp://skills/NAME} is looked up in
   * @param token for the host of a repository; absent: only what anybody may read
   */
  SkillFinder(
      Documents documents,
      Validator validator,
      Path registry,
      @Nullable String token,
      PackageLimits limits) {
    this.documents = documents;
    this.reader = new SkillReader(documents, validator, Vocabulary.shipped());
    this.registry = registry;
    this.token = token;
    this.limits = limits;
  }

  PackageLimits limits() {
    return limits;
  }

  /**
   * Fetches a skill.
   *
   * @param name of the skill, where there are several; absent: there is one
   */
  Candidate find(SkillSource source, @Nullable String name) {
    return switch (source) {
      case SkillSource.Git git -> git(git, name, (folder, commit) -> ofGit(git, folder, commit));
      case SkillSource.Listed listed -> listed(listed);
      case SkillSource.Folder folder -> folder(folder.path(), name);
      case SkillSource.Archive archive -> archive(archive.path(), name);
    };
  }

  private static Candidate.Origin ofGit(SkillSource.Git git, String folder, String commit) {
    return new Candidate.Origin(git.repository(), git.ref().written(), null, folder, commit, null);
  }

  /** Says where a package was found, once folder and commit are known. */
  private interface Found {
    Candidate.Origin at(String folder, String commit);
  }

  private Candidate git(SkillSource.Git git, @Nullable String name, Found found) {
    try (GitRemote remote = new GitRemote(git.repository(), limits, token)) {
      Snapshot snapshot = remote.fetch(git.ref());
      String folder =
          git.folder().isEmpty()
              ? chosen(git.repository(), remote.skillFolders(snapshot), name)
              : git.folder();
      PackageNames.flaw(folder)
          .filter(flaw -> !folder.isEmpty())
          .ifPresent(
              flaw -> {
                throw SkillPackageException.refused(
                    Rule.PACKAGE_NAME,
                    git.repository(),
                    "Expected a folder with a name that is safe on every system, found `%s`: %s."
                        .formatted(folder, flaw),
                    "Nothing was installed.");
              });
      Unpacking unpacking = new Unpacking(git.repository(), limits, limits.totalBytes());
      remote.read(snapshot, folder, unpacking);
      String where = folder.isEmpty() ? git.repository() : git.repository() + "/" + folder;
      return sound(where, unpacking.tree(), name, found.at(folder, snapshot.id()));
    }
  }

  private Candidate listed(SkillSource.Listed listed) {
    SkillRegistry.Listing listing = new SkillRegistry(documents, registry).find(listed);
    String source = REGISTRY + listed.name();
    String ref = listed.version() == null ? "" : "@" + listed.version();
    Candidate candidate =
        git(
            listing.git(),
            listed.name(),
            (folder, commit) ->
                new Candidate.Origin(
                    source, ref, listing.git().repository(), folder, commit, null));
    String commit = listing.commit();
    if (commit != null && !commit.equals(candidate.commit())) {
      throw mismatch(source + ref, "commit " + commit, "commit " + candidate.commit());
    }
    String tree = listing.tree();
    if (tree != null && !tree.equals(candidate.hash())) {
      throw mismatch(source + ref, "files with the hash " + tree, "the hash " + candidate.hash());
    }
    return candidate;
  }

  private static SkillPackageException mismatch(String where, String expected, String found) {
    return SkillPackageException.untrusted(
        Rule.PACKAGE_PINNED,
        where,
        "Expected %s, as the registry pins it, found %s.".formatted(expected, found),
        "Nothing was installed. Somebody has moved a tag, or the registry is wrong.");
  }

  private Candidate folder(Path path, @Nullable String name) {
    Path skill = path;
    if (!SkillReader.isSkill(path) && name != null && SkillFolders.isName(name)) {
      skill =
          List.of(path.resolve(name), path.resolve("skills").resolve(name)).stream()
              .filter(SkillReader::isSkill)
              .findFirst()
              .orElse(path);
    }
    if (!SkillReader.isSkill(skill)) {
      throw noSkill(path.toString());
    }
    return sound(
        skill.toString(),
        PackageTree.of(skill, limits),
        name,
        new Candidate.Origin(skill.toString(), "", null, "", null, skill));
  }

  private Candidate archive(Path path, @Nullable String name) {
    String where = path.toString();
    byte[] bytes = bytes(path);
    long most = limits.unpackedBytes(bytes.length);
    Unpacking unpacking = new Unpacking(where, limits, most);
    try {
      if (where.toLowerCase(Locale.ROOT).endsWith(".zip")) {
        ZipPackage.read(bytes, unpacking);
      } else {
        TarPackage.read(bytes, most, unpacking);
      }
    } catch (EOFException e) {
      throw unpacking.refused(
          Rule.PACKAGE_ARCHIVE, "Expected a whole archive, found that it is cut.");
    } catch (ZipException e) {
      throw unpacking.refused(
          Rule.PACKAGE_ARCHIVE,
          "Expected a sound archive, found that %s.".formatted(e.getMessage()));
    } catch (IOException e) {
      throw new UncheckedIOException("The archive " + path + " cannot be read", e);
    }
    String folder = chosen(where, unpacking.tree().skillFolders(), name);
    return sound(
        folder.isEmpty() ? where : where + ":" + folder,
        unpacking.tree().under(folder),
        name,
        new Candidate.Origin(where, "", null, folder, null, path));
  }

  private byte[] bytes(Path archive) {
    try (InputStream in = Files.newInputStream(archive)) {
      byte[] bytes = in.readNBytes(limits.downloadBytes() + 1);
      if (bytes.length > limits.downloadBytes()) {
        throw SkillPackageException.refused(
            Rule.PACKAGE_SIZE,
            archive.toString(),
            "Expected an archive of at most %s, found a larger one."
                .formatted(Sizes.of(limits.downloadBytes())),
            "Nothing was installed.");
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException("The archive " + archive + " cannot be read", e);
    }
  }

  private static String chosen(String where, List<String> folders, @Nullable String name) {
    List<String> fitting =
        folders.contains("") && (name == null || folders.size() == 1)
            ? List.of("")
            : folders.stream()
                .filter(folder -> name == null || ("/" + folder).endsWith("/" + name))
                .toList();
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    if (folders.isEmpty()) {
      throw noSkill(where);
    }
    if (fitting.isEmpty() && name != null) {
      throw SkillPackageException.missing(
          Rule.PACKAGE_SKILL,
          where,
          "There is no skill `%s`.".formatted(name),
          Nearest.hint(name, folders.stream().map(SkillFinder::last).toList()));
    }
    String listed =
        fitting.stream()
            .limit(LISTED_MAX)
            .map(folder -> folder.isEmpty() ? "." : folder)
            .reduce((one, other) -> one + ", " + other)
            .orElse("");
    int more = fitting.size() - LISTED_MAX;
    throw SkillPackageException.refused(
        Rule.PACKAGE_SKILL,
        where,
        "Expected one skill, found %d: %s."
            .formatted(fitting.size(), more > 0 ? listed + " and " + more + " more" : listed),
        name == null
            ? "Choose one by --name NAME, or by its folder behind the address."
            : "Choose one by its folder behind the address.");
  }

  private static String last(String folder) {
    return folder.substring(folder.lastIndexOf('/') + 1);
  }

  private static SkillPackageException noSkill(String where) {
    return SkillPackageException.refused(
        Rule.PACKAGE_SKILL,
        where,
        "Expected a skill, found neither a skill.yaml nor a SKILL.md.",
        "If it holds several skills, choose one by --name NAME.");
  }

  /** Reads a package as the skill that it claims to be. */
  Candidate sound(String where, PackageTree tree, @Nullable String name, Candidate.Origin origin) {
    if (tree.files().keySet().stream().noneMatch(SkillFileNames::makesSkill)) {
      throw noSkill(where);
    }
    return UnpackedTree.read(tree, folder -> read(where, folder, tree, name, origin));
  }

  private Candidate read(
      String where, Path folder, PackageTree tree, @Nullable String name, Candidate.Origin origin) {
    String declared = reader.declaredName(folder);
    String wanted = name == null ? declared : name;
    if (!SkillFolders.isName(wanted)) {
      throw SkillPackageException.refused(
          Rule.PACKAGE_SKILL,
          where,
          "Expected that the skill says its name in letters, digits, `-` and `_`, found `%s`."
              .formatted(wanted),
          "Nothing was installed.");
    }
    if (!declared.isEmpty() && !declared.equals(wanted)) {
      throw SkillPackageException.refused(
          Rule.PACKAGE_SKILL,
          where,
          "Expected the skill `%s`, found `%s`.".formatted(wanted, declared),
          "Nothing was installed.");
    }
    SkillReader.Reading reading = reader.read(folder, wanted, false);
    Skill skill = reading.skill();
    if (skill == null) {
      throw new SkillPackageException(
          reading.problems().stream()
              .map(problem -> UnpackedTree.moved(problem, folder, where))
              .toList());
    }
    return new Candidate(skill, tree, wishes(skill, folder, tree), origin);
  }

  /** Of a skill that is installed; null where it cannot be read. */
  @Nullable SkillWishes wishes(Path folder, String name, PackageTree tree) {
    Skill skill = reader.read(folder, name, false).skill();
    return skill == null ? null : wishes(skill, folder, tree);
  }

  private SkillWishes wishes(Skill skill, Path folder, PackageTree tree) {
    return SkillWishes.of(
        skill,
        tree,
        BroughtWorkflows.of(skill, folder, documents, reader),
        reader.allowedTools(folder));
  }

  SkillReader reader() {
    return reader;
  }

  /** The source of an installed skill: what it is now, or just the commit that is recorded. */
  SkillSource source(LockedSkill locked, Path lockFolder, boolean pinned) {
    String commit = locked.commit();
    if (commit == null) {
      return SkillSource.of(locked.source(), lockFolder);
    }
    if (!pinned && locked.source().startsWith(REGISTRY)) {
      return SkillSource.of(locked.source() + locked.ref(), lockFolder);
    }
    String address = locked.repository() == null ? locked.source() : locked.repository();
    if (!(SkillSource.of(address, lockFolder) instanceof SkillSource.Git git)) {
      throw SkillPackageException.refused(
          Rule.PACKAGE_SOURCE, address, "Expected the address of a git repository.", null);
    }
    return new SkillSource.Git(
        git.repository(), locked.folder(), pinned ? new Ref.Named(commit) : Ref.of(locked.ref()));
  }
}
