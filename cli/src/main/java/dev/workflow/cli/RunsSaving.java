package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.definition.Nearest;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.ContentBlocks;
import dev.workflow.engine.ContentBlocks.Binary;
import dev.workflow.engine.ShellWords;
import dev.workflow.run.RunState;
import dev.workflow.run.StepInfo;
import dev.workflow.run.StepPath;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** {@code workflow runs save}: images, audio and other binary data that a step gave. */
final class RunsSaving {
  private final Argument<String> run = Argument.parameter("RUN", String.class, "The run.");
  private final Argument<String> step =
      Argument.second("STEP", String.class, "The path of the step, such as days[2].");
  private final Argument<@Nullable Path> to =
      Argument.optionOrNull(
          "--to=FILE", Path.class, "Where it goes; no file that is there is written over.");
  private final Argument<@Nullable Integer> number =
      Argument.optionOrNull("--number=N", Integer.class, "Which of several, counted from 1.");
  private final Context context;

  RunsSaving(Context context) {
    this.context = context;
  }

  Command command() {
    return new Command(
            this::save,
            "Lists the binary data that a step gave, and writes it into a file.",
            "Everywhere else it is shown by its length and digest.")
        .takes(run, step, to, number)
        .footer("", "Examples:", "  workflow runs save last shot --to shot.png");
  }

  private int save() {
    try (WorkflowEngine engine = new EngineOptions().open(context)) {
      RunState state = engine.state(RunNames.find(engine.journal(), run.value()));
      List<Binary> found = binaries(state, path(state));
      Path file = to.value();
      if (file == null) {
        list(found);
      } else {
        write(chosen(found), file);
      }
      return ExitCode.SUCCEEDED;
    }
  }

  private StepPath path(RunState state) {
    List<String> paths = state.all().stream().map(StepInfo::path).map(StepPath::toString).toList();
    if (!paths.contains(step.value())) {
      String nearest = Nearest.hint(step.value(), paths);
      throw new UsageException(
          "Run "
              + state.start().run()
              + " has no step "
              + ShellWords.quoted(step.value())
              + "."
              + (nearest == null ? "" : " " + nearest));
    }
    return StepPath.parse(step.value());
  }

  /** What stands in the output, and what its tool gave beside that. */
  private static List<Binary> binaries(RunState state, StepPath path) {
    List<Binary> all = new ArrayList<>();
    StepInfo info = state.step(path);
    JsonNode output = info == null ? null : info.output();
    if (output != null) {
      all.addAll(ContentBlocks.binaries(output));
    }
    JsonNode content = state.contentBeside(path);
    if (content != null) {
      List<String> known = all.stream().map(binary -> Canonical.hash(binary.bytes())).toList();
      for (Binary binary : ContentBlocks.binaries(content)) {
        if (!known.contains(Canonical.hash(binary.bytes()))) {
          all.add(binary);
        }
      }
    }
    return all;
  }

  private void list(List<Binary> found) {
    if (found.isEmpty()) {
      context.terminal().say("Step " + step.value() + " gave no binary data.");
      return;
    }
    for (int i = 0; i < found.size(); i++) {
      Binary binary = found.get(i);
      String type = binary.mimeType().isEmpty() ? "unknown" : binary.mimeType();
      context
          .terminal()
          .data(
              "%d  %s  %d bytes  %s"
                  .formatted(i + 1, type, binary.bytes().length, Canonical.hash(binary.bytes())));
    }
  }

  private Binary chosen(List<Binary> found) {
    if (found.isEmpty()) {
      throw new UsageException("Step " + step.value() + " gave no binary data.");
    }
    Integer wanted = number.value();
    if (wanted == null && found.size() > 1) {
      throw new UsageException(
          "Step "
              + step.value()
              + " gave "
              + found.size()
              + " pieces of binary data: choose one with --number; without --to they are listed.");
    }
    int place = wanted == null ? 1 : wanted;
    if (place < 1 || place > found.size()) {
      throw new UsageException(
          "--number: expected 1 to " + found.size() + ", found " + place + ".");
    }
    return found.get(place - 1);
  }

  private void write(Binary binary, Path file) {
    try {
      Files.write(file, binary.bytes(), StandardOpenOption.CREATE_NEW);
    } catch (FileAlreadyExistsException e) {
      throw new UsageException("--to " + file + ": there is a file already.");
    } catch (IOException e) {
      throw new UsageException("--to " + file + ": it cannot be written: " + e.getMessage());
    }
    context.terminal().say("Saved: " + file + ", " + binary.bytes().length + " bytes");
  }
}
