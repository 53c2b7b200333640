package dev.workflow.cli;

import dev.workflow.skills.Candidate;
import dev.workflow.skills.SkillPackages;
import dev.workflow.skills.SkillUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow skill update}: shows what would change and asks; the default is no. */
final class SkillUpdating {
  private static final int WIDTH = 160;

  private final SkillCommand skills;
  private final Context context;
  private final Terminal terminal;

  SkillUpdating(SkillCommand skills, Context context) {
    this.skills = skills;
    this.context = context;
    this.terminal = context.terminal();
  }

  Command command() {
    Argument<@Nullable String> name =
        Argument.parameterOrNull("NAME", String.class, "The skill; without it all of them.");
    Argument<Boolean> yes = Argument.flag("--yes", "Updates without being asked.");
    SkillOptions options = SkillOptions.scoped();
    Argument<DataFormat> output = DataFormat.option();
    return new Command(
            () -> update(name.value(), yes.value(), options, output.value()),
            "Updates skills from where they were installed from, after showing what changes:",
            "the texts, and what they want from then on.")
        .takes(name, yes, options, output)
        .footer(
            "",
            "Without a terminal and without --yes nothing is changed, with exit code 9 where there",
            "is something to update.");
  }

  private int update(@Nullable String name, boolean yes, SkillOptions options, DataFormat output) {
    return skills.with(
        options,
        packages -> {
          List<SkillUpdate> updates = new ArrayList<>();
          for (String each : name == null ? packages.recorded(options.scope()) : List.of(name)) {
            updates.add(packages.look(each, options.scope()));
          }
          ObjectNode answer = JsonNodeFactory.instance.objectNode();
          ArrayNode list = answer.putArray("updates");
          int code = ExitCode.SUCCEEDED;
          for (SkillUpdate update : updates) {
            boolean done = !update.isSame() && update(packages, update, yes, options);
            list.add(json(update).put("updated", done));
            if (!done && !update.isSame() && !terminal.screen().isInteractive()) {
              code = ExitCode.UNTRUSTED;
            }
          }
          ending(updates, code);
          if (output == DataFormat.json) {
            terminal.json(answer);
          }
          return code;
        });
  }

  private void ending(List<SkillUpdate> updates, int code) {
    if (updates.stream().allMatch(SkillUpdate::isSame)) {
      terminal.say("Nothing to update.");
    }
    if (code == ExitCode.UNTRUSTED) {
      List<String> words = new ArrayList<>(context.arguments());
      words.add("--yes");
      terminal.say("Nothing was updated. To confirm that:");
      terminal.say("  " + context.line(words));
    }
  }

  private boolean update(
      SkillPackages packages, SkillUpdate update, boolean yes, SkillOptions options) {
    Candidate to = update.to();
    terminal.say("Skill %s: %s -> %s".formatted(to.name(), update.from().version(), to.version()));
    terminal.say("  from " + to.source());
    if (to.commit() != null) {
      terminal.say("  commit %s -> %s".formatted(update.from().commit(), to.commit()));
    }
    update.effects().forEach(line -> terminal.say("  ! " + Printable.indented(line, WIDTH)));
    if (update.effects().isEmpty()) {
      terminal.say("  It may do and wants to use what it did before.");
    }
    update.texts().forEach(line -> terminal.say("    " + Printable.indented(line, WIDTH)));
    if (!yes && !asked(to.name())) {
      return false;
    }
    packages.update(update, options.scope());
    terminal.say("Updated skill " + to.name() + ".");
    return true;
  }

  private boolean asked(String name) {
    if (!terminal.screen().isInteractive()) {
      return false;
    }
    terminal.hold();
    try {
      String answer =
          new Keyboard(terminal, context.in()).line("Update skill " + name + "? [y/N] ");
      return answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
    } finally {
      terminal.release();
    }
  }

  private static ObjectNode json(SkillUpdate update) {
    ObjectNode node = SkillCommand.json(update.to());
    node.put("from_version", update.from().version());
    if (update.from().commit() != null) {
      node.put("from_commit", update.from().commit());
    }
    node.put("same", update.isSame());
    ArrayNode effects = node.putArray("effects");
    update.effects().forEach(effects::add);
    return node;
  }
}
