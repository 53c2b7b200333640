package dev.workflow.check;

import dev.workflow.definition.Capability;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.run.StepError;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import reactor.core.publisher.Mono;

/**
 * What a run was started with, as the world of a check: its tools and skills, and no others.
 * Nothing is started or read.
 *
 * @param resolved with the workflows that its steps run
 */
record Frozen(Resolved resolved, Skills vocabularies) implements Servers, Tools, Skills {

  private Stream<Resolved> all() {
    return Stream.concat(Stream.of(resolved), resolved.workflows().values().stream());
  }

  private Stream<ToolSpec> tools() {
    return all().flatMap(part -> part.tools().values().stream());
  }

  @Override
  public Opened open(List<Written> workflows) {
    return new Opened(this, resolved.servers(), Map.of(), Map.of(), List.of());
  }

  @Override
  public Set<String> servers() {
    Set<String> servers = new LinkedHashSet<>();
    tools().forEach(tool -> servers.add(tool.server()));
    all()
        .flatMap(part -> part.agents().values().stream())
        .forEach(agent -> servers.addAll(agent.servers()));
    return servers;
  }

  @Override
  public Optional<List<ToolSpec>> known(String server) {
    return Optional.of(tools().filter(tool -> tool.server().equals(server)).distinct().toList());
  }

  @Override
  public Mono<List<ToolSpec>> list(String server) {
    return Mono.just(known(server).orElse(List.of()));
  }

  @Override
  public Mono<Tools.Answer> call(Call call) {
    return Mono.error(
        new ToolException(StepError.of(ErrorKind.UNAVAILABLE, "A check calls no tool"), false));
  }

  @Override
  public String identity(String server) {
    throw new ToolException(StepError.of(ErrorKind.UNAVAILABLE, "A check starts nothing"), false);
  }

  @Override
  public Set<String> secrets() {
    return Set.of();
  }

  @Override
  public void close() {}

  @Override
  public Found skill(String name, Path from) {
    Skill found =
        all()
            .map(part -> part.skills().get(name))
            .filter(Objects::nonNull)
            .findFirst()
            .orElse(null);
    return new Found(found, List.of(), List.of());
  }

  @Override
  public List<String> names(Path from) {
    return all().flatMap(part -> part.skills().keySet().stream()).distinct().toList();
  }

  @Override
  public Optional<Capability> capability(String name) {
    return vocabularies.capability(name);
  }

  @Override
  public Optional<Capability> offeredBy(String tool) {
    return vocabularies.offeredBy(tool);
  }

  @Override
  public Set<String> vocabulary() {
    return vocabularies.vocabulary();
  }

  @Override
  public Binding bind(String capability, List<ToolSpec> candidates, Map<String, String> explicit) {
    Binding binding = vocabularies.bind(capability, candidates, explicit);
    return binding instanceof Binding.Ambiguous several ? asBegun(capability, several) : binding;
  }

  /** What was chosen at the start of the run, by its lock, stays chosen. */
  private Binding asBegun(String capability, Binding.Ambiguous several) {
    return several.candidates().stream()
        .filter(tool -> all().anyMatch(part -> isBound(part, capability, tool)))
        .findFirst()
        .<Binding>map(tool -> new Binding.Bound(tool, "bound when the run began"))
        .orElse(several);
  }

  private static boolean isBound(Resolved part, String capability, ToolSpec tool) {
    return tool.fullName().equals(part.bindings().get(capability));
  }

  /** What a capability was bound to when the run was started; nothing is ranked again. */
  @Override
  public Optional<Proposal> propose(Need need, List<ToolSpec> candidates) {
    return all()
        .map(part -> part.bindings().get(need.capability()))
        .flatMap(name -> candidates.stream().filter(tool -> tool.fullName().equals(name)))
        .findFirst()
        .map(tool -> new Proposal(List.of(tool), true, "the run was started with it"));
  }
}
