package dev.workflow.skills;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** A package in a folder of this machine. Links are refused, not followed. */
final class FolderPackage {
  private static final String REPOSITORY = ".git";

  private FolderPackage() {}

  /** Reads all of a folder; a {@code .git} of its own is no part of the skill and left out. */
  static void read(Path folder, Unpacking into) {
    try {
      Files.walkFileTree(folder, new Visitor(folder, into));
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + folder + " cannot be read", e);
    }
  }

  private static final class Visitor extends SimpleFileVisitor<Path> {
    private final Path root;
    private final Unpacking into;

    Visitor(Path root, Unpacking into) {
      this.root = root;
      this.into = into;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (folder.equals(root)) {
        return FileVisitResult.CONTINUE;
      }
      if (folder.equals(root.resolve(REPOSITORY))) {
        return FileVisitResult.SKIP_SUBTREE;
      }
      into.folder(path(folder));
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      String path = path(file);
      if (attributes.isSymbolicLink()) {
        throw into.isNoFile(path, "a symbolic link");
      }
      if (!attributes.isRegularFile()) {
        throw into.isNoFile(path, "no regular file");
      }
      if (path.equals(REPOSITORY)) {
        return FileVisitResult.CONTINUE; // of a worktree
      }
      try (InputStream content = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
        into.file(path, content);
      }
      return FileVisitResult.CONTINUE;
    }

    private String path(Path file) {
      return root.relativize(file).toString().replace(file.getFileSystem().getSeparator(), "/");
    }
  }
}
