package dev.workflow.check;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Workflow;
import java.nio.file.Path;

/** Where a workflow's relative paths count from. */
public final class Folder {
  private Folder() {}

  /**
   * The folder whose workspace is the workflow's: that of the file it was read from, unless it is a
   * plan that names another.
   */
  public static Path of(Workflow workflow, Path file) {
    String folder = PlanHeader.of(workflow.document()).map(PlanHeader::folder).orElse("");
    return file.toAbsolutePath().resolveSibling(folder).normalize();
  }
}
