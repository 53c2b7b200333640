package dev.workflow.yaml;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.yaml.Spot.Span;
import dev.workflow.yaml.Spot.Style;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import tools.jackson.databind.JsonNode;

/**
 * A text read as YAML.
 *
 * @param value absent: the text is no YAML, {@code problems} says why
 * @param broken offsets of values that {@code problems} speaks of already
 */
record YamlTree(
    @Nullable JsonNode value, SpotSource source, Set<Integer> broken, List<Problem> problems) {

  YamlTree {
    problems = List.copyOf(problems);
    broken = Set.copyOf(broken);
  }

  /** Reads a text. Nothing is thrown, whatever it holds. */
  static YamlTree read(SourceText text) {
    List<Problem> problems = new ArrayList<>();
    if (text.length() > Budget.FILE_BYTES_MAX) {
      return failed(text, problems, tooLarge(text.file()));
    }
    TreeBuilder builder = null;
    try {
      builder = new TreeBuilder(text, problems);
      TreeBuilder.Built root = builder.document();
      SpotSource source = new SpotSource(text, root.spot());
      return new YamlTree(root.value(), source, builder.broken(), problems);
    } catch (YamlMistake e) {
      return failed(
          text, problems, Problem.invalid(e.rule(), text.place(e.offset()), e.text(), e.hint()));
    } catch (MarkedYamlEngineException e) {
      return failed(text, problems, SyntaxTraps.explain(text, e));
    } catch (ReaderException e) {
      return failed(text, problems, SyntaxTraps.unprintable(text, e));
    } catch (RuntimeException | StackOverflowError e) {
      int offset = builder == null ? 0 : builder.offset();
      return failed(text, problems, SyntaxTraps.unreadable(text, offset, e));
    }
  }

  static Problem tooLarge(String file) {
    return Problem.invalid(
        "yaml-too-large",
        Place.file(file),
        "Expected a file of at most 1 MiB, found a larger one.",
        "Split the file, or let a step read the data while it runs.");
  }

  private static YamlTree failed(SourceText text, List<Problem> earlier, Problem problem) {
    List<Problem> problems = new ArrayList<>(earlier);
    problems.add(problem);
    Spot nowhere = new Spot(null, new Span(0, 0, Style.NOTHING, ""), Map.of());
    return new YamlTree(null, new SpotSource(text, nowhere), Set.of(), problems);
  }
}
