package dev.workflow.check;

import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.SkillGraph;
import dev.workflow.engine.Skills;
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
  private final Skills skills;
  private final Report report;
  private final Map<String, Part> parts = new LinkedHashMap<>();
  private final Deque<Part> unread = new ArrayDeque<>();

  private Parts(Documents documents, Skills skills, Report report) {
    this.documents = documents;
    this.skills = skills;
    this.report = report;
  }

  static Parts read(CheckRequest request, Documents documents, Skills skills) {
    String text = request.text();
    Documents.Reading reading =
        text == null
            ? documents.workflow(request.file())
            : documents.workflow(request.file().toString(), text);
    Report report = new Report(reading.source(), reading.problems());
    Parts parts = new Parts(documents, skills, report);
    Workflow workflow = reading.workflow();
    if (workflow != null) {
      Part root = parts.part("", request.file(), workflow, reading, report, null);
      parts.add(root);
      tellMissingFolder(root);
      for (Part part = parts.unread.poll(); part != null; part = parts.unread.poll()) {
        for (Step step : part.workflow().allSteps()) {
          Owner owner = part.runsSkillOf(step);
          if (step.verb() instanceof Verb.Subworkflow other) {
            parts.find(part, step, other);
          } else if (owner != null && owner.skill() != null) {
            parts.find(part, new SkillUse(part, owner, owner.skill()));
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
    Path file = from.folder().resolve(verb.file()).normalize();
    String pointer = step.pointer() + "/workflow";
    SkillUse use = from.use();
    if (use != null && !file.startsWith(use.folder())) {
      from.report()
          .invalid(
              Rule.OUTSIDE_OF_SKILL,
              pointer,
              "Expected a file in the folder of skill `%s`, found `%s`."
                  .formatted(use.skill().name(), verb.file()),
              "A skill is whole in its folder: put the file there.");
      return;
    }
    read(from, Resolved.nameOf(from.name(), verb.file()), pointer, verb.file(), file, use);
  }

  /** The workflow of a skill; inside itself it is the same one again. */
  private void find(Part from, SkillUse use) {
    Owner owner = use.owner();
    String name = SkillGraph.nameOf(from.name(), owner.agent().name(), use.skill());
    String written = String.valueOf(use.skill().workflow());
    Part known = parts.get(name);
    if (known != null && known.use() != null && !known.use().isLike(owner)) {
      from.report()
          .invalid(
              Rule.SKILL_IN_ITSELF,
              owner.pointer(),
              "Skill `%s` is used inside itself by %s, with another policy or model."
                  .formatted(use.skill().name(), owner.label()),
              "Leave its `policy` and `model` out: inside itself a skill goes on as it began.");
      return;
    }
    read(from, name, owner.atSkill(), written, use.folder().resolve(written), use);
  }

  private void read(
      Part from, String name, String pointer, String written, Path file, @Nullable SkillUse use) {
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
    Documents.Reading reading = documents.another(name, file).orElse(null);
    if (reading == null) {
      from.report()
          .missing(
              Rule.MISSING_WORKFLOW,
              pointer,
              "There is no workflow file `" + written + "`.",
              "The path is relative to the file that names it; looked for " + file + ".");
      return;
    }
    Workflow workflow = reading.workflow();
    if (workflow == null) {
      from.report().addAll(reading.problems());
      return;
    }
    Report own = new Report(reading.source(), reading.problems());
    add(part(name, file, workflow, reading, own, use));
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

  private Part part(
      String name,
      Path file,
      Workflow workflow,
      Documents.Reading reading,
      Report report,
      @Nullable SkillUse use) {
    Path folder = Folder.of(workflow, file);
    Map<String, Owner> owners = AgentCheck.resolve(workflow, skills, folder, use, report);
    return new Part(name, file, folder, workflow, reading.source(), report, use, owners);
  }
}
