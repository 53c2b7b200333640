package dev.workflow.yaml;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
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

  /** More mistakes of syntax than this in one file are not read past. */
  private static final int REPAIRS_MAX = 20;

  /** Reads a text. Nothing is thrown, whatever it holds. */
  static YamlTree read(SourceText text) {
    if (text.length() > Budget.FILE_BYTES_MAX) {
      return failed(text, List.of(tooLarge(text.file())));
    }
    List<Problem> repaired = new ArrayList<>();
    SourceText current = text;
    Attempt attempt = attempt(current);
    while (attempt.trap() != null
        && attempt.trap().fix() != null
        && repaired.size() < REPAIRS_MAX) {
      repaired.add(attempt.trap().problem());
      current = current.repaired(attempt.trap().fix());
      attempt = attempt(current);
      if (stuck(attempt, repaired)) {
        return failed(text, repaired);
      }
    }
    return attempt.tree(current, repaired);
  }

  /** Whether a repair did not help, or its tabs were meant in another way. */
  private static boolean stuck(Attempt attempt, List<Problem> repaired) {
    if (attempt.trap() == null) {
      return false;
    }
    Problem last = repaired.getLast();
    Place place = attempt.trap().problem().place();
    return last.rule() == Rule.YAML_TAB
        || (last.place().line() == place.line() && last.place().column() >= place.column());
  }

  /**
   * One try at a text.
   *
   * @param trap why it failed; absent: it did not
   */
  private record Attempt(
      TreeBuilder.@Nullable Built built,
      Set<Integer> broken,
      List<Problem> problems,
      @Nullable Trap trap) {

    YamlTree tree(SourceText text, List<Problem> earlier) {
      List<Problem> all = new ArrayList<>(earlier);
      all.addAll(problems);
      if (built == null || trap != null) {
        if (trap != null) {
          all.add(trap.problem());
        }
        return failed(text, all);
      }
      return new YamlTree(built.value(), new SpotSource(text, built.spot()), broken, all);
    }
  }

  private static Attempt attempt(SourceText text) {
    List<Problem> problems = new ArrayList<>();
    TreeBuilder builder = null;
    try {
      builder = new TreeBuilder(text, problems);
      return new Attempt(builder.document(), builder.broken(), problems, null);
    } catch (YamlMistake e) {
      return failed(problems, Trap.of(e.rule(), text, e.offset(), e.text(), e.hint()));
    } catch (MarkedYamlEngineException e) {
      return failed(problems, SyntaxTraps.explain(text, e));
    } catch (ReaderException e) {
      return failed(problems, new Trap(SyntaxTraps.unprintable(text, e), null));
    } catch (RuntimeException | StackOverflowError e) {
      int offset = builder == null ? 0 : builder.offset();
      return failed(problems, new Trap(SyntaxTraps.unreadable(text, offset, e), null));
    }
  }

  private static Attempt failed(List<Problem> problems, Trap trap) {
    return new Attempt(null, Set.of(), problems, trap);
  }

  static Problem tooLarge(String file) {
    return Problem.invalid(
        Rule.YAML_TOO_LARGE,
        Place.file(file),
        "Expected a file of at most 1 MiB, found a larger one.",
        "Split the file, or let a step read the data while it runs.");
  }

  private static YamlTree failed(SourceText text, List<Problem> problems) {
    Spot nowhere = new Spot(null, new Span(0, 0, Style.NOTHING, ""), Map.of());
    return new YamlTree(null, new SpotSource(text, nowhere), Set.of(), problems);
  }
}
