package dev.workflow.trace;

import dev.workflow.engine.Pointers;
import dev.workflow.run.RunState;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is different between two runs, step by step, as one JSON object: {@code a b same status
 * inputs steps outputs usage}. A step is there when it is different: {@code only} one run has it,
 * or its {@code status}, {@code attempts}, {@code injected}, {@code error} or {@code output} is
 * another. Values are compared by JSON pointer; {@code a} or {@code b} is absent where that run has
 * nothing there. When things happened makes no difference.
 */
public final class RunDiff {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final List<String> OF_STEP = List.of("status", "attempts", "injected");

  private RunDiff() {}

  /** What is different. */
  public static ObjectNode of(RunState one, RunState other) {
    ObjectNode a = RunReport.of(one);
    ObjectNode b = RunReport.of(other);
    ObjectNode diff = JSON.objectNode();
    pair(diff, "status", a.get("status"), b.get("status"));
    add(diff, "inputs", values(one.inputs(), other.inputs()));
    ObjectNode steps = JSON.objectNode();
    for (String path : names(a.get("steps"), b.get("steps"))) {
      ObjectNode step = step(a.get("steps").get(path), b.get("steps").get(path));
      if (!step.isEmpty()) {
        steps.set(path, step);
      }
    }
    if (!steps.isEmpty()) {
      diff.set("steps", steps);
    }
    add(diff, "outputs", values(a.get("outputs"), b.get("outputs")));
    ObjectNode usage = JSON.objectNode();
    for (String resource : names(a.get("usage"), b.get("usage"))) {
      pair(usage, resource, a.get("usage").get(resource), b.get("usage").get(resource));
    }
    if (!usage.isEmpty()) {
      diff.set("usage", usage);
    }
    ObjectNode whole =
        JSON.objectNode()
            .put("a", one.start().run())
            .put("b", other.start().run())
            .put("same", diff.isEmpty());
    return whole.setAll(diff);
  }

  private static ObjectNode step(@Nullable JsonNode a, @Nullable JsonNode b) {
    ObjectNode step = JSON.objectNode();
    if (a == null || b == null) {
      JsonNode there = a == null ? b : a;
      step.put("only", a == null ? "b" : "a");
      if (there != null) {
        step.set("status", there.get("status"));
      }
      return step;
    }
    OF_STEP.forEach(key -> pair(step, key, a.get(key), b.get(key)));
    pair(step, "error", a.at("/error/message"), b.at("/error/message"));
    add(step, "output", values(a.get("output"), b.get("output")));
    return step;
  }

  private static Set<String> names(JsonNode a, JsonNode b) {
    Set<String> names = new LinkedHashSet<>(a.propertyNames());
    names.addAll(b.propertyNames());
    return names;
  }

  private static void add(ObjectNode diff, String key, ArrayNode differences) {
    if (!differences.isEmpty()) {
      diff.set(key, differences);
    }
  }

  private static void pair(
      ObjectNode diff, String key, @Nullable JsonNode a, @Nullable JsonNode b) {
    if (!same(a, b)) {
      diff.set(key, pair(a, b));
    }
  }

  private static ObjectNode pair(@Nullable JsonNode a, @Nullable JsonNode b) {
    ObjectNode pair = JSON.objectNode();
    if (a != null && !a.isMissingNode()) {
      pair.set("a", a);
    }
    if (b != null && !b.isMissingNode()) {
      pair.set("b", b);
    }
    return pair;
  }

  private static boolean same(@Nullable JsonNode a, @Nullable JsonNode b) {
    if (isAbsent(a) || isAbsent(b)) {
      return isAbsent(a) && isAbsent(b);
    }
    return Objects.equals(a, b);
  }

  private static boolean isAbsent(@Nullable JsonNode value) {
    return value == null || value.isMissingNode();
  }

  private static ArrayNode values(@Nullable JsonNode a, @Nullable JsonNode b) {
    ArrayNode differences = JSON.arrayNode();
    compare("", a, b, differences);
    return differences;
  }

  private static void compare(
      String pointer, @Nullable JsonNode a, @Nullable JsonNode b, ArrayNode differences) {
    if (same(a, b)) {
      return;
    }
    if (a != null && b != null && a.isObject() && b.isObject()) {
      for (String name : names(a, b)) {
        compare(Pointers.child(pointer, name), a.get(name), b.get(name), differences);
      }
    } else if (a != null && b != null && a.isArray() && b.isArray()) {
      for (int i = 0; i < Math.max(a.size(), b.size()); i++) {
        compare(pointer + "/" + i, a.get(i), b.get(i), differences);
      }
    } else {
      ObjectNode one = JSON.objectNode().put("pointer", pointer);
      differences.add(one.setAll(pair(a, b)));
    }
  }
}
