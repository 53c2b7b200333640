package dev.workflow.cases;

import dev.workflow.definition.Problem;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Expressions;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A file of cases.
 *
 * @param workflow under test, as written, relative to the file; absent: the file does not say
 * @param steps percent of the steps that must have begun in some case; absent: any
 * @param branches percent of the ways of all {@code when} that must have been gone; absent: any
 * @param source for the places of what is written
 */
public record CaseFile(
    Path path,
    @Nullable String workflow,
    @Nullable Double steps,
    @Nullable Double branches,
    List<Case> cases,
    Documents.Source source) {

  /** How the name of a file of cases ends. */
  public static final String SUFFIX = ".cases.yaml";

  /** The folder of a skill that holds its cases. */
  public static final String FOLDER = "cases";

  public CaseFile {
    cases = List.copyOf(cases);
  }

  /** A file that was read, or the reasons why not. */
  public record Reading(@Nullable CaseFile file, List<Problem> problems) {
    public Reading {
      problems = List.copyOf(problems);
    }
  }

  /** Reads a file, which must fit {@code cases.schema.json}. */
  public static Reading read(Path path, Documents documents, Expressions expressions) {
    return new CaseReader(documents.tree(path, "cases.schema.json"), expressions).read(path);
  }
}
