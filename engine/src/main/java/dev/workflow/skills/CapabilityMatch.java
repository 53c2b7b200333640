package dev.workflow.skills;

import dev.workflow.definition.Capability;
import dev.workflow.engine.Skills.Binding;
import dev.workflow.engine.ToolSpec;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Finds the tool for a capability: the one that is named for it, else the one of its own name, else
 * one of the names that the vocabulary knows. Two that fit at the same stage are never chosen
 * between. {@code getForecast}, {@code get-forecast} and {@code get_forecast} are one name.
 */
final class CapabilityMatch {
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern BREAK = Pattern.compile("[-.\\s]+");
  private static final int NAMED_MAX = 12;

  private final Vocabulary vocabulary;
  private final List<ToolSpec> candidates;

  CapabilityMatch(Vocabulary vocabulary, List<ToolSpec> candidates) {
    this.vocabulary = vocabulary;
    this.candidates = candidates.stream().distinct().toList();
  }

  /** Binds a capability, by an explicit {@code server/tool} where there is one. */
  Binding bind(String capability, @Nullable String explicit) {
    if (explicit != null) {
      return candidates.stream()
          .filter(tool -> tool.fullName().equals(explicit))
          .findFirst()
          .<Binding>map(tool -> new Binding.Bound(tool, "named in bindings"))
          .orElseGet(
              () -> new Binding.Absent("bindings names `" + explicit + "`. " + looked(List.of())));
    }
    if (capability.equals(Vocabulary.OF_MODELS)) {
      return new Binding.Model();
    }
    if (capability.equals(Vocabulary.OF_PEOPLE)) {
      return new Binding.Person();
    }
    if (capability.indexOf('/') > 0) {
      return candidates.stream()
          .filter(tool -> tool.fullName().equals(capability))
          .findFirst()
          .<Binding>map(tool -> new Binding.Bound(tool, "the skill names it"))
          .orElseGet(() -> new Binding.Absent(looked(List.of())));
    }
    List<ToolSpec> exact = named(Set.of(plain(capability)));
    if (!exact.isEmpty()) {
      return one(exact, "has the capability's name");
    }
    List<String> known = vocabulary.capability(capability).map(Capability::tools).orElse(List.of());
    List<ToolSpec> listed =
        named(known.stream().map(CapabilityMatch::plain).collect(Collectors.toSet()));
    return listed.isEmpty()
        ? new Binding.Absent(looked(known))
        : one(listed, "the vocabulary lists its name");
  }

  private static Binding one(List<ToolSpec> fitting, String reason) {
    return fitting.size() == 1
        ? new Binding.Bound(fitting.get(0), reason)
        : new Binding.Ambiguous(fitting);
  }

  private List<ToolSpec> named(Set<String> names) {
    return candidates.stream().filter(tool -> names.contains(plain(tool.name()))).toList();
  }

  private String looked(List<String> known) {
    String tools = candidates.isEmpty() ? "There were no tools to look at." : seen();
    return known.isEmpty()
        ? tools
        : tools + " Known names for it: " + String.join(", ", known) + ".";
  }

  private String seen() {
    Map<String, Set<String>> byServer = new TreeMap<>();
    candidates.forEach(
        tool -> byServer.computeIfAbsent(tool.server(), each -> new TreeSet<>()).add(tool.name()));
    return byServer.entrySet().stream()
        .map(server -> "server `" + server.getKey() + "` (" + few(server.getValue()) + ")")
        .collect(Collectors.joining(", ", "Looked at: ", "."));
  }

  private static String few(Set<String> names) {
    String shown = names.stream().limit(NAMED_MAX).collect(Collectors.joining(", "));
    int more = names.size() - NAMED_MAX;
    return more > 0 ? shown + " and " + more + " more" : shown;
  }

  static String plain(String name) {
    String parted = HUMP.matcher(name).replaceAll("_");
    return BREAK.matcher(parted).replaceAll("_").toLowerCase(Locale.ROOT);
  }
}
