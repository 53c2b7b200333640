package dev.workflow.engine;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Workflow;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Reads definitions from text. Nothing is thrown for what an author wrote: problems say it all. */
public interface Documents {

  /**
   * Reads a workflow file that another workflow runs; empty: there is no such file.
   *
   * @param name its name among those of a run, see {@link Resolved#workflows}
   */
  default Optional<Reading> another(String name, Path file) {
    return Files.isRegularFile(file) ? Optional.of(workflow(file)) : Optional.empty();
  }

  /** Reads a workflow file, short or long form. */
  Reading workflow(Path file);

  /** Reads a workflow from text, named for messages. */
  Reading workflow(String name, String text);

  /** Reads the long form that a workflow keeps in {@link Workflow#document}. */
  Workflow restore(JsonNode document);

  /**
   * Reads any YAML or JSON file that must fit a shipped schema, such as {@code skill.schema.json}.
   *
   * @param schema file name of the schema; empty: any shape
   */
  Tree tree(Path file, String schema);

  /**
   * Reads YAML that is part of a file, such as the head of a {@code SKILL.md}. Unlike {@link #tree}
   * it gives what can be read in spite of problems.
   *
   * @param file for messages
   * @param text the file from its first line on, so that places are those of the file
   */
  Tree part(Path file, String text);

  /**
   * A workflow that was read, or the reasons why not.
   *
   * @param workflow with problems it was read as far as it can be, for further checks only; absent:
   *     the text is no workflow at all
   * @param source speaks of the long form and shows the text as it was written
   */
  record Reading(@Nullable Workflow workflow, Source source, List<Problem> problems) {
    public Reading {
      problems = List.copyOf(problems);
    }
  }

  /** A tree that was read, or the reasons why not. */
  record Tree(@Nullable JsonNode value, Source source, List<Problem> problems) {
    public Tree {
      problems = List.copyOf(problems);
    }
  }

  /** The text behind a tree: it finds the place of each value. */
  interface Source {
    /** The place of the value at a JSON pointer; of its nearest parent where it has none. */
    Place place(String pointer);

    /** The place of the key of the value at a JSON pointer. */
    Place key(String pointer);

    /** The place of a character inside the text value at a JSON pointer, counted from 0. */
    Place inside(String pointer, int offset);
  }
}
