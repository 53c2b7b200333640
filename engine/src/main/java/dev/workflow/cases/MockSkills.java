package dev.workflow.cases;

import dev.workflow.definition.Capability;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** Skills as they are, whose capabilities are bound to what a case mocks. */
public final class MockSkills implements Skills {
  private final Skills skills;
  private final Supplier<MockTools> tools;
  private final Map<String, String> bound;

  /**
   * Binds what the tools of a case stand in for, and leaves the rest to others.
   *
   * @param bound capability to {@code server/tool} where it was bound before
   */
  public MockSkills(Skills skills, Supplier<MockTools> tools, Map<String, String> bound) {
    this.bound = bound;
    this.skills = skills;
    this.tools = tools;
  }

  @Override
  public Found skill(String name, Path from) {
    return skills.skill(name, from);
  }

  @Override
  public List<String> names(Path from) {
    return skills.names(from);
  }

  @Override
  public Optional<Capability> capability(String name) {
    return skills.capability(name);
  }

  @Override
  public Optional<Capability> offeredBy(String tool) {
    return skills.offeredBy(tool);
  }

  @Override
  public Set<String> vocabulary() {
    return skills.vocabulary();
  }

  @Override
  public Binding bind(String capability, List<ToolSpec> candidates, Map<String, String> explicit) {
    ToolSpec mocked = tools.get().ofCapability(capability);
    if (mocked != null) {
      return new Binding.Bound(mocked, "mocked by the case");
    }
    return candidates.stream()
        .filter(tool -> !explicit.containsKey(capability))
        .filter(tool -> tool.fullName().equals(bound.get(capability)))
        .findFirst()
        .<Binding>map(tool -> new Binding.Bound(tool, "bound when it was recorded"))
        .orElseGet(() -> skills.bind(capability, candidates, explicit));
  }
}
