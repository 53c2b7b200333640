package dev.workflow.check;

import dev.workflow.definition.Policy;
import dev.workflow.engine.Skills;
import dev.workflow.engine.Skills.Binding;
import dev.workflow.engine.ToolSpec;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells the tools that {@code allow_web: false} and {@code allow_code_exec: false} take away. */
final class WebAndCode {
  private static final Set<String> WEB = Set.of("web_search", "fetch_url");
  private static final Set<String> CODE = Set.of("code_execution");

  private final Skills skills;
  private final Map<String, String> explicit;

  WebAndCode(Skills skills, Map<String, String> explicit) {
    this.skills = skills;
    this.explicit = explicit;
  }

  /**
   * The key of the policy that forbids a tool.
   *
   * @param capability for which the tool would be used; empty: for none in particular
   */
  Optional<String> forbids(Policy policy, String capability, ToolSpec tool) {
    if (!policy.allowWeb() && is(WEB, capability, tool)) {
      return Optional.of("allow_web: false");
    }
    if (!policy.allowCodeExec() && is(CODE, capability, tool)) {
      return Optional.of("allow_code_exec: false");
    }
    return Optional.empty();
  }

  private boolean is(Set<String> kinds, String capability, ToolSpec tool) {
    return kinds.contains(capability) || kinds.stream().anyMatch(kind -> serves(kind, tool));
  }

  private boolean serves(String kind, ToolSpec tool) {
    return tool.fullName().equals(explicit.get(kind))
        || skills.bind(kind, List.of(tool), Map.of()) instanceof Binding.Bound;
  }
}
