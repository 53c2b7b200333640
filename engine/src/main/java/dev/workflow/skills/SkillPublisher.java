package dev.workflow.skills;

import dev.workflow.definition.Rule;
import dev.workflow.skills.GitRemote.Snapshot;
import dev.workflow.skills.SkillPackages.Published;
import dev.workflow.skills.SkillSource.Ref;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.eclipse.jgit.dircache.DirCache;
import org.eclipse.jgit.dircache.DirCacheBuilder;
import org.eclipse.jgit.dircache.DirCacheEntry;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.NullProgressMonitor;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PushConnection;
import org.eclipse.jgit.transport.RemoteRefUpdate;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/**
 * Pushes a skill to a git repository: one commit that puts its files below {@code skills/NAME}, and
 * a tag on it, both or neither. All of it is made in memory; no hook of any repository runs here.
 */
final class SkillPublisher {
  private static final String SKILLS = "skills/";
  private static final String MAIN = Constants.R_HEADS + "main";
  private static final String AUTHOR = "workflow";
  private static final String ADDRESS = "workflow@localhost";

  private final PackageLimits limits;
  private final @Nullable String token;

  SkillPublisher(PackageLimits limits, @Nullable String token) {
    this.limits = limits;
    this.token = token;
  }

  Published publish(Candidate skill, String repository, @Nullable String named, Path base) {
    String tag = named == null ? skill.name() + "@" + skill.version() : named;
    if (!Repository.isValidRefName(Constants.R_TAGS + tag) || tag.startsWith("-")) {
      throw SkillPackageException.refused(
          Rule.PUBLISH_TAG,
          repository,
          "Expected the name of a tag, found `%s`.".formatted(tag),
          null);
    }
    String address = address(repository, base);
    try (GitRemote remote = new GitRemote(address, limits, token)) {
      Map<String, org.eclipse.jgit.lib.Ref> refs = remote.refs();
      if (refs.containsKey(Constants.R_TAGS + tag)) {
        throw SkillPackageException.refused(
            Rule.PUBLISH_TAG,
            repository,
            "Expected a tag that is new, found that the repository has `%s`.".formatted(tag),
            "What was published is never changed: give the skill a new version.");
      }
      String branch = branch(refs);
      ObjectId head = id(refs.get(branch));
      Snapshot parent = head == null ? null : remote.fetch(head);
      ObjectId commit = commit(remote, skill, parent);
      push(remote, repository, updates(remote, branch, parent, tag, commit));
      return new Published(repository, tag, commit.name(), skill);
    } catch (IOException e) {
      throw SkillPackageException.missing(
          Rule.PACKAGE_UNREACHABLE,
          repository,
          "The skill cannot be pushed: %s.".formatted(e.getMessage()),
          null);
    }
  }

  /** A bare repository of this machine, or an address as it is installed from. */
  private static String address(String repository, Path base) {
    try {
      Path path = base.resolve(repository).normalize();
      if (Files.isRegularFile(path.resolve(Constants.HEAD))
          && Files.isDirectory(path.resolve(Constants.OBJECTS))) {
        return path.toString();
      }
    } catch (InvalidPathException noPath) {
      return remote(repository, base);
    }
    return remote(repository, base);
  }

  private static String remote(String repository, Path base) {
    if (SkillSource.of(repository, base) instanceof SkillSource.Git git
        && git.folder().isEmpty()
        && git.ref() instanceof Ref.Head) {
      return git.repository();
    }
    throw SkillPackageException.refused(
        Rule.PUBLISH_REPOSITORY,
        repository,
        "Expected the https address of a git repository, or the folder of a bare one.",
        null);
  }

  private static String branch(Map<String, org.eclipse.jgit.lib.Ref> refs) {
    org.eclipse.jgit.lib.Ref head = refs.get(Constants.HEAD);
    if (head == null) {
      return refs.containsKey(MAIN) || !refs.containsKey(Constants.R_HEADS + "master")
          ? MAIN
          : Constants.R_HEADS + "master";
    }
    if (head.isSymbolic()) {
      return head.getTarget().getName();
    }
    return refs.entrySet().stream()
        .filter(ref -> ref.getKey().startsWith(Constants.R_HEADS))
        .filter(ref -> Objects.equals(id(head), id(ref.getValue())))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(MAIN);
  }

  private static @Nullable ObjectId id(org.eclipse.jgit.lib.@Nullable Ref ref) {
    return ref == null ? null : ref.getObjectId();
  }

  private static ObjectId commit(GitRemote remote, Candidate skill, @Nullable Snapshot parent)
      throws IOException {
    try (ObjectInserter inserter = remote.memory().newObjectInserter();
        ObjectReader reader = remote.memory().newObjectReader()) {
      DirCache index = DirCache.newInCore();
      DirCacheBuilder builder = index.builder();
      String folder = SKILLS + skill.name() + "/";
      if (parent != null) {
        keep(builder, reader, parent, folder);
      }
      for (Map.Entry<String, byte[]> file : skill.tree().files().entrySet()) {
        DirCacheEntry entry = new DirCacheEntry(folder + file.getKey());
        entry.setFileMode(FileMode.REGULAR_FILE);
        entry.setObjectId(inserter.insert(Constants.OBJ_BLOB, file.getValue()));
        builder.add(entry);
      }
      builder.finish();
      CommitBuilder commit = new CommitBuilder();
      commit.setTreeId(index.writeTree(inserter));
      if (parent != null) {
        commit.setParentId(parent.commit());
      }
      PersonIdent author = new PersonIdent(AUTHOR, ADDRESS);
      commit.setAuthor(author);
      commit.setCommitter(author);
      commit.setMessage("Publish " + skill.name() + " " + skill.version() + "\n");
      ObjectId id = inserter.insert(commit);
      inserter.flush();
      return id;
    }
  }

  /** All that the repository has elsewhere, links and submodules among it, stays as it is. */
  private static void keep(
      DirCacheBuilder builder, ObjectReader reader, Snapshot parent, String folder)
      throws IOException {
    try (TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(parent.tree());
      walk.setRecursive(true);
      while (walk.next()) {
        if (!walk.getPathString().startsWith(folder)) {
          DirCacheEntry entry = new DirCacheEntry(walk.getRawPath());
          entry.setFileMode(walk.getFileMode(0));
          entry.setObjectId(walk.getObjectId(0));
          builder.add(entry);
        }
      }
    }
  }

  private static Map<String, RemoteRefUpdate> updates(
      GitRemote remote, String branch, @Nullable Snapshot parent, String tag, ObjectId commit)
      throws IOException {
    Map<String, RemoteRefUpdate> updates = new LinkedHashMap<>();
    ObjectId before = parent == null ? ObjectId.zeroId() : parent.commit();
    add(updates, new RemoteRefUpdate(remote.memory(), null, commit, branch, false, null, before));
    add(
        updates,
        new RemoteRefUpdate(
            remote.memory(), null, commit, Constants.R_TAGS + tag, false, null, ObjectId.zeroId()));
    return updates;
  }

  private static void add(Map<String, RemoteRefUpdate> updates, RemoteRefUpdate update) {
    updates.put(update.getRemoteName(), update);
  }

  private static void push(
      GitRemote remote, String repository, Map<String, RemoteRefUpdate> updates)
      throws IOException {
    try (Transport transport = remote.open()) {
      transport.setPushAtomic(true);
      try (PushConnection connection = transport.openPush()) {
        connection.push(NullProgressMonitor.INSTANCE, updates);
      }
    }
    for (RemoteRefUpdate update : updates.values()) {
      if (update.getStatus() != RemoteRefUpdate.Status.OK) {
        String said = update.getMessage() == null ? "" : ": " + update.getMessage();
        throw SkillPackageException.refused(
            Rule.PUBLISH_REFUSED,
            repository,
            "Expected that `%s` can be pushed, found %s%s."
                .formatted(update.getRemoteName(), update.getStatus(), said),
            "Nothing was published. Somebody else may have pushed meanwhile: try again.");
      }
    }
  }
}
