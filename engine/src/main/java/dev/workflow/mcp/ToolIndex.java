package dev.workflow.mcp;

import dev.workflow.definition.Nearest;
import dev.workflow.engine.ToolSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds a tool by {@code server/tool}, or by its own name where only one server offers it. */
public final class ToolIndex {
  private final Map<String, ToolSpec> byFullName = new LinkedHashMap<>();
  private final Map<String, List<ToolSpec>> byName = new HashMap<>();

  /** An index of these tools. */
  public ToolIndex(Collection<ToolSpec> tools) {
    for (ToolSpec tool : tools) {
      byFullName.put(tool.fullName(), tool);
      byName.computeIfAbsent(tool.name(), name -> new ArrayList<>()).add(tool);
    }
  }

  /** What a name stands for. */
  public sealed interface Found {

    /** Exactly one tool. */
    record One(ToolSpec tool) implements Found {}

    /** Several servers offer a tool of this name. */
    record Ambiguous(String name, List<String> candidates) implements Found {
      public Ambiguous {
        candidates = List.copyOf(candidates);
      }

      /** For people. */
      public String message() {
        return "several servers offer a tool '"
            + name
            + "': say which: "
            + String.join(", ", candidates);
      }
    }

    /** No server offers it. */
    record None(String name, String hint) implements Found {

      /** For people. */
      public String message() {
        return "no server offers a tool '" + name + "'. " + hint;
      }
    }
  }

  /** Looks a name up in one step. */
  public Found find(String name) {
    ToolSpec exact = byFullName.get(name);
    if (exact != null) {
      return new Found.One(exact);
    }
    List<ToolSpec> named = byName.getOrDefault(name, List.of());
    if (named.size() == 1) {
      return new Found.One(named.getFirst());
    }
    if (named.size() > 1) {
      return new Found.Ambiguous(name, named.stream().map(ToolSpec::fullName).sorted().toList());
    }
    return new Found.None(
        name, Nearest.hint(name, name.contains("/") ? byFullName.keySet() : byName.keySet()));
  }
}
