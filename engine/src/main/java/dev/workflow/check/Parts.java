package dev.workflow.check;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Resolved;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A workflow and all those that its steps run, however deep; each is read once. */
final class Parts {

  /** Most workflow files of one run. */
  static final int PARTS_MAX = 100;

  private final Documents documents;
  private final Report report;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Deque<Part> unread = new ArrayDeque<>();

  private Parts(Documents documents, Report report) {
    this.documents = documents;
    this.report = report;
  }

  static Parts read(CheckRequest request, Documents documents) {
    String text = request.text();
    Documents.Reading reading =
        text == null
            ? documents.workflow(request.file())
            : documents.workflow(request.file().toString(), text);
    Report report = new Report(reading.source(), reading.problems());
    Parts parts = new Parts(documents, report);
    Workflow workflow = reading.workflow();
    if (workflow != null) {
      Part root = part("", request.file(), workflow, reading, report);
      parts.add(root);
      tellMissingFolder(root);
      for (Part part = parts.unread.poll(); part != null; part = parts.unread.poll()) {
        for (Step step : part.workflow().allSteps()) {
          if (step.verb() instanceof Verb.Subworkflow other) {
            parts.find(part, step, other);
          }
        }
      }
    }
    return parts;
  }

  /** The workflow that was asked for; null: it could not be read. */
  @Nullable Part root() {
    return parts.get("");
  }

  /** The root first. */
  Collection<Part> all() {
    return parts.values();
  }

  boolean hasInvalid() {
    return all().stream().anyMatch(part -> part.report().hasInvalid());
  }

  /** All problems in reading order. */
  List<Problem> problems() {
    return Stream.concat(Stream.of(report), all().stream().map(Part::report))
        .flatMap(each -> each.sorted().stream())
        .distinct()
        .sorted(Problem.ORDER)
        .toList();
  }

  private void add(Part part) {
    parts.put(part.name(), part);
    unread.add(part);
  }

  private void find(Part from, Step step, Verb.Subworkflow verb) {
    String name = Resolved.nameOf(from.name(), verb);
    String pointer = step.pointer() + "/workflow";
    if (parts.containsKey(name)) {
      return;
    }
    if (parts.size() > PARTS_MAX) {
      from.report()
          .invalid(
              Rule.TOO_MANY_WORKFLOWS,
              pointer,
              "A run may have at most %d workflow files besides its own.".formatted(PARTS_MAX),
              null);
      return;
    }
    Path file = from.folder().resolve(verb.file()).normalize();
    if (!documents.has(file)) {
      from.report()
          .missing(
              Rule.MISSING_WORKFLOW,
              pointer,
              "There is no workflow file `" + verb.file() + "`.",
              "The path is relative to the file that names it; looked for " + file + ".");
      return;
    }
    Documents.Reading reading = documents.workflow(file);
    Workflow workflow = reading.workflow();
    if (workflow == null) {
      from.report().addAll(reading.problems());
      return;
    }
    Report own = new Report(reading.source(), reading.problems());
    add(part(name, file, workflow, reading, own));
  }

  /** A plan may outlive the folder that it was made in. */
  private static void tellMissingFolder(Part root) {
    if (!Files.isDirectory(root.folder())
        && PlanHeader.of(root.workflow().document()).map(PlanHeader::folder).isPresent()) {
      root.report()
          .missing(
              Rule.MISSING_FOLDER,
              "/plan/folder",
              "There is no folder " + root.folder() + ", which the plan works in.",
              "Name another one, or make the plan anew.");
    }
  }

  private static Part part(
      String name, Path file, Workflow workflow, Documents.Reading reading, Report report) {
    Path folder = Folder.of(workflow, file);
    return new Part(name, file, folder, workflow, reading.source(), report);
  }
}
