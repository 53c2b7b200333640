package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.engine.Workspace;
import dev.workflow.skills.Conversion;
import dev.workflow.skills.ConversionReport;
import dev.workflow.skills.SkillConversions;
import dev.workflow.skills.SkillConversions.From;
import dev.workflow.skills.SkillConversions.To;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** {@code workflow skill import} and {@code workflow skill export}. */
final class SkillConverting {
  private static final int WIDTH = 200;

  private final Argument<Boolean> dry =
      Argument.flag("--dry-run", "Shows what would become of it; writes nothing.");
  private final Argument<Boolean> force =
      Argument.flag("--force", "Replaces what is there already.");
  private final Argument<DataFormat> output = DataFormat.option();
  private final Context context;
  private final Terminal terminal;

  SkillConverting(Context context) {
    this.context = context;
    this.terminal = context.terminal();
  }

  Command importing() {
    Argument<Path> source =
        Argument.parameter("SOURCE", Path.class, "A file, or the folder of a skill.");
    Argument<@Nullable From> from =
        Argument.optionOrNull("--from=KIND", From.class, "What it is: ${COMPLETION-CANDIDATES}.");
    Argument<@Nullable Path> to =
        Argument.optionOrNull(
            "--to=DIR",
            Path.class,
            "The folder in which the skill's folder is put (default: skills of the workspace).");
    Argument<@Nullable String> name =
        Argument.optionOrNull(
            "--name=NAME", String.class, "The name of the skill (default: the one it has).");
    Argument<@Nullable String> description =
        Argument.optionOrNull(
            "--description=TEXT", String.class, "What it is for, where it does not say so.");
    return new Command(
            () -> {
              From kind = required(from.value(), "--from", List.of(From.values()));
              if (description.value() != null
                  && !SkillConversions.takesDescription(kind, source.value())) {
                throw new UsageException(
                    "--description: a folder with a SKILL.md says what it is for by itself. Change"
                        + " its `description` after the import.");
              }
              Path folder = to.value();
              return convert(
                  folder == null ? Workspace.of(SkillOptions.here()).resolve("skills") : folder,
                  engine ->
                      engine
                          .conversions()
                          .importing(kind, source.value(), name.value(), description.value()));
            },
            "Makes a skill of what another client has, and tells what is kept, mapped and lost.",
            "Nothing of it runs.")
        .takes(source, from, to, name, description, dry, force, output)
        .footer(
            "",
            "Examples:",
            "  workflow skill import --from claude-agent ~/.claude/agents/reviewer.md",
            "  workflow skill import --from codex ~/.codex/prompts/draft.md --dry-run",
            "  workflow skill import --from prompt-template summary.json --to skills");
  }

  Command exporting() {
    Argument<String> name = Argument.parameter("NAME", String.class, SkillTarget.WHICH);
    Argument<@Nullable To> to =
        Argument.optionOrNull(
            "--to=KIND", To.class, "What is made of it: ${COMPLETION-CANDIDATES}.");
    Argument<@Nullable Path> out =
        Argument.optionOrNull(
            "--out=DIR",
            Path.class,
            "The folder in which its folder or file is put (default: this one).");
    return new Command(
            () -> {
              To kind = required(to.value(), "--to", List.of(To.values()));
              Path folder = out.value();
              return convert(
                  folder == null ? SkillOptions.here() : folder,
                  engine ->
                      engine
                          .conversions()
                          .exporting(
                              engine.skills().named(name.value(), SkillOptions.here()).skill(),
                              kind));
            },
            "Makes of a skill what other clients read, and tells what is kept, mapped and lost.")
        .takes(name, to, out, dry, force, output)
        .footer(
            "",
            "Examples:",
            "  workflow skill export travel-plan --to agent-skill --out ~/.claude/skills",
            "  workflow skill export travel-plan --to claude-agent --dry-run");
  }

  private static <T> T required(@Nullable T kind, String option, List<T> kinds) {
    if (kind == null) {
      throw new UsageException(
          "Expected %s with one of %s, found nothing."
              .formatted(option, String.join(", ", kinds.stream().map(Object::toString).toList())));
    }
    return kind;
  }

  private int convert(Path folder, Function<WorkflowEngine, Conversion> conversion) {
    try (WorkflowEngine engine = new EngineOptions().open(context)) {
      Conversion made = conversion.apply(engine);
      Path target = folder.toAbsolutePath().normalize();
      if (!dry.value()) {
        engine.conversions().write(made, target, force.value());
      }
      switch (output.value()) {
        case text -> print(made, target);
        case json -> terminal.json(json(made, target));
      }
      return ExitCode.SUCCEEDED;
    }
  }

  private void print(Conversion made, Path folder) {
    ConversionReport report = made.report();
    print("kept", report.kept());
    print("mapped", report.mapped());
    print("lost", report.lost());
    terminal.say(
        dry.value()
            ? "Nothing was written (--dry-run)."
            : "Wrote " + folder.resolve(made.name()) + ".");
  }

  private void print(String what, List<String> parts) {
    parts.forEach(part -> terminal.data("%-7s %s".formatted(what, Printable.line(part, WIDTH))));
  }

  private ObjectNode json(Conversion made, Path folder) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    answer.put("written", !dry.value()).put("path", folder.resolve(made.name()).toString());
    list(answer.putArray("files"), made.files());
    list(answer.putArray("kept"), made.report().kept());
    list(answer.putArray("mapped"), made.report().mapped());
    list(answer.putArray("lost"), made.report().lost());
    return answer;
  }

  private static void list(ArrayNode into, List<String> texts) {
    texts.forEach(into::add);
  }
}
