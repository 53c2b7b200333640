package dev.workflow.skills;

import dev.workflow.definition.Capability;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Label;
import dev.workflow.engine.Skills;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The shared words for what tools can do, each with the tool names that are known to do it. */
final class Vocabulary {
  private static final String FILE = "vocabulary.json";

  /** The capability that every model offers by itself. */
  static final String OF_MODELS = "structured_reasoning";

  /** The capability that the engine offers by itself: the question is one of the run. */
  static final String OF_PEOPLE = Skills.ASK_PERSON;

  private final Map<String, Capability> capabilities;
  private final Map<String, Capability> byTool = new HashMap<>();

  private Vocabulary(Map<String, Capability> capabilities) {
    this.capabilities = Collections.unmodifiableMap(capabilities);
    capabilities.forEach((name, one) -> byTool.putIfAbsent(CapabilityMatch.plain(name), one));
    capabilities
        .values()
        .forEach(
            one ->
                one.tools().forEach(tool -> byTool.putIfAbsent(CapabilityMatch.plain(tool), one)));
  }

  /** The vocabulary that the engine brings along. */
  static Vocabulary shipped() {
    try (InputStream file = Vocabulary.class.getResourceAsStream(FILE)) {
      if (file == null) {
        throw new IllegalStateException("The engine was packed without its " + FILE);
      }
      return read(JsonMapper.shared().readTree(file));
    } catch (IOException e) {
      throw new UncheckedIOException("The shipped " + FILE + " cannot be read", e);
    }
  }

  private static Vocabulary read(JsonNode file) {
    Map<String, Capability> capabilities = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : file.path("capabilities").properties()) {
      JsonNode one = entry.getValue();
      Set<String> inputs = new LinkedHashSet<>();
      texts(one.path("inputs"))
          .forEach(input -> inputs.addAll(texts(file.path("inputs").path(input))));
      Set<Label> labels = new LinkedHashSet<>();
      one.path("labels").forEach(label -> labels.add(Label.of(label.asString())));
      Effect effect = one.has("effect") ? Effect.of(one.get("effect").asString()) : null;
      capabilities.put(
          entry.getKey(),
          new Capability(
              entry.getKey(),
              one.path("description").asString(),
              inputs,
              texts(one.path("outputs")),
              texts(one.path("tools")),
              effect,
              labels));
    }
    return new Vocabulary(capabilities);
  }

  private static List<String> texts(JsonNode list) {
    return list.valueStream().map(JsonNode::asString).toList();
  }

  Optional<Capability> capability(String name) {
    return Optional.ofNullable(capabilities.get(name));
  }

  /** The capability of that name, or the one that a tool of that name is known to offer. */
  Optional<Capability> known(String name) {
    return Optional.ofNullable(byTool.get(CapabilityMatch.plain(name)));
  }

  Set<String> names() {
    return capabilities.keySet();
  }
}
