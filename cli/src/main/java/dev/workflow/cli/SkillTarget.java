package dev.workflow.cli;

import dev.workflow.assembly.SkillWorkflow;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.RunInputs.Given;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Skill;
import dev.workflow.skills.SkillFileNames;
import dev.workflow.skills.SkillFolders;
import dev.workflow.yaml.PlanText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** A skill that is run by itself: as the only step of a workflow that stands in no file. */
final class SkillTarget implements RunCommand.Target {

  /** What names a skill. */
  static final String WHICH =
      "The name of a skill, as in workflows that stand here; or its folder in a folder skills.";

  private final Argument<String> name = Argument.parameter("NAME", String.class, WHICH);
  private final Argument<@Nullable String> query =
      Argument.secondOrNull(
          "QUERY",
          String.class,
          "What the skill is asked; fills the sole text that it requires. Others: --input.");
  private final Argument<Map<String, String>> bindings = bindings();
  private final ModelOptions models = ModelOptions.withAnswers();
  private final Context context;

  SkillTarget(Context context) {
    this.context = context;
  }

  /** Tools for capabilities. */
  static Argument<Map<String, String>> bindings() {
    return Argument.pairs(
        "--bind=CAPABILITY=SERVER/TOOL", "Binds a capability to this tool, whatever else fits.");
  }

  ModelOptions models() {
    return models;
  }

  @Override
  public List<Argument<?>> each() {
    return List.of(name, query, bindings);
  }

  @Override
  public List<String> words() {
    return List.of("skill", "run", name.value());
  }

  @Override
  public Source source(WorkflowEngine engine, Map<String, Given> inputs) {
    SkillFolders.Named named = engine.skills().named(name.value(), SkillOptions.here());
    String asked = query.value();
    if (asked != null) {
      ask(named.skill(), asked, inputs);
    }
    return source(named, bindings.value(), inputs.keySet(), models.answers());
  }

  /** The workflow, as if it stood where the skill is found by its name. */
  static Source source(
      SkillFolders.Named named,
      Map<String, String> bindings,
      Set<String> given,
      @Nullable Path answers) {
    ObjectNode workflow = SkillWorkflow.of(named.skill(), bindings, given::contains);
    if (answers != null) {
      workflow.put("simulate", answers.toAbsolutePath().toString());
    }
    Path file = named.from().resolve(named.skill().name() + ".json");
    return new Source(file, PlanText.of(workflow));
  }

  /**
   * A problem of that workflow, told of the skill: nobody has written the workflow, so its places
   * are those of no file, and what could be written there is said on the command line.
   */
  static Problem ofSkill(Problem problem, Source workflow, Skill skill) {
    if (!problem.place().file().equals(workflow.path().toString())) {
      return problem;
    }
    Path folder = Path.of(skill.folder());
    String own =
        SkillFileNames.MAKE_SKILL.stream()
            .map(folder::resolve)
            .filter(Files::isRegularFile)
            .findFirst()
            .orElse(folder)
            .toString();
    String hint = problem.hint();
    return new Problem(
        problem.severity(),
        problem.kind(),
        problem.rule(),
        Place.file(own),
        problem.message(),
        hint == null
            ? null
            : hint.replaceAll(", or define it: `models: [^`]*`", "")
                .replace(", or give each agent a `model`", "")
                .replaceAll("`models: \\{([^:]+): \\[([^]]+)]}`", "`--model $1=$2`")
                .replaceAll("`bindings: \\{([^:]+): ([^}]+)}`", "`--bind $1=$2`"));
  }

  private void ask(Skill skill, String asked, Map<String, Given> inputs) {
    String input = SkillWorkflow.queryInput(skill).orElse(null);
    if (input == null) {
      Collection<String> names = skill.inputSchema().path("properties").propertyNames();
      List<String> line = new ArrayList<>(words());
      names.forEach(each -> line.addAll(List.of("--input", each + "=...")));
      throw new UsageException(
          names.isEmpty()
              ? "Skill %s takes no inputs, so it can be asked nothing: %s"
                  .formatted(skill.name(), context.line(words()))
              : "A query fills the sole text that a skill requires, and skill %s takes: %s. Write %s"
                  .formatted(skill.name(), String.join(", ", names), context.line(line)));
    }
    if (inputs.putIfAbsent(input, new Given.Text(asked)) != null) {
      throw new UsageException(
          "The input %s is given twice: as the query and by --input or --inputs.".formatted(input));
    }
  }
}
