package dev.workflow.cli;

import dev.workflow.skills.SkillPackages.Edited;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow skill lock}: pins installed skills as their files are now. */
final class SkillLocking {
  private final Argument<@Nullable String> name =
      Argument.parameterOrNull("NAME", String.class, "The skill; without it all of them.");
  private final Argument<Boolean> check =
      Argument.flag("--check", "Writes nothing; exit code 9 where the lock file would change.");
  private final SkillOptions options = SkillOptions.scoped();
  private final Argument<ValidateCommand.Format> output = SkillCommand.output();
  private final SkillCommand skills;

  SkillLocking(SkillCommand skills) {
    this.skills = skills;
  }

  Command command() {
    return new Command(
            this::call,
            "Pins installed skills in workflow.lock as their files are now, after an edit, and",
            "shows which files differ. What workflows use is pinned by workflow lock.")
        .takes(name, check, options, output)
        .footer(
            "", "Examples:", "  workflow skill lock travel-plan", "  workflow skill lock --check");
  }

  private int call() {
    return skills.with(
        options,
        output.value(),
        packages -> {
          boolean writes = !check.value();
          List<Edited> edited = packages.pin(name.value(), options.scope(), writes);
          boolean ok = writes || edited.isEmpty();
          switch (output.value()) {
            case text -> print(edited, writes);
            case json -> skills.terminal().json(json(edited, ok));
          }
          return ok ? ExitCode.SUCCEEDED : ExitCode.UNTRUSTED;
        });
  }

  private void print(List<Edited> edited, boolean writes) {
    Terminal terminal = skills.terminal();
    edited.forEach(skill -> terminal.data(skill.name() + ": " + String.join(", ", skill.files())));
    terminal.say(
        edited.isEmpty()
            ? "All installed skills are as they are locked."
            : writes ? "Locked as they are now." : "workflow.lock would change.");
  }

  private static ObjectNode json(List<Edited> edited, boolean ok) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("ok", ok);
    ArrayNode list = answer.putArray("skills");
    for (Edited skill : edited) {
      ArrayNode files = list.addObject().put("name", skill.name()).putArray("files");
      skill.files().forEach(files::add);
    }
    return answer;
  }
}
