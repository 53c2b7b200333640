package dev.workflow.skills;

import dev.workflow.definition.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A package while it is read from wherever it comes: the one place that decides which names and
 * sizes are taken. It is kept in memory; nothing is on disk before all of it was looked at.
 */
final class Unpacking {
  private final String source;
  private final PackageLimits limits;
  private final long totalMax;
  private final SortedMap<String, byte[]> files = new TreeMap<>(PackageTree.ORDER);
  private final Map<String, String> spelled = new HashMap<>();
  private long total;
  private int entries;

  /**
   * Nothing yet.
   *
   * @param source for messages
   * @param totalMax all files together, in bytes
   */
  Unpacking(String source, PackageLimits limits, long totalMax) {
    this.source = source;
    this.limits = limits;
    this.totalMax = totalMax;
  }

  /** A folder of the package, which needs no file to be refused. */
  void folder(String path) {
    enter(path.endsWith("/") ? path.substring(0, path.length() - 1) : path, true);
  }

  /** Reads a file of the package, no further than the limits allow. */
  byte[] file(String path, InputStream content) throws IOException {
    enter(path, false);
    int room = (int) Math.min(limits.fileBytes(), totalMax - total);
    byte[] bytes = content.readNBytes(room + 1);
    if (bytes.length > limits.fileBytes()) {
      throw refused(
          Rule.PACKAGE_SIZE,
          "Expected files of at most %s, found that `%s` is larger."
              .formatted(Sizes.of(limits.fileBytes()), path));
    }
    if (bytes.length > room) {
      throw refused(
          Rule.PACKAGE_SIZE,
          totalMax < limits.totalBytes()
              ? "Expected an archive that unpacks to at most %s times its size, found more: `%s` goes beyond %s."
                  .formatted(limits.ratio(), path, Sizes.of(totalMax))
              : "Expected files of at most %s together, found more: `%s` goes beyond it."
                  .formatted(Sizes.of(totalMax), path));
    }
    total += bytes.length;
    files.put(path, bytes);
    return bytes;
  }

  /** Something that is neither a file nor a folder. */
  SkillPackageException isNoFile(String path, String what) {
    return refused(
        Rule.PACKAGE_LINK,
        "Expected files and folders, found that `%s` is %s.".formatted(path, what));
  }

  SkillPackageException refused(Rule rule, String message) {
    return SkillPackageException.refused(rule, source, message, "Nothing was installed.");
  }

  PackageTree tree() {
    return new PackageTree(files);
  }

  private void enter(String path, boolean folder) {
    if (++entries > limits.entries()) {
      throw refused(
          Rule.PACKAGE_SIZE,
          "Expected at most %,d files and folders, found more.".formatted(limits.entries()));
    }
    Optional<String> flaw = PackageNames.flaw(path);
    if (flaw.isPresent()) {
      throw refused(
          Rule.PACKAGE_NAME,
          "Expected names that are safe on every system, found `%s`: %s."
              .formatted(path, flaw.get()));
    }
    int depth = 0;
    for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
      if (++depth > limits.depth()) {
        throw refused(
            Rule.PACKAGE_SIZE,
            "Expected folders at most %d deep, found `%s`.".formatted(limits.depth(), path));
      }
      spell(path.substring(0, slash), true);
    }
    spell(path, folder);
  }

  private void spell(String path, boolean folder) {
    String mine = folder ? path + "/" : path;
    String other = spelled.putIfAbsent(PackageNames.key(path), mine);
    if (other != null && !(folder && other.equals(mine))) {
      throw refused(
          Rule.PACKAGE_NAME,
          other.equals(mine)
              ? "Expected each file once, found `%s` twice.".formatted(path)
              : "Expected names that are different on every system, found `%s` and `%s`."
                  .formatted(other, mine));
    }
  }
}
