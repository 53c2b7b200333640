package dev.workflow.skills;

import java.util.Locale;

/** Sizes for people. */
final class Sizes {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  private Sizes() {}

  static String of(long bytes) {
    if (bytes < KIB) {
      return bytes + " bytes";
    }
    return bytes < MIB
        ? String.format(Locale.ROOT, "%.1f KiB", (double) bytes / KIB)
        : String.format(Locale.ROOT, "%.1f MiB", (double) bytes / MIB);
  }
}
