package dev.workflow.assembly;

import dev.workflow.check.RunInputs;
import dev.workflow.check.RunInputs.Given;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Difference;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Price;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.SkillGraph;
import dev.workflow.engine.Validator;
import dev.workflow.engine.WorkflowCompiler;
import dev.workflow.run.Change;
import dev.workflow.run.Event;
import dev.workflow.run.Event.PlanChanged;
import dev.workflow.run.Event.Reason;
import dev.workflow.run.Impact;
import dev.workflow.run.Plan;
import dev.workflow.run.Prefix;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Works out what a run of another definition, or from another moment on, would be. */
final class TimeTravel {
  private final Expressions expressions;
  private final Validator validator;
  private final Function<Resolved, JsonNode> write;

  /**
   * Through the given ports.
   *
   * @param write what of a definition is kept with a run
   */
  TimeTravel(Expressions expressions, Validator validator, Function<Resolved, JsonNode> write) {
    this.expressions = expressions;
    this.validator = validator;
    this.write = write;
  }

  /**
   * What it means for a run to go over to another definition.
   *
   * @param journal of the run, which has not ended
   */
  Adoption adopt(List<Recorded> journal, Resolved before, Resolved checked, Plan plan) {
    RunState run = fold(journal);
    Resolved after = withKeptModels(before, checked);
    Difference difference = new Difference(before, after, true, Set.of());
    Map<String, Given> given = new LinkedHashMap<>();
    JsonNode declared = after.workflow().inputSchema().path("properties");
    run.inputs().properties().stream()
        .filter(input -> declared.has(input.getKey()))
        .forEach(input -> given.put(input.getKey(), new Given.Value(input.getValue())));
    RunInputs.Inputs inputs = new RunInputs(validator).check(after.workflow().inputSchema(), given);
    PlanChanged change =
        new PlanChanged(
            Reason.ADOPTED,
            plan,
            write.apply(after),
            inputs.values(),
            difference.again(run),
            difference.changes(),
            null,
            null);
    long asOf = run.lastSeq();
    run.apply(new Recorded(asOf + 1, run.lastEventAt(), 1, new Event.RunResumed(run.limits())));
    Impact impact = run.impact(change.plan(), change.again());
    Effects effects = new Effects();
    journal.forEach(effects::see);
    return new Adoption(
        asOf,
        change,
        after,
        impact,
        effects.made().stream().filter(call -> impact.repeats(call.step())).toList(),
        inputs.problems());
  }

  /** The models were chosen when the run began; where the same are wanted, the choice stands. */
  private static Resolved withKeptModels(Resolved before, Resolved after) {
    Map<String, Resolved> workflows = new LinkedHashMap<>(after.workflows());
    before
        .workflows()
        .keySet()
        .forEach(
            name ->
                workflows.computeIfPresent(
                    name, (same, now) -> withKeptModels(before, after, name, Map.of())));
    return withKeptModels(before, after, "", workflows);
  }

  private static Resolved withKeptModels(
      Resolved rootBefore, Resolved rootAfter, String name, Map<String, Resolved> workflows) {
    Resolved before = rootBefore.part(name);
    Resolved after = rootAfter.part(name);
    Map<String, List<ModelRef>> models = new LinkedHashMap<>(after.models());
    Map<String, List<ModelRef>> wanted = rootAfter.part(SkillGraph.user(name)).workflow().models();
    Map<String, List<ModelRef>> written =
        rootBefore.part(SkillGraph.user(name)).workflow().models();
    before
        .models()
        .forEach(
            (alias, chosen) -> {
              List<ModelRef> then = written.get(alias);
              if (models.containsKey(alias) && Objects.equals(then, wanted.get(alias))) {
                models.put(alias, chosen);
              }
            });
    return with(after, models, after.prices(), workflows);
  }

  private static Resolved with(
      Resolved resolved,
      Map<String, List<ModelRef>> models,
      Map<String, Price> prices,
      Map<String, Resolved> workflows) {
    return new Resolved(
        resolved.workflow(),
        resolved.agents(),
        resolved.skills(),
        resolved.tools(),
        resolved.bindings(),
        resolved.alternatives(),
        resolved.agentTools(),
        models,
        resolved.answers(),
        resolved.servers(),
        prices,
        workflows);
  }

  /** The new run of a wish that was looked through. */
  Fork fork(List<Recorded> journal, Fork.Wish wish, Resolved before, Instant now) {
    RunState run = fold(journal);
    List<Problem> problems = new ArrayList<>();
    StepInfo step = run.step(wish.at());
    if (step == null) {
      problems.add(
          Problem.invalid(
              Rule.UNKNOWN_STEP,
              Place.file("--at " + wish.at()),
              "Run %s has no step %s.".formatted(wish.from(), wish.at()),
              "Its steps: workflow runs show " + wish.from()));
      return new Fork(wish.run(), List.of(), List.of(), problems);
    }
    if (journal.stream().anyMatch(recorded -> recorded.event() instanceof Event.UndoStarted)) {
      problems.add(
          Problem.invalid(
              Rule.TAKEN_BACK,
              Place.file("--at " + wish.at()),
              "Run %s has taken back what its steps did, so nothing of it can be kept."
                  .formatted(wish.from()),
              "Run its workflow again."));
    }
    Resolved after = withModels(before, wish);
    for (String alias : wish.models().keySet()) {
      if (!uses(before, alias)) {
        problems.add(
            Problem.invalid(
                Rule.UNKNOWN_MODEL,
                Place.file("--model " + alias),
                "No step of the run uses a model alias `%s`.".formatted(alias),
                null));
      }
    }
    problems.addAll(unpriced(run, wish, after));
    JsonNode inputs = inputs(run, wish, after, problems);
    problems.addAll(misfits(wish, before));
    if (!problems.isEmpty()) {
      return new Fork(wish.run(), List.of(), List.of(), problems);
    }
    Set<String> different = new LinkedHashSet<>();
    for (String name : wish.inputs().keySet()) {
      if (!Objects.equals(inputs.get(name), run.inputs().get(name))) {
        different.add(name);
      }
    }
    Difference difference = new Difference(before, after, true, different);
    Prefix.Kept prefix =
        Prefix.of(journal, anew(run, wish, difference.again(run)), wish.run(), now);
    List<Recorded> events = new ArrayList<>(prefix.kept());
    List<Change> changes = new ArrayList<>(difference.changes());
    wish.models()
        .forEach(
            (alias, model) ->
                changes.add(new Change("model", alias, Change.How.CHANGED, List.of(model.name()))));
    add(
        events,
        now,
        new PlanChanged(
            Reason.FORKED,
            run.plan(),
            write.apply(after),
            inputs,
            List.of(),
            changes,
            new Event.Origin(wish.from(), wish.at()),
            null));
    if (wish.output() != null) {
      add(events, now, new Event.OutputInjected(wish.at(), wish.output()));
    }
    Effects effects = new Effects();
    journal.forEach(effects::see);
    List<Event.ToolCalled> again =
        effects.madeOf(prefix.leftOut()).stream()
            .filter(call -> wish.output() == null || !isIn(wish.at(), call.step()))
            .toList();
    return new Fork(wish.run(), events, again, List.of());
  }

  private static void add(List<Recorded> events, Instant now, Event event) {
    events.add(new Recorded(events.size() + 1, now, 1, event));
  }

  /** The step itself, those that read what is different, and all that has not ended. */
  private static Set<StepPath> anew(RunState run, Fork.Wish wish, List<String> again) {
    Set<String> names = Set.copyOf(again);
    Set<StepPath> anew = new LinkedHashSet<>();
    anew.add(wish.at());
    for (StepInfo step : run.all()) {
      boolean holds =
          step.node().kind().contains()
              || (step.node().each() != null && step.path().last().key() == null);
      if (names.contains(step.path().name()) || (step.ended() == null && !holds)) {
        anew.add(step.path());
      }
    }
    return anew;
  }

  private static boolean isIn(StepPath step, StepPath path) {
    for (StepPath at = path; at != null; at = at.parent()) {
      if (at.equals(step) || (at.last().key() != null && at.each().equals(step))) {
        return true;
      }
    }
    return false;
  }

  private static boolean uses(Resolved resolved, String alias) {
    return resolved.models().containsKey(alias)
        || resolved.workflows().values().stream().anyMatch(part -> uses(part, alias));
  }

  /** Models that were chosen only now cost what they cost now. */
  private static Resolved withModels(Resolved resolved, Fork.Wish wish) {
    Map<String, List<ModelRef>> models = new LinkedHashMap<>(resolved.models());
    Map<String, Price> prices = new LinkedHashMap<>(resolved.prices());
    wish.models()
        .forEach(
            (alias, model) -> {
              models.computeIfPresent(alias, (same, old) -> List.of(model));
              wish.prices().of(model).ifPresent(it -> prices.put(Resolved.priced(model), it));
            });
    Map<String, Resolved> workflows = new LinkedHashMap<>();
    resolved.workflows().forEach((name, part) -> workflows.put(name, withModels(part, wish)));
    return with(resolved, models, prices, workflows);
  }

  /** As in a check: where the cost is bounded, it has to be known. */
  private static List<Problem> unpriced(RunState run, Fork.Wish wish, Resolved after) {
    if (!boundsCost(run)) {
      return List.of();
    }
    List<Problem> problems = new ArrayList<>();
    wish.models()
        .forEach(
            (alias, model) -> {
              if (after.price(model) == null) {
                problems.add(
                    Problem.missing(
                        Rule.UNKNOWN_PRICE,
                        Place.file("--model " + alias),
                        "The price of %s is not known, so the cost cannot be limited."
                            .formatted(Resolved.priced(model)),
                        "Give it with --prices FILE."));
              }
            });
    return problems;
  }

  private static boolean boundsCost(RunState run) {
    Plan plan = run.plan();
    Stream<Plan.Node> nodes =
        Stream.concat(Stream.of(plan.nodes()), plan.bodies().values().stream())
            .flatMap(List::stream);
    Stream<Allowance> others =
        Stream.concat(plan.agents().values().stream(), nodes.map(Plan.Node::limits));
    return Stream.concat(Stream.of(run.limits().budget()), others)
        .anyMatch(bound -> bound.cost() != null);
  }

  private JsonNode inputs(RunState run, Fork.Wish wish, Resolved resolved, List<Problem> problems) {
    Map<String, Given> given = new LinkedHashMap<>();
    run.inputs()
        .properties()
        .forEach(input -> given.put(input.getKey(), new Given.Value(input.getValue())));
    given.putAll(wish.inputs());
    RunInputs.Inputs inputs =
        new RunInputs(validator).check(resolved.workflow().inputSchema(), given);
    problems.addAll(inputs.problems());
    return inputs.values();
  }

  private List<Problem> misfits(Fork.Wish wish, Resolved resolved) {
    JsonNode output = wish.output();
    JsonNode schema = output == null ? null : outputSchema(wish.at(), resolved);
    return output == null || schema == null
        ? List.of()
        : validator.validate(schema, output).stream()
            .map(
                violation ->
                    Problem.invalid(
                        Rule.WRONG_OUTPUT,
                        Place.file("--output"),
                        "The output does not fit step %s: %s."
                            .formatted(wish.at(), violation.text()),
                        null))
            .toList();
  }

  /** Of a whole fan-out the type of its result, else what one output must satisfy. */
  private @Nullable JsonNode outputSchema(StepPath path, Resolved resolved) {
    String name = Objects.requireNonNull(resolved.step(path), "a step of the run").name();
    CompiledStep step =
        new WorkflowCompiler(expressions)
            .compile(resolved)
            .sound()
            .part(resolved.workflowOf(path))
            .steps()
            .get(name);
    if (step == null) {
      throw new IllegalStateException("The definition has no step " + path);
    }
    boolean whole = step.step().each() != null && path.last().key() == null;
    return whole ? step.resultType() : step.outputSchema();
  }

  private static RunState fold(List<Recorded> journal) {
    RunState run = RunState.begin(journal.getFirst());
    journal.subList(1, journal.size()).forEach(run::apply);
    return run;
  }
}
