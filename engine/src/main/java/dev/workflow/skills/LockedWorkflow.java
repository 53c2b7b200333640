package dev.workflow.skills;

import dev.workflow.definition.Effect;
import dev.workflow.engine.LockEntry;
import dev.workflow.engine.Pointers;
import dev.workflow.engine.ToolSpec;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** One workflow in the lock file, to and fro. */
final class LockedWorkflow {
  private static final String SERVERS = "servers";
  private static final String TOOLS = "tools";
  private static final String BINDINGS = "bindings";
  private static final String SKILLS = "skills";
  private static final String PREFIX = "sha256:";
  private static final Pattern HASH = Pattern.compile(PREFIX + "[0-9a-f]{64}");

  private LockedWorkflow() {}

  /** What stands at a place of the file is not what is written there. */
  static final class Misshapen extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** Of what the message names. */
    Misshapen(String pointer, String expected) {
      super("Expected %s at `%s`, found something else.".formatted(expected, pointer));
    }
  }

  /**
   * Reads what {@link #write} has written.
   *
   * @param pointer of it in the file
   * @throws Misshapen when it was changed by hand, or by a merge
   */
  static LockEntry read(JsonNode node, String pointer) {
    SortedMap<String, ToolSpec> tools = new TreeMap<>();
    object(node, TOOLS, pointer)
        .forEachEntry(
            (name, tool) ->
                tools.put(name, tool(name, tool, Pointers.child(pointer + "/" + TOOLS, name))));
    SortedMap<String, SortedMap<String, String>> bindings = new TreeMap<>();
    JsonNode owners = object(node, BINDINGS, pointer);
    owners.forEachEntry(
        (owner, bound) ->
            bindings.put(
                owner, texts(owners, owner, pointer + "/" + BINDINGS, null, "the name of a tool")));
    return new LockEntry(
        texts(node, SERVERS, pointer, HASH, "sha256: and 64 digits"),
        tools,
        bindings,
        texts(node, SKILLS, pointer, HASH, "sha256: and 64 digits"));
  }

  private static JsonNode object(JsonNode node, String key, String pointer) {
    JsonNode value = node.path(key);
    if (!node.isObject() || !(value.isObject() || value.isMissingNode())) {
      throw new Misshapen(node.isObject() ? Pointers.child(pointer, key) : pointer, "an object");
    }
    return value;
  }

  private static SortedMap<String, String> texts(
      JsonNode node, String key, String pointer, @Nullable Pattern form, String expected) {
    SortedMap<String, String> texts = new TreeMap<>();
    object(node, key, pointer)
        .forEachEntry(
            (name, value) -> {
              if (!value.isString()
                  || (form != null && !form.matcher(value.stringValue()).matches())) {
                throw new Misshapen(Pointers.child(Pointers.child(pointer, key), name), expected);
              }
              texts.put(name, value.stringValue());
            });
    return texts;
  }

  private static ToolSpec tool(String name, JsonNode node, String pointer) {
    int slash = name.indexOf('/');
    String digest = node.path("digest").asString("");
    JsonNode output = node.path("output");
    boolean sound =
        slash > 0
            && slash < name.length() - 1
            && HASH.matcher(digest).matches()
            && node.path("description").isString()
            && node.path("input").isObject()
            && (output.isObject() || output.isMissingNode())
            && node.path("open_world").isBoolean();
    if (!sound) {
      throw new Misshapen(pointer, "the definition of a tool SERVER/TOOL");
    }
    return new ToolSpec(
        name.substring(0, slash),
        name.substring(slash + 1),
        name.substring(slash + 1),
        node.path("description").stringValue(),
        node.path("input"),
        output.isMissingNode() ? null : output,
        effect(node.path("effect").asString(""), pointer),
        node.path("open_world").booleanValue(),
        digest.substring(PREFIX.length()));
  }

  private static Effect effect(String word, String pointer) {
    try {
      return Effect.of(word);
    } catch (IllegalArgumentException e) {
      throw new Misshapen(pointer + "/effect", "read, idempotent, write or destructive");
    }
  }

  /** Writes it over what stood there; what other versions of the product keep there stays. */
  static void write(ObjectNode node, LockEntry entry) {
    fill(node.putObject(SERVERS), entry.servers());
    fill(node.putObject(SKILLS), entry.skills());
    ObjectNode bindings = node.putObject(BINDINGS);
    entry.bindings().forEach((owner, bound) -> fill(bindings.putObject(owner), bound));
    JsonNode before = node.path(TOOLS);
    ObjectNode tools = node.putObject(TOOLS);
    entry
        .tools()
        .forEach(
            (name, tool) -> {
              JsonNode old = before.path(name);
              boolean same = old.path("digest").asString("").equals(PREFIX + tool.digest());
              tools.set(name, same ? old : definition(old, tool));
            });
  }

  private static ObjectNode definition(JsonNode old, ToolSpec tool) {
    ObjectNode node = old instanceof ObjectNode kept ? kept : JsonNodeFactory.instance.objectNode();
    write(node, tool);
    return node;
  }

  private static void write(ObjectNode node, ToolSpec tool) {
    node.put("description", tool.description());
    node.set("input", tool.inputSchema());
    if (tool.outputSchema() == null) {
      node.remove("output");
    } else {
      node.set("output", tool.outputSchema());
    }
    node.put("effect", tool.effect().word());
    node.put("open_world", tool.openWorld());
    node.put("digest", PREFIX + tool.digest());
  }

  private static void fill(ObjectNode node, Map<String, String> texts) {
    texts.forEach(node::put);
  }
}
