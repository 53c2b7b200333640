package dev.workflow.assembly;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/** What people wrote below a folder: hidden folders and those of builds are left out. */
public final class SourceFiles {
  private static final Set<String> NEVER = Set.of("node_modules", "target", "build");

  private SourceFiles() {}

  /**
   * All regular files below a folder, in the order of their names. Links are not followed.
   *
   * @param whole folders that are given themselves, in the place of what is in them
   */
  public static List<Path> below(Path folder, Predicate<Path> whole) throws IOException {
    List<Path> found = new ArrayList<>();
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) {
            String name = String.valueOf(each.getFileName());
            if (!each.equals(folder) && (name.startsWith(".") || NEVER.contains(name))) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            if (!whole.test(each)) {
              return FileVisitResult.CONTINUE;
            }
            found.add(each);
            return FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (attributes.isRegularFile()) {
              found.add(file);
            }
            return FileVisitResult.CONTINUE;
          }
        });
    Collections.sort(found);
    return found;
  }
}
