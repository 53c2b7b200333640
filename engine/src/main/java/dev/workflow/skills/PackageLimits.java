package dev.workflow.skills;

import java.time.Duration;

/**
 * How large a package of a skill may be. What is larger is given up while it is read.
 *
 * @param entries files and folders
 * @param fileBytes one file
 * @param totalBytes all files together
 * @param downloadBytes an archive, or what a git server sends for one commit
 * @param depth folders inside folders
 * @param ratio how many times its own size an archive may unpack to, from a total of 1 MiB on
 * @param objects what a git server sends for one commit, in objects
 * @param time a download, as a whole
 */
public record PackageLimits(
    int entries,
    int fileBytes,
    int totalBytes,
    int downloadBytes,
    int depth,
    int ratio,
    int objects,
    Duration time) {

  private static final int MIB = 1 << 20;

  /** Those in force. */
  public static final PackageLimits DEFAULT =
      new PackageLimits(
          2_000, 10 * MIB, 50 * MIB, 100 * MIB, 16, 100, 100_000, Duration.ofMinutes(5));

  /** What an archive of a size may unpack to. */
  long unpackedBytes(long archiveBytes) {
    return Math.min(totalBytes, Math.max(MIB, archiveBytes * ratio));
  }
}
