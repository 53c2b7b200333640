package dev.workflow.cli;

import dev.workflow.skills.InstalledSkill.State;
import dev.workflow.skills.SkillPackages.Deviation;
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
      Argument.flag("--check", "Writes nothing; exit code 9 where a skill is not as it is locked.");
  private final SkillOptions options = SkillOptions.scoped();
  private final Argument<DataFormat> output = DataFormat.option();
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
        packages -> {
          boolean writes = !check.value();
          List<Deviation> found = packages.pin(name.value(), options.scope(), writes);
          boolean ok = writes || found.isEmpty();
          switch (output.value()) {
            case text -> print(found, writes);
            case json -> skills.terminal().json(json(found, ok));
          }
          return ok ? ExitCode.SUCCEEDED : ExitCode.UNTRUSTED;
        });
  }

  private void print(List<Deviation> found, boolean writes) {
    Terminal terminal = skills.terminal();
    boolean edited = false;
    for (Deviation skill : found) {
      boolean gone = skill.state() == State.GONE;
      edited |= !gone;
      terminal.data(
          skill.name() + ": " + (gone ? skill.state().words() : String.join(", ", skill.files())));
    }
    if (found.isEmpty()) {
      terminal.say("All installed skills are as they are locked.");
    } else if (edited) {
      terminal.say(writes ? "Locked as they are now." : "workflow.lock would change.");
    }
    if (found.stream().anyMatch(skill -> skill.state() == State.GONE)) {
      terminal.say("What is not there: workflow skill install has it back.");
    }
  }

  private static ObjectNode json(List<Deviation> found, boolean ok) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("ok", ok);
    ArrayNode list = answer.putArray("skills");
    for (Deviation skill : found) {
      ArrayNode files =
          list.addObject()
              .put("name", skill.name())
              .put("state", skill.state().words())
              .putArray("files");
      skill.files().forEach(files::add);
    }
    return answer;
  }
}
