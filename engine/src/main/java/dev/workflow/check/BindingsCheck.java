package dev.workflow.check;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.ToolSpec;
import java.util.List;
import java.util.Set;

/** Checks {@code bindings:}: each must name a tool, and somebody should need its capability. */
final class BindingsCheck {
  private final Workflow workflow;
  private final Catalogue catalogue;
  private final Report report;

  BindingsCheck(Workflow workflow, Catalogue catalogue, Report report) {
    this.workflow = workflow;
    this.catalogue = catalogue;
    this.report = report;
  }

  /** Checks against the capabilities that somebody needs. */
  void check(Set<String> needed) {
    workflow
        .bindings()
        .forEach(
            (capability, tool) -> {
              String pointer = Pointers.child("/bindings", capability);
              if (!needed.contains(capability)) {
                report.warning(
                    Rule.UNUSED_BINDING,
                    pointer,
                    "No step and no skill needs capability `" + capability + "`.",
                    Nearest.hint(capability, needed));
              }
              tool(tool, pointer);
            });
  }

  private void tool(String fullName, String pointer) {
    int slash = fullName.indexOf('/');
    String server = fullName.substring(0, slash);
    String name = fullName.substring(slash + 1);
    if (!catalogue.defines(server)) {
      report.missing(
          Rule.UNKNOWN_SERVER,
          pointer,
          "There is no server `" + server + "`.",
          Nearest.hint(server, catalogue.servers()));
    } else if (!catalogue.isOpaque(server) && catalogue.tool(server, name).isEmpty()) {
      List<String> names = catalogue.tools(server).stream().map(ToolSpec::name).toList();
      report.missing(
          Rule.UNKNOWN_TOOL,
          pointer,
          "Server `" + server + "` has no tool `" + name + "`.",
          Nearest.hint(name, names));
    }
  }
}
