package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.skills.Candidate;
import dev.workflow.skills.InstalledSkill;
import dev.workflow.skills.SkillPackages;
import dev.workflow.skills.SkillPackages.Published;
import dev.workflow.skills.SkillPackages.Restored;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow skill}. */
final class SkillCommand {
  private static final int WIDTH = 160;

  private final Command command =
      new Command(
          this::call,
          "Runs, inspects, tests, finds, installs, converts and publishes skills.",
          "Nothing of a skill runs when it is installed or updated.");
  private final Context context;
  private final Terminal terminal;

  SkillCommand(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command command() {
    return command
        .with("run", RunCommand.ofSkills(context))
        .with("inspect", new SkillInspection(context).command())
        .with("test", new TestCommand(context).ofSkills())
        .with("validate", ValidateCommand.ofSkills(context).command())
        .with("list", list())
        .with("search", new SkillSearch(context).search())
        .with("recommend", new SkillSearch(context).recommend())
        .with("install", install())
        .with("update", new SkillUpdating(this, context).command())
        .with("remove", remove())
        .with("lock", new SkillLocking(this).command())
        .with("import", new SkillConverting(context).importing())
        .with("export", new SkillConverting(context).exporting())
        .with("pack", pack())
        .with("publish", publish());
  }

  private int call() {
    throw command.mistake(
        "Expected one of %s, found nothing."
            .formatted(String.join(", ", command.spec().subcommands().keySet())));
  }

  int with(SkillOptions options, ToIntFunction<SkillPackages> action) {
    try (WorkflowEngine engine = new EngineOptions().open(context)) {
      return action.applyAsInt(options.packages(engine, context));
    }
  }

  Terminal terminal() {
    return terminal;
  }

  private Command install() {
    Argument<@Nullable String> source =
        Argument.parameterOrNull(
            "SOURCE",
            String.class,
            "Where the skill is; without it what the lock files record is installed again.");
    Argument<@Nullable String> name =
        Argument.optionOrNull(
            "--name=NAME", String.class, "The skill that is meant, where there are several.");
    Argument<Boolean> dry =
        Argument.flag("--dry-run", "Fetches and checks it, shows what it wants, installs nothing.");
    SkillOptions options = SkillOptions.scoped();
    Argument<DataFormat> output = DataFormat.option();
    return new Command(
            () -> install(source.value(), name.value(), dry.value(), options, output.value()),
            "Installs a skill and pins it in workflow.lock.",
            "SOURCE is github.com/USER/REPO[/FOLDER][@TAG|#REF], https://HOST/REPO.git[/FOLDER]",
            "[@TAG|#REF], mcp://skills/NAME[@VERSION], a folder, or a .zip or .tar.gz file.")
        .takes(source, name, dry, options, output)
        .footer(
            "",
            "Examples:",
            "  workflow skill install github.com/obra/superpowers/skills/brainstorming",
            "  workflow skill install github.com/acme/skills@v1.2.0 --name travel-plan",
            "  workflow skill install ./my-skill --dry-run",
            "  workflow skill install");
  }

  private int install(
      @Nullable String source,
      @Nullable String name,
      boolean dry,
      SkillOptions options,
      DataFormat output) {
    if (source == null) {
      if (dry || name != null) {
        throw new UsageException("Expected SOURCE beside --dry-run and --name, found none.");
      }
      return with(options, packages -> restore(packages, options, output));
    }
    return with(
        options,
        packages -> {
          Candidate skill = packages.find(source, name, SkillOptions.here());
          describe(skill);
          boolean fresh = !dry && packages.install(skill, options.scope());
          if (dry) {
            terminal.say("Nothing was installed (--dry-run).");
          } else {
            terminal.say(
                fresh
                    ? "Installed skill %s and pinned it in workflow.lock.".formatted(skill.name())
                    : "Skill %s is there already, the same.".formatted(skill.name()));
          }
          if (output == DataFormat.json) {
            terminal.json(json(skill).put("installed", fresh));
          }
          return ExitCode.SUCCEEDED;
        });
  }

  private int restore(SkillPackages packages, SkillOptions options, DataFormat output) {
    Restored restored = packages.restore(options.scope());
    restored.installed().forEach(name -> terminal.say("Installed skill " + name + "."));
    if (restored.installed().isEmpty() && restored.problems().isEmpty()) {
      terminal.say("All skills that the lock file records are there.");
    }
    terminal.problems(restored.problems());
    if (output == DataFormat.json) {
      ObjectNode answer = ProblemJson.errors(restored.problems());
      ArrayNode names = answer.putArray("installed");
      restored.installed().forEach(names::add);
      terminal.json(answer);
    }
    return ExitCode.of(restored.problems(), false);
  }

  private void describe(Candidate skill) {
    terminal.say(
        "Skill %s %s: %s"
            .formatted(skill.name(), skill.version(), Printable.line(skill.description(), WIDTH)));
    terminal.say("  from " + skill.source());
    if (skill.commit() != null) {
      terminal.say("  commit " + skill.commit());
    }
    terminal.say(
        "  %d files, %,d bytes, %s".formatted(skill.files().size(), skill.bytes(), skill.hash()));
    skill.wants().forEach(line -> terminal.say("  " + Printable.indented(line, WIDTH)));
  }

  static ObjectNode json(Candidate skill) {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("name", skill.name())
            .put("version", skill.version())
            .put("source", skill.source());
    if (skill.commit() != null) {
      node.put("commit", skill.commit());
    }
    node.put("tree", skill.hash());
    ArrayNode wants = node.putArray("wants");
    skill.wants().forEach(wants::add);
    return node;
  }

  private Command remove() {
    Argument<String> name = Argument.parameter("NAME", String.class, "The skill.");
    SkillOptions options = SkillOptions.scoped();
    return new Command(
            () -> remove(name.value(), options),
            "Removes a skill that was installed, unless it was edited since.")
        .takes(name, options);
  }

  private int remove(String name, SkillOptions options) {
    return with(
        options,
        packages -> {
          packages.remove(name, options.scope());
          terminal.say("Removed skill " + name + ".");
          return ExitCode.SUCCEEDED;
        });
  }

  private Command list() {
    SkillOptions options = SkillOptions.unscoped();
    Argument<DataFormat> output = DataFormat.option();
    return new Command(
            () -> list(options, output.value()),
            "Lists all skills, and how those that were installed stand against the lock file.")
        .takes(options, output);
  }

  private int list(SkillOptions options, DataFormat output) {
    return with(
        options,
        packages -> {
          List<InstalledSkill> skills = packages.list();
          switch (output) {
            case json -> terminal.json(json(skills));
            case text -> print(skills);
          }
          return ExitCode.SUCCEEDED;
        });
  }

  private void print(List<InstalledSkill> skills) {
    if (skills.isEmpty()) {
      terminal.say(
          "There is no skill yet. Install one: " + context.line("skill", "install", "SOURCE"));
      return;
    }
    Columns columns = new Columns("SKILL", "VERSION", "SCOPE", "STATE", "SOURCE");
    for (InstalledSkill skill : skills) {
      columns.row(
          skill.name(),
          skill.version(),
          skill.scope().name(),
          skill.state().words(),
          skill.source() == null ? "" : skill.source());
    }
    columns.lines().forEach(terminal::data);
  }

  private static ObjectNode json(List<InstalledSkill> skills) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    ArrayNode list = answer.putArray("skills");
    for (InstalledSkill skill : skills) {
      ObjectNode node =
          list.addObject()
              .put("name", skill.name())
              .put("version", skill.version())
              .put("description", skill.description())
              .put("scope", skill.scope().name())
              .put("folder", skill.folder().toString())
              .put("state", skill.state().words());
      if (skill.source() != null) {
        node.put("source", skill.source());
      }
      if (skill.commit() != null) {
        node.put("commit", skill.commit());
      }
    }
    return answer;
  }

  private Command pack() {
    Argument<Path> folder = Argument.parameter("FOLDER", Path.class, "The folder of the skill.");
    Argument<@Nullable Path> file =
        Argument.optionOrNull(
            "-o, --output=FILE",
            Path.class,
            "The archive to write (default: NAME-VERSION.tar.gz here).");
    return new Command(
            () -> pack(folder.value(), file.value()),
            "Packs a skill: the same files give the same archive, byte for byte.")
        .takes(folder, file);
  }

  private int pack(Path folder, @Nullable Path file) {
    return with(
        SkillOptions.unscoped(),
        packages -> {
          terminal.data(packages.pack(folder, file, SkillOptions.here()).toString());
          return ExitCode.SUCCEEDED;
        });
  }

  private Command publish() {
    Argument<Path> folder = Argument.parameter("FOLDER", Path.class, "The folder of the skill.");
    Argument<@Nullable String> to =
        Argument.optionOrNull(
            "--to=REPO", String.class, "An https address, or a bare repository of this machine.");
    Argument<@Nullable String> tag =
        Argument.optionOrNull("--tag=TAG", String.class, "The tag (default: NAME@VERSION).");
    SkillOptions options = SkillOptions.unscoped();
    Argument<DataFormat> output = DataFormat.option();
    return new Command(
            () -> publish(folder.value(), to.value(), tag.value(), options, output.value()),
            "Commits a skill to a git repository below skills/ and pushes it with a tag.",
            "A tag that is there is never moved.")
        .takes(folder, to, tag, options, output)
        .footer(
            "",
            "Example:",
            "  workflow skill publish ./travel-plan --to https://github.com/acme/skills"
                + " --token-env TOKEN");
  }

  private int publish(
      Path folder,
      @Nullable String to,
      @Nullable String tag,
      SkillOptions options,
      DataFormat output) {
    if (to == null) {
      throw new UsageException("Expected the repository by --to REPO, found none.");
    }
    return with(
        options,
        packages -> {
          Published published = packages.publish(folder, to, tag, SkillOptions.here());
          terminal.say(
              "Published %s as %s (commit %s)."
                  .formatted(published.skill().name(), published.tag(), published.commit()));
          if (output == DataFormat.json) {
            terminal.json(
                json(published.skill())
                    .put("repository", published.repository())
                    .put("tag", published.tag())
                    .put("commit", published.commit()));
          }
          return ExitCode.SUCCEEDED;
        });
  }
}
