package dev.workflow.cli;

import dev.workflow.cli.StepGraph.Drawn;
import dev.workflow.cli.StepGraph.Link;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Writes graphs as text, Mermaid and DOT. */
final class GraphText {
  private GraphText() {}

  /** One line for each step; those that can run beside each other bear the mark ∥. */
  static List<String> lines(StepGraph graph) {
    int width = graph.steps().stream().mapToInt(step -> step.id().length()).max().orElse(0);
    List<String> lines = new ArrayList<>();
    for (Drawn step : graph.steps()) {
      StringBuilder line = new StringBuilder(step.parallel() ? "∥ " : "  ");
      line.append(step.glyph()).append(' ').append(step.id());
      line.append(" ".repeat(width - step.id().length() + 2)).append(step.what());
      if (!step.after().isEmpty()) {
        line.append("  after ");
        line.append(step.after().stream().map(GraphText::link).collect(Collectors.joining(", ")));
      }
      step.notes().forEach(note -> line.append("; ").append(note));
      lines.add(line + now(step.now()));
    }
    return lines;
  }

  private static String link(Link link) {
    return link.source() + (link.soft() ? "?" : "");
  }

  private static String now(@org.jspecify.annotations.Nullable StepInfo now) {
    if (now == null || now.status() == StepStatus.PENDING) {
      return "";
    }
    StringBuilder text = new StringBuilder("  [" + now.status().word());
    if (now.attempts() > 1) {
      text.append(", ").append(now.attempts()).append(" attempts");
    }
    if (now.started() != null && now.ended() != null) {
      text.append(", ").append(Narration.seconds(Duration.between(now.started(), now.ended())));
    }
    return text.append(']').toString();
  }

  /** A Mermaid flowchart. */
  static String mermaid(StepGraph graph) {
    StringBuilder text = new StringBuilder("flowchart TD\n");
    for (Drawn step : graph.steps()) {
      text.append(
          "  %s[\"%s %s<br/>%s\"]\n"
              .formatted(step.id(), step.glyph(), step.id(), escaped(step.what())));
    }
    for (Drawn step : graph.steps()) {
      for (Link link : step.after()) {
        text.append(
            "  %s %s %s\n".formatted(link.source(), link.soft() ? "-.->" : "-->", step.id()));
      }
      if (step.revises() != null) {
        text.append("  %s -. revises .-> %s\n".formatted(step.id(), step.revises()));
      }
    }
    return text.toString().stripTrailing();
  }

  /** Mermaid reads a subset of HTML inside labels. */
  private static String escaped(String label) {
    return label.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
  }

  /** A graph for Graphviz. */
  static String dot(StepGraph graph) {
    StringBuilder text = new StringBuilder("digraph workflow {\n  node [shape=box];\n");
    for (Drawn step : graph.steps()) {
      String label = step.glyph() + " " + step.id() + "\\n" + quoted(step.what());
      text.append("  \"%s\" [label=\"%s\"];\n".formatted(step.id(), label));
    }
    for (Drawn step : graph.steps()) {
      for (Link link : step.after()) {
        String style = link.soft() ? " [style=dashed]" : "";
        text.append("  \"%s\" -> \"%s\"%s;\n".formatted(link.source(), step.id(), style));
      }
      if (step.revises() != null) {
        text.append(
            "  \"%s\" -> \"%s\" [style=dotted, label=\"revises\", constraint=false];\n"
                .formatted(step.id(), step.revises()));
      }
    }
    return text.append("}").toString();
  }

  private static String quoted(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
