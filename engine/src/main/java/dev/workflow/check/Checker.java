package dev.workflow.check;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Place;
import dev.workflow.definition.Skill;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.LockEntry;
import dev.workflow.engine.Models;
import dev.workflow.engine.Price;
import dev.workflow.engine.Prices;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Validator;
import dev.workflow.engine.WorkflowCompiler;
import dev.workflow.engine.WorkflowCompiler.Compilation;
import dev.workflow.engine.WorkflowCompiler.Mistake;
import dev.workflow.run.Plan;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The one check: from a file to everything a run needs, or to all the reasons why it cannot run.
 * Nothing is started unless the request says so, and nothing at all for a definition whose agents
 * or names are already wrong.
 */
public final class Checker {
  private final Ports ports;

  /** Checks through the given ports. */
  public Checker(Ports ports) {
    this.ports = ports;
  }

  /** What the check looks through. */
  public record Ports(
      Documents documents,
      Skills skills,
      Servers servers,
      Models models,
      Answers answers,
      Expressions expressions,
      Validator validator,
      Locks locks) {}

  /** Checks one workflow and those that its steps run. */
  public Checked check(CheckRequest request) {
    Parts parts = Parts.read(request, ports.documents(), ports.skills());
    Part root = parts.root();
    if (root == null) {
      return new Checked(null, parts.problems(), null);
    }
    Servers.Opened opened =
        ports
            .servers()
            .open(
                parts.all().stream()
                    .filter(part -> part.use() == null)
                    .map(
                        part ->
                            new Servers.Written(
                                part.workflow(), part.source(), part.file(), part.folder()))
                    .toList());
    root.report().addAll(opened.problems());
    Locks.Lock lock = ports.locks().of(root.folder(), request.text() == null ? root.file() : null);
    Checked.Definition definition =
        define(
            request, parts, root, opened, new LockCheck(ports.locks(), lock, parts, root, opened));
    if (definition != null && !(ports.servers() instanceof Frozen)) {
      definition = proved(definition);
    }
    return new Checked(definition, parts.problems(), opened.tools());
  }

  /** With those alternatives only that pass the check in the place of the tool that is bound. */
  private Checked.Definition proved(Checked.Definition definition) {
    PlanCheck check =
        new PlanCheck(ports.documents(), ports.skills(), ports.expressions(), ports.validator());
    Resolved resolved = definition.resolved();
    Map<String, Resolved> others = new LinkedHashMap<>();
    resolved
        .workflows()
        .forEach(
            (name, part) -> others.put(name, part.withAlternatives(check.proved(resolved, name))));
    return new Checked.Definition(
        resolved.withAlternatives(check.proved(resolved, "")).withWorkflows(others),
        definition.compiled(),
        definition.plan(),
        definition.bindings(),
        definition.lock());
  }

  /**
   * What is known of one of the workflows on the way.
   *
   * @param use of servers; of a workflow of a skill that of its user
   * @param catalogue of the same
   */
  record Known(Part part, Bindings bindings, ServerUse use, Catalogue catalogue) {

    /** What cannot be said without the servers; of those that must start only the root speaks. */
    void tellServers(Map<String, Place> required) {
      if (part.use() == null) {
        catalogue.tell(use.places(), part.name().isEmpty() ? required : Map.of(), part.report());
      }
    }
  }

  private Checked.@Nullable Definition define(
      CheckRequest request, Parts parts, Part root, Servers.Opened opened, LockCheck locked) {
    Catalogue catalogue = catalogue(request, parts, opened, locked);
    List<Known> known = known(parts, opened, catalogue, locked);
    Resolved untyped = resolved(known, opened);
    LockEntry lock = locked.check(untyped, catalogue::isUnknown);
    Pins.check(untyped, root.report());
    Compilation compilation = new WorkflowCompiler(ports.expressions()).compile(untyped);
    for (Mistake mistake : compilation.mistakes()) {
      parts.all().stream()
          .filter(part -> part.name().equals(mistake.workflow()))
          .forEach(part -> tell(mistake, part.report()));
    }
    CompiledWorkflow compiled = compilation.workflow();
    Map<String, ModelChoice> choices = new LinkedHashMap<>();
    for (Part part : parts.all()) {
      Set<String> running =
          new ComputedAgents(
                  part.workflow(), compiled.part(part.name()), part.owners(), part.report())
              .running();
      SkillUse use = part.use();
      ModelChoice user = use == null ? null : choices.get(use.user().name());
      choices.put(
          part.name(),
          new ModelChoice(part, user, request.models(), ports.models(), request.probe())
              .look(part.owners().values(), running)
              .lookAtServers(sampled(part, known, opened.tools())));
    }
    ModelChoice.Choice choice =
        ModelChoice.together(
            List.copyOf(choices.values()), request.models(), ports.answers(), root);
    Resolved resolved = withModels(untyped, choice, request.models().prices());
    Plan plan = plan(request, parts, resolved, compiled, opened.tools());
    if (plan != null && !(ports.servers() instanceof Frozen)) {
      new FlowCheck(known, compiled, ports.skills()).check(resolved, opened.tools());
    }
    known.forEach(one -> one.tellServers(opened.required()));
    return plan == null
        ? null
        : new Checked.Definition(
            resolved,
            compiled,
            plan,
            known.stream().flatMap(one -> one.bindings().notes().stream()).toList(),
            lock);
  }

  /** The aliases of what the servers of a workflow may have asked. */
  private static Set<String> sampled(Part part, List<Known> known, Tools tools) {
    Set<String> aliases = new TreeSet<>();
    for (Known one : known) {
      if (one.part().name().equals(part.name())) {
        one.use().places().keySet().forEach(it -> tools.sampling(it).ifPresent(aliases::add));
      }
    }
    return aliases;
  }

  /** The servers are asked once, for all workflows. */
  private static Catalogue catalogue(
      CheckRequest request, Parts parts, Servers.Opened opened, LockCheck locked) {
    Set<String> wanted = new LinkedHashSet<>(opened.required().keySet());
    for (Part part : parts.all()) {
      if (part.use() == null) {
        wanted.addAll(use(part, opened).places().keySet());
      }
    }
    boolean hold = locked.holds();
    return Catalogue.read(opened.tools(), wanted, request.probe(), hold || parts.hasInvalid());
  }

  private static ServerUse use(Part part, Servers.Opened opened) {
    return new ServerUse(part.workflow(), part.owners().values(), opened.tools().servers());
  }

  /** Finds the agents, skills and tools of each workflow. */
  private List<Known> known(Parts parts, Servers.Opened opened, Catalogue whole, LockCheck locked) {
    Map<String, Known> known = new LinkedHashMap<>();
    for (Part part : parts.all()) {
      SkillUse skill = part.use();
      if (skill != null) {
        Known user = Objects.requireNonNull(known.get(skill.user().name()));
        known.put(
            part.name(),
            new Known(part, bindings(part, skill, user.bindings()), user.use(), user.catalogue()));
      } else {
        ServerUse use = use(part, opened);
        Catalogue catalogue = whole.forAnother();
        Bindings bindings = bindings(part, use, catalogue, locked.bindings(part));
        known.put(part.name(), new Known(part, bindings, use, catalogue));
      }
    }
    return List.copyOf(known.values());
  }

  /** The user of a skill comes before the skill's workflow. */
  private Bindings bindings(Part part, SkillUse use, Bindings users) {
    Map<String, ToolSpec> given =
        users.ofOwners().getOrDefault(use.owner().agent().name(), Map.of());
    return new SkillTools(
            part,
            use,
            given,
            new WebAndCode(ports.skills(), part.bindings()),
            ports.servers() instanceof Frozen)
        .find();
  }

  private Bindings bindings(Part part, ServerUse use, Catalogue catalogue, LockedBindings locked) {
    return new ToolCheck(
            part.workflow(),
            part.owners().values(),
            use,
            catalogue,
            ports.skills(),
            locked,
            new ToolSchemas(ports.validator(), part.report()),
            part.report())
        .find();
  }

  /** The plan of all of them; null where a graph is not sound. */
  private @Nullable Plan plan(
      CheckRequest request,
      Parts parts,
      Resolved resolved,
      CompiledWorkflow compiled,
      Tools tools) {
    List<Plan.Node> outermost = List.of();
    Map<String, List<Plan.Node>> bodies = new LinkedHashMap<>();
    Map<String, Allowance> agents = new LinkedHashMap<>();
    boolean sound = true;
    for (Part part : parts.all()) {
      CompiledWorkflow own = compiled.part(part.name());
      Resolved itself = resolved.part(part.name());
      new StepCheck(resolved, part.name(), own, ports.validator(), part.report()).check();
      if (part.use() != null) {
        new SkillContract(part, part.use(), ports.validator()).check(own);
      }
      new CacheCheck(itself, own, tools, part.report()).check();
      new PriceCheck(
              itself,
              part.name().isEmpty() ? resolved.workflows().values() : List.of(),
              part.report())
          .check();
      Nodes nodes = new Nodes(itself, own, part.name().isEmpty() ? request.learned() : Map.of());
      List<Plan.Node> graph = new GraphCheck(part, own, nodes, bodies).nodes();
      nodes.agents().forEach(agents::putIfAbsent);
      sound &= graph != null;
      if (part.name().isEmpty() && graph != null) {
        outermost = graph;
      } else if (graph != null) {
        bodies.put(part.graph(""), graph);
      }
    }
    return sound && !parts.hasInvalid() ? new Plan(outermost, bodies, agents) : null;
  }

  private static Resolved resolved(List<Known> known, Servers.Opened opened) {
    Map<String, Resolved> others = new LinkedHashMap<>();
    known.stream()
        .skip(1)
        .forEach(
            one ->
                others.put(
                    one.part().name(),
                    resolved(one, JsonNodeFactory.instance.objectNode(), Map.of())));
    return resolved(known.get(0), opened.entries(), others);
  }

  private static Resolved resolved(Known known, JsonNode servers, Map<String, Resolved> others) {
    Map<String, Agent> agents = new LinkedHashMap<>();
    Map<String, Skill> skills = new LinkedHashMap<>();
    known
        .part()
        .owners()
        .forEach(
            (name, owner) -> {
              agents.put(name, owner.agent());
              if (owner.skill() != null) {
                skills.put(owner.skill().name(), owner.skill());
              }
            });
    Bindings bindings = known.bindings();
    return new Resolved(
        known.part().workflow(),
        agents,
        skills,
        bindings.tools(),
        bindings.capabilities(),
        bindings.alternatives(),
        bindings.agentTools(),
        Map.of(),
        null,
        servers,
        Map.of(),
        others);
  }

  private static Resolved withModels(Resolved root, ModelChoice.Choice choice, Prices known) {
    boolean scripted = choice.answers() != null;
    Map<String, Resolved> others = new LinkedHashMap<>();
    root.workflows()
        .forEach(
            (name, other) ->
                others.put(
                    name,
                    withModels(
                        other,
                        choice.of(name),
                        null,
                        prices(choice.of(name).values(), known, scripted),
                        Map.of())));
    return withModels(
        root,
        choice.of(""),
        choice.answers(),
        prices(choice.of("").values(), known, scripted),
        others);
  }

  private static Resolved withModels(
      Resolved resolved,
      Map<String, List<ModelRef>> models,
      @Nullable JsonNode answers,
      Map<String, Price> prices,
      Map<String, Resolved> others) {
    return new Resolved(
        resolved.workflow(),
        resolved.agents(),
        resolved.skills(),
        resolved.tools(),
        resolved.bindings(),
        resolved.alternatives(),
        resolved.agentTools(),
        models,
        answers,
        resolved.servers(),
        prices,
        others);
  }

  /** The prices that are known; scripted answers cost nothing. */
  private static Map<String, Price> prices(
      Collection<List<ModelRef>> aliases, Prices known, boolean scripted) {
    Map<String, Price> prices = new LinkedHashMap<>();
    for (List<ModelRef> models : aliases) {
      for (ModelRef model : models) {
        Optional<Price> price = scripted ? Optional.of(Price.FREE) : known.of(model);
        price.ifPresent(found -> prices.put(Resolved.priced(model), found));
      }
    }
    return prices;
  }

  private static void tell(Mistake mistake, Report report) {
    report.invalidInside(
        mistake.rule(), mistake.pointer(), mistake.offset(), mistake.message(), mistake.hint());
  }
}
