package dev.workflow.skills;

import java.util.List;

/** Something that was converted and is nowhere on disk yet. */
public final class Conversion {
  private final String name;
  private final PackageTree tree;
  private final boolean folder;
  private final ConversionReport report;

  /**
   * What came of it.
   *
   * @param name of the folder that the files are put in, or of the only file
   * @param folder whether it is a folder
   */
  Conversion(String name, PackageTree tree, boolean folder, ConversionReport report) {
    this.name = name;
    this.tree = tree;
    this.folder = folder;
    this.report = report;
  }

  /** The folder or the file that is written, below the one that is chosen. */
  public String name() {
    return name;
  }

  /** Its files, below the chosen folder. */
  public List<String> files() {
    return tree.files().keySet().stream().map(path -> folder ? name + "/" + path : path).toList();
  }

  public ConversionReport report() {
    return report;
  }

  PackageTree tree() {
    return tree;
  }

  /** What the only file holds. */
  byte[] bytes() {
    return tree.files().sequencedValues().getFirst();
  }

  boolean isFolder() {
    return folder;
  }
}
