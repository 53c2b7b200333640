package dev.workflow.check;

import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Source;
import java.nio.file.Path;

/**
 * One of the workflows that are checked together.
 *
 * @param name as in {@link dev.workflow.engine.Resolved#workflows}; empty: the root
 * @param folder that its paths are relative to
 */
record Part(String name, Path file, Path folder, Workflow workflow, Source source, Report report) {

  /** The name of the graph that the steps of a container of it run; empty: of its own steps. */
  String graph(String container) {
    return name.isEmpty() ? container : name + "#" + container;
  }
}
