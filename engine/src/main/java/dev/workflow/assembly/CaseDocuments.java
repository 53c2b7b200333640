package dev.workflow.assembly;

import dev.workflow.cases.Case;
import dev.workflow.cases.CaseFile;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Documents as they are, but that workflows are simulated by the answers of a case. */
final class CaseDocuments implements Documents {
  private final Documents documents;
  private final CaseFile file;
  private final Case tested;

  CaseDocuments(Documents documents, CaseFile file, Case tested) {
    this.documents = documents;
    this.file = file;
    this.tested = tested;
  }

  /** Scripted answers: those that are written in the case, else those of a file. */
  Tree answers(Path path) {
    JsonNode own = tested.answers();
    return own == null
        ? documents.tree(path, ScriptedAnswers.SCHEMA)
        : new Tree(own, file.source(), List.of());
  }

  /** Where the answers of the case stand; null: the workflow says it. */
  private @Nullable Path answersOfCase() {
    Path here = file.path().toAbsolutePath();
    if (tested.answers() != null) {
      return here;
    }
    String named = tested.answersFile();
    return named == null ? null : here.resolveSibling(named);
  }

  private Reading answered(Reading reading) {
    Path answers = answersOfCase();
    Workflow workflow = reading.workflow();
    return workflow == null || answers == null
        ? reading
        : new Reading(
            workflow.simulatedBy(answers.toString()), reading.source(), reading.problems());
  }

  @Override
  public Reading workflow(Path path) {
    return answered(documents.workflow(path));
  }

  @Override
  public Reading workflow(String name, String text) {
    return answered(documents.workflow(name, text));
  }

  @Override
  public Optional<Reading> another(String name, Path path) {
    return documents.another(name, path).map(this::answered);
  }

  @Override
  public Workflow restore(JsonNode document) {
    return documents.restore(document);
  }

  @Override
  public Tree tree(Path path, String schema) {
    return documents.tree(path, schema);
  }

  @Override
  public Tree part(Path path, String schema) {
    return documents.part(path, schema);
  }
}
