package dev.workflow.yaml;

import dev.workflow.definition.Rule;
import dev.workflow.engine.ServerMethods;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes the resources in {@code with} out: {@code {resource: docs/file:///manual.md}} becomes what
 * a step of its own gives, which reads it before. Everything after this knows only tool steps; what
 * is wrong with such a step is reported where the author wrote the resource.
 *
 * <p>The patterns of the document are written out already.
 */
final class Resources {
  private static final String KEY = "resource";

  /** What is the same for reading as for what it is read for. */
  private static final List<String> SHARED = List.of("retry", "timeout");

  /** Stands for a resource that was refused: a value of any type. */
  private static final JsonNode REFUSED = JsonNodeFactory.instance.stringNode("${dyn('')}");

  private static final Pattern ADDRESS = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:[\\s\\S]*");
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{[^}]*}");

  private final ObjectNode document;
  private final Findings findings;
  private final Origins origins = new Origins();
  private final Set<String> taken;

  Resources(ObjectNode document, Findings findings) {
    this.document = document;
    this.findings = findings;
    this.taken = Names.takenIn(document);
  }

  /**
   * Writes them out in the document.
   *
   * @return the findings so far, whose pointers are those of the document as it is now
   */
  Findings writeOut() {
    writeOut(document.path("steps"), "/steps");
    return findings.over(origins.over(findings.source()));
  }

  private void writeOut(JsonNode graph, String pointer) {
    if (!(graph instanceof ObjectNode steps)) {
      return;
    }
    Map<String, JsonNode> all = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : steps.properties()) {
      if (entry.getValue() instanceof ObjectNode step) {
        String at = Pointers.child(pointer, entry.getKey());
        writeOut(step.path("steps"), at + "/steps");
        refuse(step, "verify", at, "a `verify`");
        refuse(step, "undo", at, "an `undo`");
        all.putAll(new Of(entry.getKey(), step, pointer).reads());
      }
      all.put(entry.getKey(), entry.getValue());
    }
    steps.removeAll();
    steps.setAll(all);
  }

  /** What runs when the step is over is not prepared before it. */
  private void refuse(ObjectNode map, String key, String at, String where) {
    if (map.path(key).path("with") instanceof ObjectNode with) {
      replace(
          with,
          Pointers.child(at, key) + "/with",
          (text, pointer, name) -> refused(pointer, where));
    }
  }

  private JsonNode refused(String pointer, String where) {
    findings.value(
        Rule.MISPLACED_VALUE,
        pointer,
        "Expected no `resource` in %s, which is prepared only after its step.".formatted(where),
        "Read it in a step of its own, `tool: SERVER/%s`, and refer to that."
            .formatted(ServerMethods.READ_RESOURCE));
    return REFUSED;
  }

  /** What stands in the place of a resource: its text, its pointer and the key that it has. */
  private interface Replacement {
    JsonNode of(String text, String pointer, String name);
  }

  private static void replace(JsonNode values, String at, Replacement replacement) {
    if (values instanceof ObjectNode map) {
      for (String key : List.copyOf(map.propertyNames())) {
        map.set(key, replaced(map.path(key), Pointers.child(at, key), key, replacement));
      }
    } else if (values instanceof ArrayNode list) {
      for (int i = 0; i < list.size(); i++) {
        list.set(i, replaced(list.get(i), Pointers.child(at, i), KEY, replacement));
      }
    }
  }

  private static JsonNode replaced(
      JsonNode value, String at, String name, Replacement replacement) {
    String text = resource(value);
    if (text != null) {
      return replacement.of(text, at, name);
    }
    replace(value, at, replacement);
    return value;
  }

  /** The text of a value that is a resource and nothing else; absent: it is plain data. */
  private static @Nullable String resource(JsonNode value) {
    String text = value.isObject() && value.size() == 1 ? Values.text(value, KEY) : null;
    return text == null || text.startsWith("${") ? null : text;
  }

  /** Those of one step. */
  private final class Of {
    private final String id;
    private final ObjectNode step;
    private final String graph;
    private final String pointer;
    private final Map<String, JsonNode> reads = new LinkedHashMap<>();
    private final Map<String, String> readers = new HashMap<>();

    Of(String id, ObjectNode step, String graph) {
      this.id = id;
      this.step = step;
      this.graph = graph;
      this.pointer = Pointers.child(graph, id);
    }

    /** The steps that read them, by id; the step refers to what they give. */
    Map<String, JsonNode> reads() {
      replace(step.path("with"), pointer + "/with", this::read);
      return reads;
    }

    private JsonNode read(String text, String at, String name) {
      String written = Pointers.child(at, KEY);
      if (!isSound(text, written)) {
        return REFUSED;
      }
      String reader = readers.computeIfAbsent(text, each -> reader(each, written, name));
      origins.value(at, written, 0);
      return JsonNodeFactory.instance.stringNode(given(reader));
    }

    /** The text where all is text, else what was read as the protocol describes it. */
    private static String given(String reader) {
      return "${%s.contents.all(c, has(c.text)) ? %s.contents.map(c, c.text).join(\"\\n\") : %s.contents}"
          .formatted(reader, reader, reader);
    }

    private boolean isSound(String text, String written) {
      int slash = text.indexOf('/');
      String address = text.substring(slash + 1);
      if (slash < 1 || !(ADDRESS.matcher(address).matches() || address.contains("${"))) {
        findings.value(
            Rule.BAD_RESOURCE,
            written,
            "Expected SERVER/URI, such as `docs/file:///manual.md`, found `%s`, which has no %s."
                .formatted(text, slash < 1 ? "server" : "address with a scheme"),
            "Write the name of the server, `/`, and the address. If this is plain data and no"
                + " resource, write {resource: \"${'%s'}\"}.".formatted(text.replace("'", "\\'")));
        return false;
      }
      String variable = variable();
      if (variable != null && mentions(text, variable)) {
        findings.value(
            Rule.BAD_RESOURCE,
            written,
            "Expected a resource that is the same for each `%s`, as it is read before the elements"
                    .formatted(variable)
                + " begin, found `%s`.".formatted(text),
            "Hold a step in the `each`: `steps: {%s_: {...}}`; there each element reads its own."
                .formatted(id));
        return false;
      }
      return true;
    }

    private @Nullable String variable() {
      EachText each = EachText.of(Values.text(step, "each", ""));
      return each == null ? null : each.variable();
    }

    private static boolean mentions(String text, String name) {
      Pattern word = Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "(?!\\w)");
      Matcher expression = EXPRESSION.matcher(text);
      return expression.results().anyMatch(found -> word.matcher(found.group()).find());
    }

    private String reader(String text, String written, String name) {
      String reader = Names.free(id + "_" + name, taken);
      int slash = text.indexOf('/');
      ObjectNode read = JsonNodeFactory.instance.objectNode();
      String at = Pointers.child(graph, reader);
      origins.value(at, written, 0);
      String variable = variable();
      String when = Values.expression(step, "when");
      if (when != null && (variable == null || !mentions("${" + when + "}", variable))) {
        share(read, "when", at);
      }
      needs(read, at);
      SHARED.forEach(key -> share(read, key, at));
      if (!step.path("on_error").isObject() || !step.path("on_error").has("output")) {
        share(read, "on_error", at);
      }
      read.put("tool", text.substring(0, slash + 1) + ServerMethods.READ_RESOURCE);
      read.putObject("with").put("uri", text.substring(slash + 1));
      origins.value(at + "/with/uri", written, slash + 1);
      reads.put(reader, read);
      return reader;
    }

    /** A need of what there is not is told of the step. */
    private void needs(ObjectNode read, String at) {
      ArrayNode needs = JsonNodeFactory.instance.arrayNode();
      List<String> own = Values.texts(step, "needs");
      for (int i = 0; i < own.size(); i++) {
        if (taken.contains(own.get(i).replace("?", ""))) {
          origins.copied(
              Pointers.child(at + "/needs", needs.size()), Pointers.child(pointer + "/needs", i));
          needs.add(own.get(i));
        }
      }
      if (!needs.isEmpty()) {
        read.set("needs", needs);
      }
    }

    private void share(ObjectNode read, String key, String at) {
      if (step.has(key)) {
        read.set(key, step.path(key));
        origins.copied(at + "/" + key, pointer + "/" + key);
      }
    }
  }
}
