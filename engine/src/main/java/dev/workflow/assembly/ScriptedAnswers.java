package dev.workflow.assembly;

import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Expressions;
import dev.workflow.models.ScriptMistakes;
import dev.workflow.models.ScriptedModels;
import java.nio.file.Path;
import java.util.List;

/** Reads files of scripted answers and looks through them. */
record ScriptedAnswers(Documents documents, Expressions expressions) {
  /** The schema of a file of scripted answers. */
  static final String SCHEMA = "answers.schema.json";

  Documents.Tree read(Path file) {
    return sound(documents.tree(file, SCHEMA));
  }

  /** The same answers, or what is wrong with them. */
  private Documents.Tree sound(Documents.Tree tree) {
    if (tree.value() == null) {
      return tree;
    }
    try {
      new ScriptedModels(tree.value(), expressions);
      return tree;
    } catch (ScriptMistakes e) {
      List<Problem> mistakes =
          e.mistakes().stream().map(mistake -> problem(tree.source(), mistake)).toList();
      return new Documents.Tree(null, tree.source(), mistakes);
    }
  }

  private static Problem problem(Documents.Source source, ScriptMistakes.Mistake mistake) {
    return Problem.invalid(
        Rule.ANSWERS,
        source.inside(mistake.pointer(), mistake.offset()),
        "Scripted answers, " + mistake.pointer() + ": " + mistake.message(),
        mistake.hint());
  }
}
