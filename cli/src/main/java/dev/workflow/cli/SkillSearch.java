package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.Ranking.Offered;
import dev.workflow.engine.Ranking.Ranked;
import dev.workflow.engine.Ranking.Wanted;
import dev.workflow.skills.InstalledSkill;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow skill search} and {@code recommend}: skills by what they do. */
final class SkillSearch {
  private static final int FOUND_MAX = 20;
  private static final int RECOMMENDED_MAX = 3;

  /** Below this a skill is found, but not recommended. */
  private static final double RECOMMENDED = 0.02;

  private static final int WIDTH = 80;

  private final Context context;
  private final Terminal terminal;

  SkillSearch(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command search() {
    return command(
        "TEXT",
        "Words that say what the skill is about.",
        FOUND_MAX,
        0,
        "Finds skills by name and description, the likeliest first.",
        "workflow skill search weather");
  }

  Command recommend() {
    return command(
        "TASK",
        "What is to be done, in your words.",
        RECOMMENDED_MAX,
        RECOMMENDED,
        "Recommends the skills that suit a task, at most three.",
        "workflow skill recommend \"plan a day at the sea\"");
  }

  private Command command(
      String name, String what, int most, double least, String description, String example) {
    Argument<String> text = Argument.parameter(name, String.class, what);
    SkillOptions options = SkillOptions.unscoped();
    Argument<DataFormat> output = DataFormat.option();
    return new Command(
            () -> find(text.value(), most, least, options, output.value()),
            description,
            "Looks at the skills of the project, of the user and those that come along.")
        .takes(text, options, output)
        .footer("", "Example:", "  " + example);
  }

  private int find(String text, int most, double least, SkillOptions options, DataFormat output) {
    try (WorkflowEngine engine = new EngineOptions().open(context)) {
      Map<String, InstalledSkill> skills = new LinkedHashMap<>();
      options
          .packages(engine, context)
          .list()
          .forEach(skill -> skills.putIfAbsent(skill.name(), skill));
      List<Ranked> found =
          engine
              .ranking()
              .rank(
                  new Wanted(text, List.of()),
                  skills.values().stream().map(SkillSearch::offered).toList())
              .stream()
              .filter(each -> each.confidence() >= least)
              .limit(most)
              .toList();
      switch (output) {
        case json -> terminal.json(json(found, skills));
        case text -> print(found, skills);
      }
      return ExitCode.SUCCEEDED;
    }
  }

  private static Offered offered(InstalledSkill skill) {
    return new Offered(skill.name(), "", skill.name(), skill.description(), List.of());
  }

  private void print(List<Ranked> found, Map<String, InstalledSkill> skills) {
    if (found.isEmpty()) {
      terminal.say("None of %d skills fits that.".formatted(skills.size()));
      return;
    }
    Columns columns = new Columns("SKILL", "SCOPE", "CONFIDENCE", "DESCRIPTION");
    for (Ranked each : found) {
      InstalledSkill skill = skills.get(each.offered().id());
      columns.row(
          each.offered().name(),
          skill == null ? "" : skill.scope().name(),
          String.format(Locale.ROOT, "%.2f", each.confidence()),
          Printable.line(each.offered().description(), WIDTH));
    }
    columns.lines().forEach(terminal::data);
  }

  private static ObjectNode json(List<Ranked> found, Map<String, InstalledSkill> skills) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode list = answer.putArray("skills");
    for (Ranked each : found) {
      InstalledSkill skill = skills.get(each.offered().id());
      ObjectNode node =
          list.addObject()
              .put("name", each.offered().name())
              .put("confidence", each.confidence())
              .put("description", each.offered().description());
      if (skill != null) {
        node.put("scope", skill.scope().name()).put("folder", skill.folder().toString());
      }
    }
    return answer;
  }
}
