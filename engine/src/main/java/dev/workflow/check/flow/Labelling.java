package dev.workflow.check.flow;

import dev.workflow.definition.Capability;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Label;
import dev.workflow.engine.ServerMethods;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Finds the labels of tools: what their server's entry says, else the vocabulary by their name,
 * else their words, parameters and hints. A tool of which nothing is known has all of them.
 */
final class Labelling {
  private final Skills skills;
  private final Tools tools;
  private final Map<String, ToolLabels> known = new HashMap<>();

  Labelling(Skills skills, Tools tools) {
    this.skills = skills;
    this.tools = tools;
  }

  /** The labels of a tool that its server has described. */
  ToolLabels of(ToolSpec tool) {
    return known.computeIfAbsent(
        tool.fullName(), name -> said(tool.server(), tool.name()).orElseGet(() -> derived(tool)));
  }

  /** The labels of a tool of which the name alone is known; empty: the name says nothing. */
  Optional<ToolLabels> ofName(String server, String tool) {
    Optional<ToolLabels> said = said(server, tool);
    return said.isPresent() ? said : skills.offeredBy(tool).map(Labelling::of);
  }

  private Optional<ToolLabels> said(String server, String tool) {
    return Optional.ofNullable(tools.labels(server).get(tool))
        .map(labels -> all(labels, "its server's entry says so"));
  }

  private static ToolLabels of(Capability capability) {
    return all(capability.labels(), "known as `" + capability.name() + "`");
  }

  private static ToolLabels all(Set<Label> labels, String reason) {
    Map<Label, String> reasons = new EnumMap<>(Label.class);
    labels.forEach(label -> reasons.put(label, reason));
    return new ToolLabels(reasons);
  }

  private ToolLabels derived(ToolSpec tool) {
    if (ServerMethods.isOne(tool.name())) {
      return ToolLabels.worst("nothing is known of what the server has there");
    }
    Map<Label, String> reasons = new EnumMap<>(Label.class);
    Optional<Capability> capability = skills.offeredBy(tool.name());
    if (capability.isPresent()) {
      reasons.putAll(of(capability.get()).reasons());
    } else {
      reasons.putAll(new Clues(tool).labels());
    }
    if (!tool.openWorld() && tools.isBelieved(tool.server())) {
      reasons.remove(Label.UNTRUSTED);
      reasons.remove(Label.EXTERNAL);
    }
    return new ToolLabels(reasons);
  }

  /** What a tool's own words and parameters give away. */
  private static final class Clues {
    private final ToolSpec tool;
    private final List<String> name;
    private final List<String> text;
    private final Optional<String> web;

    Clues(ToolSpec tool) {
      this.tool = tool;
      this.name = ToolWords.words(tool.name());
      this.text = new ArrayList<>(name);
      text.addAll(ToolWords.words(tool.title()));
      text.addAll(ToolWords.words(tool.description()));
      Optional<String> address = parameter(ToolWords.ADDRESSES);
      this.web = address.isPresent() ? address : word(text, ToolWords.WEB);
    }

    Map<Label, String> labels() {
      Map<Label, String> labels = new EnumMap<>(Label.class);
      boolean reading = ToolWords.looksUp(tool);
      Optional<String> house = word(text, ToolWords.HOUSE);
      if (reading || web.isPresent()) {
        untrusted(house).ifPresent(reason -> labels.put(Label.UNTRUSTED, reason));
      }
      if (reading && web.isEmpty()) {
        labels.put(Label.PRIVATE, house.orElse("nothing says that it is public"));
      }
      external().ifPresent(reason -> labels.put(Label.EXTERNAL, reason));
      boolean recognised =
          reading || web.isPresent() || word(text, ToolWords.SENDING).isPresent() || isLocal();
      if (!recognised) {
        labels.putAll(ToolLabels.worst("nothing is known of it").reasons());
      }
      return labels;
    }

    private Optional<String> untrusted(Optional<String> house) {
      if (web.isPresent()) {
        return web;
      }
      Optional<String> outsiders = word(text, ToolWords.OUTSIDERS);
      return outsiders.isPresent() || house.isPresent()
          ? outsiders
          : Optional.of("nothing says who writes it");
    }

    private Optional<String> external() {
      if (ToolWords.isReading(tool)) {
        return tool.effect() != Effect.READ || takesText() ? web : Optional.empty();
      }
      Optional<String> recipients = parameter(ToolWords.RECIPIENTS);
      Optional<String> sends = word(name, ToolWords.SENDING);
      if (sends.isPresent() || word(name, ToolWords.LOCAL).isEmpty()) {
        return firstOf(sends, web, word(text, ToolWords.SENDING), recipients);
      }
      return Optional.empty();
    }

    @SafeVarargs
    private static Optional<String> firstOf(Optional<String>... clues) {
      for (Optional<String> clue : clues) {
        if (clue.isPresent()) {
          return clue;
        }
      }
      return Optional.empty();
    }

    private boolean isLocal() {
      return word(text, ToolWords.LOCAL).isPresent();
    }

    private boolean takesText() {
      return tool.inputSchema().path("properties").valueStream().anyMatch(Clues::isText);
    }

    private static boolean isText(JsonNode parameter) {
      String type = parameter.path("type").asString("string");
      return !Set.of("integer", "number", "boolean").contains(type) && !parameter.has("enum");
    }

    private Optional<String> parameter(Set<String> names) {
      return tool.inputSchema().path("properties").propertyNames().stream()
          .filter(each -> ToolWords.words(each).stream().anyMatch(names::contains))
          .findFirst()
          .map(each -> "parameter `" + each + "`");
    }

    private static Optional<String> word(List<String> words, Set<String> wanted) {
      return words.stream()
          .filter(wanted::contains)
          .findFirst()
          .map(each -> "it speaks of `" + each + "`");
    }
  }
}
