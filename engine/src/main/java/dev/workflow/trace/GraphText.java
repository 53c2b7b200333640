package dev.workflow.trace;

import dev.workflow.trace.StepGraph.Drawn;
import dev.workflow.trace.StepGraph.Link;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes graphs as text, Mermaid and DOT. */
public final class GraphText {
  private static final String INDENT = "  ";

  /** Longer ids push their own line out, and no other. */
  private static final int WIDTH_MAX = 40;

  private GraphText() {}

  /** How a graph is written. */
  public enum Form {
    text,
    mermaid,
    dot
  }

  /** In a form. */
  public static String of(StepGraph graph, Form form) {
    return switch (form) {
      case text -> String.join("\n", lines(graph));
      case mermaid -> mermaid(graph);
      case dot -> dot(graph);
    };
  }

  /**
   * One line for each step; those that can run beside each other bear the mark ∥, and steps inside
   * a step stand indented below it. What is to be told of all of it follows.
   */
  public static List<String> lines(StepGraph graph) {
    List<String> lines = new ArrayList<>();
    lines(graph, "", Math.min(width(graph), WIDTH_MAX), lines);
    if (!graph.remarks().isEmpty()) {
      lines.add("");
      lines.addAll(graph.remarks());
    }
    return lines;
  }

  /** Of the column of ids. */
  private static int width(StepGraph graph) {
    int width = 0;
    for (Drawn step : graph.steps()) {
      int inside = step.holds() ? INDENT.length() + width(step.inside()) : 0;
      width = Math.max(width, Math.max(step.id().length(), inside));
    }
    return width;
  }

  private static void lines(StepGraph graph, String indent, int width, List<String> lines) {
    for (Drawn step : graph.steps()) {
      StringBuilder line = new StringBuilder(indent).append(step.parallel() ? "∥ " : "  ");
      line.append(step.glyph()).append(' ').append(step.id());
      line.append(" ".repeat(Math.max(0, width - step.id().length()) + 2)).append(step.what());
      if (!step.after().isEmpty()) {
        line.append("  after ");
        line.append(step.after().stream().map(GraphText::link).collect(Collectors.joining(", ")));
      }
      step.notes().forEach(note -> line.append("; ").append(note));
      if (!step.now().isEmpty()) {
        boolean wordless = step.what().isEmpty() && step.after().isEmpty();
        line.append(wordless ? "[" : "  [").append(step.now()).append(']');
      }
      lines.add(line.toString().stripTrailing());
      step.details().forEach(detail -> lines.add(indent + "      " + detail));
      lines(step.inside(), indent + INDENT, width - INDENT.length(), lines);
    }
  }

  private static String link(Link link) {
    return link.id() + (link.soft() ? "?" : "");
  }

  /** Names as a language takes them, each its own. */
  private static final class Ids {
    private final Map<String, String> byName = new HashMap<>();
    private final Set<String> taken = new HashSet<>(Set.of("end", "graph", "subgraph"));

    String of(String name) {
      return byName.computeIfAbsent(name, this::fresh);
    }

    private String fresh(String name) {
      String plain = name.replaceAll("[^A-Za-z0-9_/]", "_").replace('/', '-');
      String id = plain;
      for (int i = 2; !taken.add(id); i++) {
        id = plain + "-" + i;
      }
      return id;
    }
  }

  /** A Mermaid flowchart; a step that holds steps is a subgraph. */
  static String mermaid(StepGraph graph) {
    StringBuilder text = new StringBuilder("flowchart TD\n");
    Ids ids = new Ids();
    mermaidNodes(graph, INDENT, ids, text);
    mermaidLinks(graph, ids, text);
    if (!graph.remarks().isEmpty()) {
      String all =
          graph.remarks().stream().map(GraphText::escaped).collect(Collectors.joining("<br/>"));
      text.append("  %s[\"%s\"]\n".formatted(ids.of(" remarks"), all));
    }
    return text.toString().stripTrailing();
  }

  private static void mermaidNodes(StepGraph graph, String indent, Ids ids, StringBuilder text) {
    for (Drawn step : graph.steps()) {
      String label =
          label(step).stream().map(GraphText::escaped).collect(Collectors.joining("<br/>"));
      String node = "%s[\"%s\"]\n".formatted(ids.of(step.name()), label);
      text.append(indent).append(step.holds() ? "subgraph " : "").append(node);
      if (step.holds()) {
        mermaidNodes(step.inside(), indent + INDENT, ids, text);
        text.append(indent).append("end\n");
      }
    }
  }

  private static void mermaidLinks(StepGraph graph, Ids ids, StringBuilder text) {
    for (Drawn step : graph.steps()) {
      String id = ids.of(step.name());
      for (Link link : step.after()) {
        text.append(
            "  %s %s %s\n".formatted(ids.of(link.source()), link.soft() ? "-.->" : "-->", id));
      }
      if (step.revises() != null) {
        text.append("  %s -. revises .-> %s\n".formatted(id, ids.of(step.revises())));
      }
      mermaidLinks(step.inside(), ids, text);
    }
  }

  /** The lines of a box: the id, what the step does, where it stands, and what it has done. */
  private static List<String> label(Drawn step) {
    List<String> lines = new ArrayList<>();
    lines.add(step.glyph() + " " + step.id());
    if (!step.what().isEmpty()) {
      lines.add(step.what());
    }
    if (!step.now().isEmpty()) {
      lines.add(step.now());
    }
    lines.addAll(step.details());
    return lines;
  }

  /** Mermaid reads a subset of HTML inside labels, and {@code #} begins an entity. */
  private static String escaped(String label) {
    return label
        .replace("#", "#35;")
        .replace("&", "&amp;")
        .replace("\"", "&quot;")
        .replace("<", "&lt;");
  }

  /**
   * A graph for Graphviz; a step that holds steps is a cluster. No edge can end at a cluster: it
   * goes to a step inside and is cut off at the border.
   */
  static String dot(StepGraph graph) {
    StringBuilder text = new StringBuilder("digraph workflow {\n");
    text.append(graph.isNested() ? "  compound=true;\n" : "").append("  node [shape=box];\n");
    dotNodes(graph, INDENT, text);
    dotLinks(graph, text);
    if (!graph.remarks().isEmpty()) {
      text.append(
          "  label=\"%s\";\n"
              .formatted(
                  graph.remarks().stream()
                      .map(remark -> quoted(remark) + "\\l")
                      .collect(Collectors.joining())));
    }
    return text.append("}").toString();
  }

  private static void dotNodes(StepGraph graph, String indent, StringBuilder text) {
    for (Drawn step : graph.steps()) {
      String label = label(step).stream().map(GraphText::quoted).collect(Collectors.joining("\\n"));
      if (step.holds()) {
        text.append(indent).append("subgraph \"cluster_%s\" {\n".formatted(quoted(step.name())));
        text.append(indent).append("  label=\"%s\";\n".formatted(label));
        dotNodes(step.inside(), indent + INDENT, text);
        text.append(indent).append("}\n");
      } else {
        text.append(indent)
            .append("\"%s\" [label=\"%s\"];\n".formatted(quoted(step.name()), label));
      }
    }
  }

  private static void dotLinks(StepGraph graph, StringBuilder text) {
    Map<String, Drawn> byName = new HashMap<>();
    graph.steps().forEach(step -> byName.put(step.name(), step));
    for (Drawn step : graph.steps()) {
      for (Link link : step.after()) {
        dotLink(byName.get(link.source()), step, link.soft() ? "style=dashed" : "", text);
      }
      if (step.revises() != null) {
        String style = "style=dotted, label=\"revises\", constraint=false";
        dotLink(step, byName.get(step.revises()), style, text);
      }
      dotLinks(step.inside(), text);
    }
  }

  private static void dotLink(
      @Nullable Drawn source, @Nullable Drawn target, String style, StringBuilder text) {
    if (source == null || target == null) {
      return;
    }
    List<String> attributes = new ArrayList<>(style.isEmpty() ? List.of() : List.of(style));
    if (source.holds()) {
      attributes.add("ltail=\"cluster_" + quoted(source.name()) + "\"");
    }
    if (target.holds()) {
      attributes.add("lhead=\"cluster_" + quoted(target.name()) + "\"");
    }
    String all = attributes.isEmpty() ? "" : " [" + String.join(", ", attributes) + "]";
    text.append(
        "  \"%s\" -> \"%s\"%s;\n".formatted(quoted(source.last()), quoted(target.first()), all));
  }

  private static String quoted(String label) {
    return label.replace("\\", "\\\\").replace("\"", "\\\"");
  }
}
