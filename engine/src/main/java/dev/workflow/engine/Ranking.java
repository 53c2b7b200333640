package dev.workflow.engine;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** Tells which of the tools, or of the skills, does most likely what some words ask for. */
public interface Ranking {

  /**
   * Those that have anything in common with what is wanted, the likeliest first, equal ones by id.
   * What one of them scores depends on itself and on what is wanted, never on the others.
   */
  List<Ranked> rank(Wanted wanted, List<Offered> offered);

  /** What it goes by, in words for people. */
  String method();

  /**
   * What is wanted.
   *
   * @param text the words of a person, or the name and the description of a capability
   * @param names names of tools that are known to do it
   */
  record Wanted(String text, List<String> names) {
    public Wanted {
      names = List.copyOf(names);
    }
  }

  /**
   * What may do it.
   *
   * @param id unique among all that are offered
   * @param group the name of its server; empty: none
   * @param parameters name and description of each
   */
  record Offered(
      String id, String group, String name, String description, List<String> parameters) {
    private static final int PARAMETERS_MAX = 64;

    public Offered {
      parameters = List.copyOf(parameters);
    }

    /** A tool by its definition; its parameters from the 65th on are left out. */
    public static Offered of(ToolSpec tool) {
      List<String> parameters =
          tool.inputSchema().path("properties").properties().stream()
              .limit(PARAMETERS_MAX)
              .map(Offered::parameter)
              .toList();
      String title =
          tool.title().isEmpty() || tool.title().equals(tool.name()) ? "" : tool.title() + ". ";
      return new Offered(
          tool.fullName(), tool.server(), tool.name(), title + tool.description(), parameters);
    }

    private static String parameter(Map.Entry<String, JsonNode> property) {
      return property.getKey() + " " + property.getValue().path("description").asString("");
    }
  }

  /**
   * How likely one does it.
   *
   * @param confidence from 0, nothing in common, to 1, in steps of a ten-thousandth
   */
  record Ranked(Offered offered, double confidence) {}
}
