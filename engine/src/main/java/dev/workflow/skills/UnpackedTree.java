package dev.workflow.skills;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A package in a temporary folder, for those who read files. */
final class UnpackedTree {
  private UnpackedTree() {}

  /** Reads a package in a folder that is gone afterwards. */
  static <T extends @Nullable Object> T read(PackageTree tree, Function<Path, T> reading) {
    Path folder;
    try {
      folder = Files.createTempDirectory("workflow-skill-");
    } catch (IOException e) {
      throw new UncheckedIOException("No temporary folder can be made", e);
    }
    try {
      SkillStore.write(folder, tree);
      return reading.apply(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("The temporary folder " + folder + " cannot be written", e);
    } finally {
      discard(folder);
    }
  }

  private static void discard(Path folder) {
    try {
      SkillStore.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException("The temporary folder " + folder + " cannot be deleted", e);
    }
  }

  /** A problem of that folder, told of where the package came from. */
  static Problem moved(Problem problem, Path folder, String where) {
    Place place = problem.place();
    String file = place.file().replace(folder.toString(), where);
    return new Problem(
        problem.severity(),
        problem.kind(),
        problem.rule(),
        new Place(file, place.line(), place.column(), place.text()),
        problem.message(),
        problem.hint());
  }
}
