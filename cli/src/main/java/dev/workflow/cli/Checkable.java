package dev.workflow.cli;

import java.nio.file.Path;

/**
 * What one check is about.
 *
 * @param path a workflow file, or the folder of a skill
 */
record Checkable(Path path, boolean isSkill) implements Comparable<Checkable> {
  static Checkable workflow(Path file) {
    return new Checkable(file, false);
  }

  static Checkable skill(Path folder) {
    return new Checkable(folder, true);
  }

  @Override
  public int compareTo(Checkable other) {
    return path.compareTo(other.path);
  }
}
