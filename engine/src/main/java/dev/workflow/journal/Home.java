package dev.workflow.journal;

import dev.workflow.engine.Journal.JournalException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The folder that holds a journal: readable by its owner alone, and on a disk of this machine. */
final class Home {
  private static final Set<String> NETWORK =
      Set.of(
          "9p",
          "afpfs",
          "afs",
          "beegfs",
          "ceph",
          "cifs",
          "coda",
          "davfs",
          "gfs",
          "gfs2",
          "glusterfs",
          "gpfs",
          "lustre",
          "ncpfs",
          "nfs",
          "nfs3",
          "nfs4",
          "ocfs2",
          "orangefs",
          "pvfs2",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "sshfs",
          "webdav");

  private static final Set<String> NETWORK_IN_USER_SPACE =
      Set.of(
          "fuse.ceph-fuse",
          "fuse.curlftpfs",
          "fuse.davfs2",
          "fuse.gcsfuse",
          "fuse.glusterfs",
          "fuse.goofys",
          "fuse.juicefs",
          "fuse.mount.davfs",
          "fuse.nfs",
          "fuse.rclone",
          "fuse.s3fs",
          "fuse.smbnetfs",
          "fuse.sshfs",
          "fuse.webdavfs",
          "macfuse.sshfs");

  private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private final Path folder;
  private boolean prepared;

  Home(Path folder) {
    this.folder = folder.toAbsolutePath().normalize();
  }

  /** Whether something was ever recorded here. */
  boolean hasJournal() {
    return Files.exists(database());
  }

  Path database() {
    return folder.resolve("journal.db");
  }

  /** The file of the key with which the keys of the cache are hashed. */
  Path cacheKey() {
    return folder.resolve("cache.key");
  }

  /** The file that whoever drives the run holds a lock on. */
  Path lock(String run) {
    return folder.resolve("locks").resolve(run + ".lock");
  }

  /** Makes what is not there yet. */
  synchronized void prepare() {
    if (prepared) {
      return;
    }
    refuseNetwork();
    try {
      createFolder(folder);
      createFolder(folder.resolve("locks"));
      ownFile(database());
      prepared = true;
    } catch (IOException e) {
      throw new JournalException(
          "Journal "
              + folder
              + ": the folder cannot be made or written"
              + why(e)
              + ". Name another one in WORKFLOW_HOME.",
          e);
    }
  }

  private static String why(IOException e) {
    return switch (e) {
      case FileAlreadyExistsException there -> ": there is a file of that name";
      case AccessDeniedException denied -> ": access to " + denied.getFile() + " is denied";
      default -> " (" + e + ")";
    };
  }

  /** SQLite's locks and shared memory do not work over a network, and would damage the journal. */
  private void refuseNetwork() {
    Path existing = folder;
    while (!Files.exists(existing) && existing.getParent() != null) {
      existing = existing.getParent();
    }
    try {
      String type = Files.getFileStore(existing).type();
      if (isNetwork(type)) {
        throw new JournalException(
            "Journal "
                + folder
                + ": expected a disk of this machine, found the network file system "
                + type
                + ". Set WORKFLOW_HOME to a local folder.",
            null);
      }
    } catch (IOException e) {
      throw new JournalException("Journal " + folder + ": cannot be looked at (" + e + ")", e);
    }
  }

  static boolean isNetwork(String fileSystemType) {
    String type = fileSystemType.toLowerCase(Locale.ROOT);
    return NETWORK.contains(type) || NETWORK_IN_USER_SPACE.contains(type);
  }

  /**
   * Run ids are file names.
   *
   * @throws JournalException when the text is no run id
   */
  static void requireRunId(String run) {
    if (!RUN_ID.matcher(run).matches() || run.equals("last")) {
      throw new JournalException(
          "Run id \""
              + run
              + "\": expected 1 to 128 letters, digits, '.', '_' or '-', the first a letter or"
              + " digit, and not the word last",
          null);
    }
  }

  private static void createFolder(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder, ownerOnly(folder, "rwx------"));
    }
  }

  private static void ownFile(Path file) throws IOException {
    try {
      Files.createFile(file, ownerOnly(file));
    } catch (FileAlreadyExistsException there) {
      if (hasPermissions(file)) {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
      }
    }
  }

  /** The attributes of a new file that only its owner may read. */
  static FileAttribute<?>[] ownerOnly(Path path) {
    return ownerOnly(path, "rw-------");
  }

  private static FileAttribute<?>[] ownerOnly(Path path, String permissions) {
    return hasPermissions(path)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static boolean hasPermissions(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  @Override
  public String toString() {
    return folder.toString();
  }
}
