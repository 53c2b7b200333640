package dev.workflow.engine;

import dev.workflow.engine.Models.Offer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tool with which an agent of many tools finds those it needs. The engine answers it itself;
 * the names in the recorded answer are what later turns are offered.
 */
final class ToolSearch {

  /** The name that a model sees. */
  static final String NAME = "search_tools";

  /** What a model is offered. */
  static final Offer OFFER =
      new Offer(
          NAME,
          "Finds tools by what they do. The tools found can be called from your next turn on.",
          inputSchema());

  private static final int MOST_FOUND = 10;
  private static final int DESCRIPTION_CHARS = 200;
  private static final int WEIGHT_NAME = 4;
  private static final int WEIGHT_SERVER = 2;
  private static final int WEIGHT_DESCRIPTION = 1;
  private static final int SHORTEST_STEM = 4;

  private ToolSearch() {}

  /** The answer to a search: the best tools first, or that there is none, as JSON. */
  static String answer(Toolbox toolbox, JsonNode arguments) {
    Set<String> wanted = words(arguments.path("query").asString(""));
    String server = arguments.path("server").asString("");
    List<Hit> hits = new ArrayList<>();
    for (Map.Entry<String, ToolSpec> entry : toolbox.tools().entrySet()) {
      ToolSpec spec = entry.getValue();
      int score = score(spec, wanted);
      if (score > 0 && (server.isEmpty() || server.equals(spec.server()))) {
        hits.add(new Hit(entry.getKey(), spec, score));
      }
    }
    hits.sort(Comparator.comparingInt(Hit::score).reversed().thenComparing(Hit::name));
    return answer(toolbox, hits).toString();
  }

  /** The names of the tools in a recorded answer. */
  static List<String> namesIn(String answer) {
    List<String> names = new ArrayList<>();
    for (JsonNode value : JsonText.parse(answer).stream().toList()) {
      value.path("tools").forEach(tool -> names.add(tool.path("name").asString("")));
    }
    return names;
  }

  /** One line for each server: its name and how many tools it has. */
  static List<String> categories(Toolbox toolbox) {
    Map<String, List<String>> byServer = new TreeMap<>();
    toolbox
        .tools()
        .forEach(
            (name, spec) ->
                byServer.computeIfAbsent(spec.server(), server -> new ArrayList<>()).add(name));
    List<String> lines = new ArrayList<>();
    byServer.forEach(
        (server, names) ->
            lines.add(server + " (" + names.size() + " tools), such as " + examples(names)));
    return lines;
  }

  private static String examples(List<String> names) {
    return String.join(", ", names.subList(0, Math.min(names.size(), 5)));
  }

  private static ObjectNode answer(Toolbox toolbox, List<Hit> hits) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode tools = answer.putArray("tools");
    for (Hit hit : hits.subList(0, Math.min(hits.size(), MOST_FOUND))) {
      tools
          .addObject()
          .put("name", hit.name())
          .put("server", hit.spec().server())
          .put("description", ModelView.excerpt(hit.spec().description(), DESCRIPTION_CHARS));
    }
    if (hits.isEmpty()) {
      answer.put("note", "No tool matches. Try other words; these categories exist:");
      ArrayNode categories = answer.putArray("categories");
      categories(toolbox).forEach(categories::add);
    } else if (hits.size() > MOST_FOUND) {
      answer.put("note", (hits.size() - MOST_FOUND) + " more match; search more narrowly.");
    }
    return answer;
  }

  private static int score(ToolSpec spec, Set<String> wanted) {
    Set<String> name = words(spec.name() + " " + spec.title());
    Set<String> server = words(spec.server());
    Set<String> description = words(spec.description());
    int score = 0;
    for (String word : wanted) {
      score += WEIGHT_NAME * match(name, word);
      score += WEIGHT_SERVER * match(server, word);
      score += WEIGHT_DESCRIPTION * match(description, word);
    }
    return score;
  }

  /** 2 for the word itself, 1 for one that begins alike, such as {@code file} and {@code files}. */
  private static int match(Set<String> words, String wanted) {
    if (words.contains(wanted)) {
      return 2;
    }
    for (String word : words) {
      String shorter = word.length() < wanted.length() ? word : wanted;
      if (shorter.length() >= SHORTEST_STEM
          && word.startsWith(shorter)
          && wanted.startsWith(shorter)) {
        return 1;
      }
    }
    return 0;
  }

  /** Lower-case words of a text; {@code readFile} and {@code read_file} are two. */
  private static Set<String> words(String text) {
    String spaced = text.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    Set<String> words = new LinkedHashSet<>(List.of(spaced.split("[^\\p{L}\\p{N}]+", -1)));
    words.remove("");
    return words;
  }

  private static JsonNode inputSchema() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    properties
        .putObject("query")
        .put("type", "string")
        .put("minLength", 1)
        .put("description", "Words that say what the tool should do");
    properties
        .putObject("server")
        .put("type", "string")
        .put("description", "Only tools of this category");
    schema.putArray("required").add("query");
    return schema.put("additionalProperties", false);
  }

  private record Hit(String name, ToolSpec spec, int score) {}
}
