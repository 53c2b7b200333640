package dev.workflow.assembly;

import dev.workflow.check.Checked.Definition;
import dev.workflow.definition.Limits;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Documents;
import dev.workflow.engine.ResolvedJson;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Everything that decides what a run does, as one word. Who was shown what a run would do can ask
 * for exactly that by its digest; of another one it can be told what differs.
 *
 * @param text 32 hexadecimal digits over all of it, then 8 for each of its parts
 */
public record RunDigest(String text) {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}(-[0-9a-f]{8}){5}");
  private static final int WHOLE = 32;
  private static final int PART = 8;
  private static final List<String> PARTS =
      List.of(
          "the steps, agents or skills",
          "the tools or servers",
          "the models, their prices or scripted answers",
          "the inputs",
          "the limits");

  /** Keys of a definition that belong to its tools. */
  private static final List<String> TOOLS =
      List.of("tools", "bindings", "alternatives", "agent_tools", "servers");

  /** Keys of a definition that belong to its models. */
  private static final List<String> MODELS = List.of("models", "answers", "prices");

  /**
   * Reads a digest that somebody typed.
   *
   * @throws IllegalArgumentException when it is none; its message is for people
   */
  public static RunDigest parse(String text) {
    String plain = text.strip();
    if (!FORM.matcher(plain).matches()) {
      throw new IllegalArgumentException(
          "expected a digest as --dry-run prints it, found '" + text + "'");
    }
    return new RunDigest(plain);
  }

  /**
   * The digest of a run.
   *
   * @param shown what was shown of it
   */
  static RunDigest of(
      Definition definition, JsonNode inputs, Limits limits, JsonNode shown, Documents documents) {
    JsonNode written = new ResolvedJson(documents).write(definition.resolved());
    ObjectNode steps = JsonNodeFactory.instance.objectNode();
    ObjectNode tools = JsonNodeFactory.instance.objectNode();
    ObjectNode models = JsonNodeFactory.instance.objectNode();
    Map<String, JsonNode> parts = new LinkedHashMap<>();
    parts.put("", written);
    written.path("workflows").properties().forEach(e -> parts.put(e.getKey(), e.getValue()));
    parts.forEach(
        (name, part) -> {
          steps.set(name, rest(part));
          tools.set(name, only(part, TOOLS));
          models.set(name, only(part, MODELS));
        });
    tools.path("").path("servers").forEach(server -> ((ObjectNode) server).remove("file"));
    List<String> hashes = new ArrayList<>();
    for (JsonNode part : List.of(steps, tools, models, inputs)) {
      hashes.add(Canonical.hash(part));
    }
    hashes.add(Canonical.hash(limits.toString()));
    String whole = Canonical.hash(String.join(" ", hashes) + " " + Canonical.hash(shown));
    StringBuilder text = new StringBuilder(whole.substring(0, WHOLE));
    hashes.forEach(hash -> text.append('-').append(hash, 0, PART));
    return new RunDigest(text.toString());
  }

  /** What is another thing than in the other digest, in words; none: they are equal. */
  public List<String> differences(RunDigest other) {
    List<String> different = new ArrayList<>();
    String[] own = text.split("-", -1);
    String[] others = other.text.split("-", -1);
    for (int i = 0; i < PARTS.size(); i++) {
      if (!own[i + 1].equals(others[i + 1])) {
        different.add(PARTS.get(i));
      }
    }
    if (different.isEmpty() && !text.equals(other.text)) {
      different.add("what is shown of it");
    }
    return different;
  }

  /** Where a skill's folder is says nothing about what the skill does. */
  private static JsonNode rest(JsonNode part) {
    ObjectNode rest = part.deepCopy().asObject();
    rest.remove(TOOLS);
    rest.remove(MODELS);
    rest.remove("workflows");
    rest.path("skills").forEach(skill -> ((ObjectNode) skill).remove("folder"));
    return rest;
  }

  private static JsonNode only(JsonNode part, List<String> keys) {
    ObjectNode only = JsonNodeFactory.instance.objectNode();
    keys.stream().filter(part::has).forEach(key -> only.set(key, part.get(key).deepCopy()));
    return only;
  }
}
