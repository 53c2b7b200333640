package dev.workflow.definition;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What makes a plan of a workflow: the key {@code plan} of its long form.
 *
 * @param id its name among the kept plans; absent: it is not kept
 * @param goal in the words of who asked for it
 * @param created a time in UTC; absent: nobody wrote it down
 * @param reasons of the planner; absent: no model planned it
 * @param run in which a model wrote it; absent: none
 * @param folder that relative paths count from; absent: that of the file
 * @param tools digest of the definition of each tool it was checked against, by server and tool
 * @param skills digest of each skill it was checked against
 */
public record PlanHeader(
    @Nullable String id,
    String goal,
    @Nullable String created,
    @Nullable String reasons,
    @Nullable String run,
    @Nullable String folder,
    Map<String, Map<String, String>> tools,
    Map<String, String> skills) {

  /** The key of the long form. */
  public static final String KEY = "plan";

  public PlanHeader {
    Map<String, Map<String, String>> copy = new LinkedHashMap<>();
    tools.forEach((server, own) -> copy.put(server, ordered(own)));
    tools = Collections.unmodifiableMap(copy);
    skills = ordered(skills);
  }

  /** The header of a long form; empty: it is no plan. */
  public static Optional<PlanHeader> of(JsonNode document) {
    JsonNode header = document.path(KEY);
    if (!header.isObject()) {
      return Optional.empty();
    }
    Map<String, Map<String, String>> tools = new LinkedHashMap<>();
    JsonNode pins = header.path("pins");
    pins.path("servers").properties().forEach(e -> tools.put(e.getKey(), texts(e.getValue())));
    return Optional.of(
        new PlanHeader(
            text(header, "id"),
            header.path("goal").asString(""),
            text(header, "created"),
            text(header, "reasons"),
            text(header, "run"),
            text(header, "folder"),
            tools,
            texts(pins.path("skills"))));
  }

  /** The value of the key. */
  public JsonNode write() {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    put(header, "id", id);
    header.put("goal", goal);
    put(header, "created", created);
    put(header, "reasons", reasons);
    put(header, "run", run);
    put(header, "folder", folder);
    if (!tools.isEmpty() || !skills.isEmpty()) {
      ObjectNode pins = header.putObject("pins");
      ObjectNode servers = pins.putObject("servers");
      tools.forEach((server, own) -> own.forEach(servers.withObjectProperty(server)::put));
      skills.forEach(pins.putObject("skills")::put);
    }
    return header;
  }

  /** A long form under this header, in the place of the one it may have. */
  public ObjectNode over(JsonNode document) {
    ObjectNode plan = JsonNodeFactory.instance.objectNode();
    document.properties().stream()
        .filter(e -> e.getKey().equals("name"))
        .forEach(e -> plan.set(e.getKey(), e.getValue()));
    plan.set(KEY, write());
    for (Map.Entry<String, JsonNode> entry : document.properties()) {
      if (!plan.has(entry.getKey())) {
        plan.set(entry.getKey(), entry.getValue());
      }
    }
    return plan;
  }

  /** The workflow that a plan is of: its long form without the header. */
  public static ObjectNode without(JsonNode plan) {
    ObjectNode document = plan.deepCopy().asObject();
    document.remove(KEY);
    return document;
  }

  private static void put(ObjectNode node, String key, @Nullable String value) {
    if (value != null) {
      node.put(key, value);
    }
  }

  private static @Nullable String text(JsonNode node, String key) {
    JsonNode value = node.get(key);
    return value == null || !value.isString() ? null : value.stringValue();
  }

  private static Map<String, String> texts(JsonNode node) {
    Map<String, String> texts = new LinkedHashMap<>();
    node.properties().forEach(e -> texts.put(e.getKey(), e.getValue().asString("")));
    return texts;
  }

  private static <V> Map<String, V> ordered(Map<String, V> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }
}
