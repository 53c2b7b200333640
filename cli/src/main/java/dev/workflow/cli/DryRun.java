package dev.workflow.cli;

import dev.workflow.check.Checked.Definition;
import tools.jackson.databind.JsonNode;

/** Shows what a run would do. */
record DryRun(Terminal terminal, OutputFormat format) {

  void print(Definition definition, JsonNode inputs) {
    terminal.say("inputs " + inputs);
    definition
        .plan()
        .nodes()
        .forEach(node -> terminal.data(node.id() + "  " + node.kind()));
  }
}
