package dev.workflow.mcp;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Masking;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Secrets that somebody wrote into a server file: a run keeps its entries without them and reads
 * them from that file again when it is resumed.
 */
final class WrittenSecrets {
  private WrittenSecrets() {}

  /** The secrets written into an entry, as JSON and YAML files write them. */
  static Set<String> of(JsonNode entry) {
    Set<String> secrets = new LinkedHashSet<>();
    for (String map : List.of("env", "headers")) {
      for (Map.Entry<String, JsonNode> value : entry.path(map).properties()) {
        secrets.addAll(Secrets.written(value.getKey(), value.getValue().asString("")));
      }
    }
    collect(entry, without(entry), secrets);
    for (String secret : List.copyOf(secrets)) {
      String quoted = JsonNodeFactory.instance.stringNode(secret).toString();
      secrets.add(quoted.substring(1, quoted.length() - 1));
    }
    return secrets;
  }

  private static void collect(JsonNode written, JsonNode shown, Set<String> secrets) {
    if (written.isString() && !written.equals(shown)) {
      secrets.add(hidden(written.stringValue(), shown.stringValue()));
      secrets.addAll(Secrets.passwords(written.stringValue()));
    }
    written.properties().forEach(e -> collect(e.getValue(), shown.path(e.getKey()), secrets));
    for (int i = 0; written.isArray() && i < written.size(); i++) {
      collect(written.get(i), shown.path(i), secrets);
    }
  }

  /** The part of a text that its mask hides; all of it where there are several. */
  private static String hidden(String written, String shown) {
    int mask = shown.indexOf(Masking.MASK);
    boolean alone = mask >= 0 && mask == shown.lastIndexOf(Masking.MASK);
    int behind = shown.length() - mask - Masking.MASK.length();
    return alone && mask + behind < written.length()
        ? written.substring(mask, written.length() - behind)
        : written;
  }

  /** The entry with a mask in the place of each secret. */
  static JsonNode without(JsonNode entry) {
    return Redaction.of(entry);
  }

  /** The entry with its secrets, as its file has them now; one that is gone is a problem. */
  static JsonNode with(String alias, JsonNode entry, ServerOrigin origin, List<Problem> problems) {
    List<String> gone = new ArrayList<>();
    JsonNode now = isMasked(entry) ? current(alias, origin) : MissingNode.getInstance();
    JsonNode whole = restored("", entry, now, without(now), gone);
    for (String field : gone.stream().sorted().toList()) {
      problems.add(
          Problem.missing(
              Rule.MCP_SECRET,
              Place.file(origin.file()),
              "server '"
                  + alias
                  + "': the secret "
                  + field
                  + " is not kept with a run, and its file no longer has it",
              null));
    }
    return whole;
  }

  private static boolean isMasked(JsonNode value) {
    return value.isString()
        ? value.stringValue().contains(Masking.MASK)
        : value.valueStream().anyMatch(WrittenSecrets::isMasked);
  }

  /**
   * A kept value with its secrets.
   *
   * @param now what stands in its place in the file
   * @param shown the same with a mask in the place of each secret: only where that is what was
   *     kept, the secret is the one that was meant, be it that its value is another one now
   */
  private static JsonNode restored(
      String field, JsonNode kept, JsonNode now, JsonNode shown, List<String> gone) {
    if (!isMasked(kept)) {
      return kept;
    }
    if (kept.isString()) {
      boolean there = now.isString() && shown.equals(kept);
      if (!there) {
        gone.add(field);
      }
      return there ? now : kept;
    }
    String before = field.isEmpty() ? "" : field + ".";
    if (kept.isArray()) {
      ArrayNode list = JsonNodeFactory.instance.arrayNode();
      boolean same = true;
      for (int i = 0; i < kept.size(); i++) {
        same &= kept.get(i).equals(shown.path(i));
        JsonNode there = same ? now.path(i) : MissingNode.getInstance();
        list.add(restored(before + i, kept.get(i), there, shown.path(i), gone));
      }
      return list;
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> member : kept.properties()) {
      String key = member.getKey();
      object.set(
          key, restored(before + key, member.getValue(), now.path(key), shown.path(key), gone));
    }
    return object;
  }

  private static JsonNode current(String alias, ServerOrigin origin) {
    JsonNode root = JsonFile.read(origin.path()).value();
    return root == null
        ? MissingNode.getInstance()
        : root.path(ServerLayers.keyOf(root)).path(alias);
  }
}
