package dev.workflow.skills;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.skills.SkillSource.Ref;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.eclipse.jgit.errors.NotSupportedException;
import org.eclipse.jgit.errors.TooLargeObjectInPackException;
import org.eclipse.jgit.errors.TransportException;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectLoader;
import org.eclipse.jgit.lib.ObjectReader;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.transport.FetchConnection;
import org.eclipse.jgit.transport.RefSpec;
import org.eclipse.jgit.transport.TagOpt;
import org.eclipse.jgit.transport.Transport;
import org.eclipse.jgit.transport.TransportHttp;
import org.eclipse.jgit.transport.URIish;
import org.eclipse.jgit.treewalk.TreeWalk;
import org.jspecify.annotations.Nullable;

/** A git repository somewhere else, read by the library alone: no program is ever started. */
final class GitRemote implements AutoCloseable {
  private static final String LFS = "version https://git-lfs.github.com/spec/";
  private static final int LFS_BYTES_MAX = 1024;
  private static final int STALLED_SECONDS = 60;

  private final String where;
  private final String repository;
  private final PackageLimits limits;
  private final @Nullable String token;
  private final GitMemory memory;
  private final Deadline deadline;

  /**
   * A repository; nothing is read yet, and the time that reading may take begins.
   *
   * @param repository its address, or the path of a repository of this machine
   * @param token of the user, sent to the host of the repository alone
   */
  GitRemote(String repository, PackageLimits limits, @Nullable String token) {
    QuietGit.use();
    this.where = repository;
    this.repository = repository;
    this.limits = limits;
    this.token = token;
    this.memory = new GitMemory(repository, limits);
    this.deadline = new Deadline(repository, limits.time());
  }

  /** One commit, fetched without those before it. */
  record Snapshot(ObjectId commit, ObjectId tree) {
    String id() {
      return commit.name();
    }
  }

  GitMemory memory() {
    return memory;
  }

  /** What the repository's branches and tags name. */
  Map<String, org.eclipse.jgit.lib.Ref> refs() {
    return asked(
        transport -> {
          try (FetchConnection connection = transport.openFetch()) {
            return connection.getRefsMap();
          }
        });
  }

  /** Fetches the commit that a ref names; the ref is looked up once. */
  Snapshot fetch(Ref ref) {
    return fetch(resolve(ref));
  }

  /** Fetches a commit. */
  Snapshot fetch(ObjectId id) {
    asked(
        transport -> {
          transport.setTagOpt(TagOpt.NO_TAGS);
          transport.setDepth(1);
          return transport.fetch(deadline, List.of(new RefSpec(id.name() + ":refs/heads/fetched")));
        });
    try (RevWalk walk = new RevWalk(memory)) {
      RevCommit commit = walk.parseCommit(id);
      return new Snapshot(commit.getId(), commit.getTree().getId());
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private ObjectId resolve(Ref ref) {
    if (ref instanceof Ref.Named named && ObjectId.isId(named.name())) {
      return ObjectId.fromString(named.name());
    }
    Map<String, org.eclipse.jgit.lib.Ref> refs = refs();
    List<String> names =
        switch (ref) {
          case Ref.Head head -> List.of(Constants.HEAD);
          case Ref.Tag tag -> List.of(Constants.R_TAGS + tag.name());
          case Ref.Named named ->
              List.of(Constants.R_HEADS + named.name(), Constants.R_TAGS + named.name());
        };
    for (String name : names) {
      org.eclipse.jgit.lib.Ref found = refs.get(name);
      ObjectId id = found == null ? null : found.getObjectId();
      if (id != null) {
        return id;
      }
    }
    throw noSuchRef(ref, refs);
  }

  private SkillPackageException noSuchRef(Ref ref, Map<String, org.eclipse.jgit.lib.Ref> refs) {
    if (ref instanceof Ref.Head) {
      return SkillPackageException.missing(
          Rule.PACKAGE_REF, where, "The repository has no commit yet.", null);
    }
    List<String> names = new ArrayList<>();
    for (String name : refs.keySet()) {
      if (name.startsWith(Constants.R_TAGS)) {
        names.add(name.substring(Constants.R_TAGS.length()));
      } else if (ref instanceof Ref.Named && name.startsWith(Constants.R_HEADS)) {
        names.add(name.substring(Constants.R_HEADS.length()));
      }
    }
    String wanted = ref.written().substring(1);
    return SkillPackageException.missing(
        Rule.PACKAGE_REF,
        where,
        "The repository has no %s `%s`."
            .formatted(ref instanceof Ref.Tag ? "tag" : "branch, tag or commit", wanted),
        names.isEmpty() ? "It has no tags." : Nearest.hint(wanted, names));
  }

  /** Reads the files below a folder of a commit; what is no file is refused. */
  void read(Snapshot snapshot, String folder, Unpacking into) {
    try (ObjectReader reader = memory.newObjectReader();
        TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(below(reader, snapshot, folder));
      walk.setRecursive(false);
      while (walk.next()) {
        String path = path(walk);
        FileMode mode = walk.getFileMode(0);
        if (mode.equals(FileMode.TREE)) {
          into.folder(path);
          walk.enterSubtree();
        } else if (mode.equals(FileMode.REGULAR_FILE) || mode.equals(FileMode.EXECUTABLE_FILE)) {
          file(reader.open(walk.getObjectId(0), Constants.OBJ_BLOB), path, into);
        } else {
          throw into.isNoFile(path, kind(mode));
        }
      }
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private void file(ObjectLoader blob, String path, Unpacking into) throws IOException {
    byte[] bytes;
    try (var content = blob.openStream()) {
      bytes = into.file(path, content);
    }
    if (bytes.length < LFS_BYTES_MAX
        && new String(bytes, StandardCharsets.ISO_8859_1).startsWith(LFS)) {
      throw into.isNoFile(path, "kept in Git LFS, which is not fetched");
    }
  }

  /** Folders of a commit that claim to be skills, at most {@code depth} deep. */
  List<String> skillFolders(Snapshot snapshot) {
    List<String> folders = new ArrayList<>();
    try (ObjectReader reader = memory.newObjectReader();
        TreeWalk walk = new TreeWalk(reader)) {
      walk.addTree(snapshot.tree());
      walk.setRecursive(false);
      while (walk.next()) {
        if (walk.getFileMode(0).equals(FileMode.TREE)) {
          if (walk.getDepth() < limits.depth()) {
            walk.enterSubtree();
          }
        } else if (SkillFileNames.makesSkill(walk.getNameString())) {
          String path = walk.getPathString();
          String folder = path.substring(0, Math.max(0, path.lastIndexOf('/')));
          if (!folders.contains(folder)) {
            folders.add(folder);
          }
        }
      }
      return folders;
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  private ObjectId below(ObjectReader reader, Snapshot snapshot, String folder) throws IOException {
    if (folder.isEmpty()) {
      return snapshot.tree();
    }
    try (TreeWalk found = TreeWalk.forPath(reader, folder, snapshot.tree())) {
      if (found != null && found.getFileMode(0).equals(FileMode.TREE)) {
        return found.getObjectId(0);
      }
    }
    throw SkillPackageException.missing(
        Rule.PACKAGE_FOLDER,
        where,
        "The repository has no folder `%s` at commit %s.".formatted(folder, snapshot.id()),
        null);
  }

  private String path(TreeWalk walk) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(walk.getRawPath()))
          .toString();
    } catch (CharacterCodingException e) {
      throw SkillPackageException.refused(
          Rule.PACKAGE_NAME,
          where,
          "Expected names in UTF-8, found `%s`.".formatted(walk.getPathString()),
          "Nothing was installed.");
    }
  }

  private static String kind(FileMode mode) {
    if (mode.equals(FileMode.SYMLINK)) {
      return "a symbolic link";
    }
    return mode.equals(FileMode.GITLINK) ? "a submodule" : "no regular file";
  }

  /** Something to be asked of the repository. */
  private interface Question<T> {
    T ask(Transport transport) throws IOException;
  }

  private <T> T asked(Question<T> question) {
    try (Transport transport = open()) {
      return question.ask(transport);
    } catch (IOException e) {
      throw unreachable(e);
    }
  }

  Transport open() {
    try {
      Transport transport = Transport.open(memory, new URIish(repository));
      transport.setTimeout(STALLED_SECONDS);
      if (transport instanceof TransportHttp http) {
        http.setHttpConnectionFactory(
            new GitConnections(
                where, URI.create(repository).toURL(), token, limits.downloadBytes(), deadline));
      }
      return transport;
    } catch (TransportException | NotSupportedException e) {
      throw unreachable(e);
    } catch (URISyntaxException | MalformedURLException e) {
      throw SkillPackageException.refused(
          Rule.PACKAGE_SOURCE, where, "Expected the address of a git repository.", null);
    }
  }

  SkillPackageException unreachable(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SkillPackageException own) {
        return own;
      }
    }
    if (failure instanceof TooLargeObjectInPackException
        || failure.getCause() instanceof TooLargeObjectInPackException) {
      return SkillPackageException.refused(
          Rule.PACKAGE_SIZE,
          where,
          "Expected files of at most %s, found a larger one."
              .formatted(Sizes.of(limits.downloadBytes())),
          "Nothing was installed.");
    }
    Throwable last = failure;
    while (last.getCause() != null) {
      last = last.getCause();
    }
    return SkillPackageException.missing(
        Rule.PACKAGE_UNREACHABLE,
        where,
        "The repository cannot be read: %s.".formatted(said(failure, last)),
        "Look at the address and the network.");
  }

  private static String said(IOException failure, Throwable cause) {
    String text = failure.getMessage() == null ? "" : failure.getMessage();
    String deeper =
        cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    String all = text.contains(deeper) ? text : text + ": " + deeper;
    return all.replaceAll("[.\\s]+$", "");
  }

  @Override
  public void close() {
    memory.close();
  }
}
