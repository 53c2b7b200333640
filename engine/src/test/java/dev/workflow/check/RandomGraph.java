package dev.workflow.check;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Limits;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Place;
import dev.workflow.definition.Retry;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.CompiledWorkflow;
import dev.workflow.engine.CompiledWorkflow.CompiledStep;
import dev.workflow.engine.Documents.Source;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Taken;
import dev.workflow.engine.Expressions.Values;
import dev.workflow.engine.Resolved;
import dev.workflow.run.Plan;
import dev.workflow.run.Plan.EdgeKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A workflow of steps {@code s0}, {@code s1} ... that name each other at random.
 *
 * @param mentions for each step those it names
 * @param judges for each step the one it revises, or -1
 */
record RandomGraph(List<List<Mention>> mentions, List<Integer> judges) {

  /** One step named by another. */
  record Mention(int step, EdgeKind kind) {}

  /** References may go anywhere; some graphs have circles. */
  static Arbitrary<RandomGraph> any() {
    return Arbitraries.integers().between(2, 10).flatMap(size -> graphs(size, false));
  }

  /** References go to earlier steps only. */
  static Arbitrary<RandomGraph> acyclic() {
    return Arbitraries.integers().between(2, 10).flatMap(size -> graphs(size, true));
  }

  private static Arbitrary<RandomGraph> graphs(int size, boolean strictly) {
    List<Arbitrary<List<Mention>>> mentions = new ArrayList<>();
    List<Arbitrary<Integer>> judges = new ArrayList<>();
    for (int step = 0; step < size; step++) {
      int earlier = step;
      Arbitrary<Integer> backward =
          earlier == 0 ? Arbitraries.just(-1) : Arbitraries.integers().between(0, earlier - 1);
      Arbitrary<Integer> source =
          strictly
              ? backward
              : Arbitraries.frequencyOf(
                  Tuple.of(60, backward), Tuple.of(1, Arbitraries.integers().between(0, size - 1)));
      mentions.add(
          Combinators.combine(source, Arbitraries.of(EdgeKind.class))
              .as(Mention::new)
              .list()
              .ofMinSize(1)
              .ofMaxSize(3)
              .map(list -> list.stream().filter(mention -> mention.step() >= 0).toList()));
      judges.add(
          Arbitraries.frequencyOf(
              Tuple.of(5, Arbitraries.just(-1)),
              Tuple.of(1, Arbitraries.integers().between(0, Math.max(0, earlier - 1)))));
    }
    return Combinators.combine(
            Combinators.combine(mentions).as(each -> each),
            Combinators.combine(judges).as(each -> each))
        .as(RandomGraph::new);
  }

  RandomGraph withoutJudges() {
    return new RandomGraph(mentions, judges.stream().map(judge -> -1).toList());
  }

  /** The steps that each step names. */
  List<Set<Integer>> sources() {
    return mentions.stream()
        .map(each -> each.stream().map(Mention::step).collect(Collectors.toSet()))
        .toList();
  }

  Report report() {
    return new Report(new Nowhere(), List.of());
  }

  @Nullable Plan plan(Report report) {
    List<Step> steps = new ArrayList<>();
    Map<String, CompiledStep> compiled = new LinkedHashMap<>();
    for (int i = 0; i < mentions.size(); i++) {
      Step step = step(i);
      steps.add(step);
      compiled.put(step.id(), compiled(step, mentions.get(i)));
    }
    JsonNode nothing = JsonNodeFactory.instance.objectNode();
    Workflow workflow =
        new Workflow(
            "random",
            null,
            null,
            nothing,
            Map.of(),
            null,
            Map.of(),
            Map.of(),
            Map.of(),
            Limits.DEFAULT,
            steps,
            Map.of(),
            nothing);
    Resolved resolved =
        new Resolved(
            workflow, Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), Map.of(), null,
            nothing, Map.of(), Map.of());
    CompiledWorkflow all = new CompiledWorkflow(compiled, Map.of(), Map.of());
    Part part =
        new Part(
            "",
            Path.of("random.yaml"),
            Path.of(""),
            workflow,
            new Nowhere(),
            report,
            null,
            Map.of());
    Map<String, List<Plan.Node>> bodies = new LinkedHashMap<>();
    List<Plan.Node> nodes =
        new GraphCheck(part, all, new Nodes(resolved, all, Map.of()), bodies).nodes();
    return nodes == null || report.hasInvalid() ? null : new Plan(nodes, bodies, Map.of());
  }

  private Step step(int index) {
    Map<Integer, Boolean> needs = new LinkedHashMap<>();
    for (Mention mention : mentions.get(index)) {
      if (mention.kind() == EdgeKind.NEED || mention.kind() == EdgeKind.OPTIONAL_NEED) {
        needs.merge(mention.step(), mention.kind() == EdgeKind.OPTIONAL_NEED, (a, b) -> a && b);
      }
    }
    int target = judges.get(index);
    return new Step(
        "s" + index,
        new Verb.Wait("1s"),
        null,
        needs.entrySet().stream()
            .map(need -> new Step.Need("s" + need.getKey(), need.getValue()))
            .toList(),
        null,
        null,
        target < 0 ? null : new Step.Revise("s" + target, "true", null, false),
        null,
        Retry.NONE,
        null,
        new OnError.Fail(),
        null,
        Allowance.NONE,
        null,
        null,
        null,
        "/steps/s" + index);
  }

  private static CompiledStep compiled(Step step, List<Mention> mentions) {
    Expression body = new Reading(ids(mentions, EdgeKind.VALUE), ids(mentions, EdgeKind.ENDED));
    JsonNode any = JsonNodeFactory.instance.objectNode();
    return new CompiledStep(
        step, null, null, null, null, body, null, null, null, null, null, Map.of(), null, any);
  }

  private static Set<String> ids(List<Mention> mentions, EdgeKind kind) {
    Set<String> ids = new HashSet<>();
    mentions.stream()
        .filter(mention -> mention.kind() == kind)
        .forEach(mention -> ids.add("s" + mention.step()));
    return ids;
  }

  /** An expression of which only the references count. */
  private record Reading(Set<String> outputs, Set<String> endings) implements Expression {
    @Override
    public Set<String> locals() {
      return Set.of();
    }

    @Override
    public JsonNode type() {
      return JsonNodeFactory.instance.objectNode();
    }

    @Override
    public List<Taken> taken() {
      return List.of();
    }

    @Override
    public Set<String> required() {
      return outputs();
    }

    @Override
    public Set<String> requiredWhenTrue() {
      return outputs();
    }

    @Override
    public Outcome evaluate(Values values) {
      return new Outcome.Failed("never evaluated");
    }
  }

  /** A file without lines. */
  private record Nowhere() implements Source {
    @Override
    public Place place(String pointer) {
      return Place.file(pointer);
    }

    @Override
    public Place key(String pointer) {
      return place(pointer);
    }

    @Override
    public Place inside(String pointer, int offset) {
      return place(pointer);
    }
  }
}
