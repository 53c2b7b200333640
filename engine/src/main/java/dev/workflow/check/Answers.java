package dev.workflow.check;

import dev.workflow.engine.Documents.Tree;
import java.nio.file.Path;

/** Reads scripted answers, and refuses those that no run could follow. */
@FunctionalInterface
public interface Answers {

  /** The answers of a file, or the reasons why they cannot be used. */
  Tree read(Path file);
}
