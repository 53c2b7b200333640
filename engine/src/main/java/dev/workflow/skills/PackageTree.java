package dev.workflow.skills;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The files of a package by their paths, sorted by the bytes of these. Modes and times are none of
 * it: the same texts are the same package.
 */
record PackageTree(SortedMap<String, byte[]> files) {

  /** By the bytes of UTF-8, as {@code LC_ALL=C sort} does. */
  static final Comparator<String> ORDER =
      (one, other) ->
          Arrays.compareUnsigned(
              one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));

  private static final String SHA256 = "sha256:";

  PackageTree {
    SortedMap<String, byte[]> sorted = new TreeMap<>(ORDER);
    sorted.putAll(files);
    files = Collections.unmodifiableSortedMap(sorted);
  }

  /**
   * All files of a folder of this machine.
   *
   * @throws SkillPackageException where it holds what no package may, such as a link
   */
  static PackageTree of(Path folder, PackageLimits limits) {
    Unpacking files = new Unpacking(folder.toString(), limits, limits.totalBytes());
    FolderPackage.read(folder, files);
    return files.tree();
  }

  /**
   * The hash of the whole: SHA-256 over a line {@code HASH PATH} for each file in their order,
   * which is what {@code sha256sum} prints and {@code sha256sum} then hashes.
   */
  String hash() {
    MessageDigest digest = sha256();
    hashes()
        .forEach(
            (path, hash) ->
                digest.update(
                    (hash.substring(SHA256.length()) + "  " + path + "\n")
                        .getBytes(StandardCharsets.UTF_8)));
    return SHA256 + HexFormat.of().formatHex(digest.digest());
  }

  /** The hash of each file. */
  Map<String, String> hashes() {
    Map<String, String> hashes = new LinkedHashMap<>();
    files.forEach(
        (path, bytes) ->
            hashes.put(path, SHA256 + HexFormat.of().formatHex(sha256().digest(bytes))));
    return hashes;
  }

  long bytes() {
    return files.values().stream().mapToLong(bytes -> bytes.length).sum();
  }

  /** Folders that claim to be skills, the outermost first; the package itself is the empty one. */
  List<String> skillFolders() {
    List<String> folders = new ArrayList<>();
    for (String path : files.keySet()) {
      int slash = path.lastIndexOf('/');
      String folder = slash < 0 ? "" : path.substring(0, slash);
      if (SkillFileNames.makesSkill(path.substring(slash + 1)) && !folders.contains(folder)) {
        folders.add(folder);
      }
    }
    return folders;
  }

  /** What is below a folder, with paths from there. */
  PackageTree under(String folder) {
    if (folder.isEmpty()) {
      return this;
    }
    SortedMap<String, byte[]> below = new TreeMap<>(ORDER);
    files.forEach(
        (path, bytes) -> {
          if (path.startsWith(folder + "/")) {
            below.put(path.substring(folder.length() + 1), bytes);
          }
        });
    return new PackageTree(below);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
