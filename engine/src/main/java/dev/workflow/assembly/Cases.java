package dev.workflow.assembly;

import dev.workflow.cases.Case;
import dev.workflow.cases.CaseFile;
import dev.workflow.cassette.Cassette;
import dev.workflow.cassette.CassetteFile;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.Skills;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Tests workflows and skills by their cases; no provider, server or journal is touched. */
public final class Cases {
  private final CaseRun.Ports ports;

  Cases(CaseRun.Ports ports) {
    this.ports = ports;
  }

  /**
   * What came of a file of cases.
   *
   * @param problems why the file, or what it tests, cannot be read
   * @param coverage what all of them ran; absent where nothing did
   * @param shortfalls coverage that was asked for and not reached
   */
  public record Tested(
      Path file,
      List<Problem> problems,
      List<CaseOutcome> outcomes,
      @Nullable Coverage coverage,
      List<CaseOutcome.Failure> shortfalls) {
    public Tested {
      problems = List.copyOf(problems);
      outcomes = List.copyOf(outcomes);
      shortfalls = List.copyOf(shortfalls);
    }

    /** Whether everything holds. */
    public boolean passed() {
      return problems.isEmpty()
          && shortfalls.isEmpty()
          && outcomes.stream().allMatch(CaseOutcome::passed);
    }
  }

  /**
   * What is tested: a file, or a skill as if it were used by one.
   *
   * @param skill absent: the file is there
   */
  private record Subject(Path file, @Nullable Skill skill) {

    /** The file for a case; absent: it is read. */
    @Nullable String text(Case tested) {
      return skill == null
          ? null
          : SkillWorkflow.of(skill, Map.of(), tested.inputs()::has).toString();
    }
  }

  /** Runs those cases of a file that are wanted; coverage is held against it when all are. */
  public Tested test(Path path, Predicate<String> wanted) {
    CaseFile.Reading reading = CaseFile.read(path, ports.documents(), ports.expressions());
    CaseFile file = reading.file();
    if (file == null) {
      return new Tested(path, reading.problems(), List.of(), null, List.of());
    }
    List<Problem> problems = new ArrayList<>();
    Subject subject = subject(file, problems);
    if (subject == null) {
      return new Tested(path, problems, List.of(), null, List.of());
    }
    Coverage coverage = null;
    List<CaseOutcome> outcomes = new ArrayList<>();
    for (Case tested : file.cases()) {
      if (!wanted.test(tested.name())) {
        continue;
      }
      long begun = System.nanoTime();
      CaseRun.Ended ended = run(file, tested, subject);
      List<CaseOutcome.Failure> failures = CaseVerdict.of(file, tested, ended, ports.expressions());
      outcomes.add(new CaseOutcome(tested, failures, Duration.ofNanos(System.nanoTime() - begun)));
      if (ended.run() != null && ended.resolved() != null) {
        coverage = coverage == null ? coverage(subject, ended.resolved()) : coverage;
        coverage.add(ended.run(), ended.resolved());
      }
    }
    boolean all = outcomes.size() == file.cases().size();
    return new Tested(
        path, List.of(), outcomes, coverage, all ? shortfalls(file, coverage) : List.of());
  }

  /** Why files of cases, or what they test, cannot be read; nothing is run. */
  public List<Problem> problems(List<Path> files) {
    List<Problem> problems = new ArrayList<>();
    for (Path path : files) {
      CaseFile.Reading reading = CaseFile.read(path, ports.documents(), ports.expressions());
      problems.addAll(reading.problems());
      if (reading.file() != null) {
        subject(reading.file(), problems);
      }
    }
    return problems;
  }

  private CaseRun.Ended run(CaseFile file, Case tested, Subject subject) {
    Cassette cassette = null;
    if (tested.cassette() != null) {
      CassetteFile.Reading reading =
          CassetteFile.read(file.path().resolveSibling(tested.cassette()), ports.validator());
      cassette = reading.cassette();
      if (cassette == null) {
        return CaseRun.notBegun(reading.problems());
      }
    }
    CaseDocuments documents = new CaseDocuments(ports.documents(), file, tested);
    return new CaseRun(ports, documents, documents::answers, tested, cassette)
        .run(subject.file(), subject.text(tested), CaseRun.Wish.NONE);
  }

  private static Coverage coverage(Subject subject, Resolved resolved) {
    return subject.skill() == null ? Coverage.ofWorkflow(resolved) : Coverage.ofOnlyStep(resolved);
  }

  private static List<CaseOutcome.Failure> shortfalls(CaseFile file, @Nullable Coverage coverage) {
    List<CaseOutcome.Failure> shortfalls = new ArrayList<>();
    if (coverage != null) {
      add("steps", file.steps(), coverage.steps(), coverage.neverBegun(), file, shortfalls);
      List<String> ways = new ArrayList<>();
      coverage.neverTaken().forEach(step -> ways.add("`when` of " + step + " never held"));
      coverage.neverLeft().forEach(step -> ways.add("`when` of " + step + " always held"));
      add("branches", file.branches(), coverage.branches(), ways, file, shortfalls);
    }
    return shortfalls;
  }

  private static void add(
      String what,
      @Nullable Double wanted,
      double found,
      List<String> missing,
      CaseFile file,
      List<CaseOutcome.Failure> shortfalls) {
    if (wanted != null && found < wanted) {
      shortfalls.add(
          new CaseOutcome.Failure(
              file.source().place("/coverage/" + what),
              "Expected %s %% of the %s to be covered, found %s %%"
                  .formatted(number(wanted), what, number(found)),
              missing.isEmpty() ? List.of() : List.of("not: " + String.join(", ", missing))));
    }
  }

  private static String number(double percent) {
    return String.valueOf(Math.floor(percent * 10) / 10).replaceAll("\\.0$", "");
  }

  private @Nullable Subject subject(CaseFile file, List<Problem> problems) {
    Path path = file.path().toAbsolutePath().normalize();
    Path folder = Objects.requireNonNull(path.getParent(), "a file stands in a folder");
    String name = String.valueOf(path.getFileName());
    if (file.workflow() != null) {
      return existing(folder.resolve(file.workflow()).normalize(), "/workflow", file, problems);
    }
    if (String.valueOf(folder.getFileName()).equals(CaseFile.FOLDER)) {
      return ofSkill(folder.getParent(), file, problems);
    }
    if (name.endsWith(CaseFile.SUFFIX)) {
      String stem = name.substring(0, name.length() - CaseFile.SUFFIX.length());
      Path other = folder.resolve(stem + ".yml");
      Path workflow = Files.isRegularFile(other) ? other : folder.resolve(stem + ".yaml");
      return existing(workflow, "", file, problems);
    }
    problems.add(
        Problem.invalid(
            Rule.CASE_WORKFLOW,
            file.source().place(""),
            "This file does not say which workflow it tests.",
            "Add `workflow: FILE`, or name it after its workflow: NAME" + CaseFile.SUFFIX + "."));
    return null;
  }

  private static @Nullable Subject existing(
      Path workflow, String pointer, CaseFile file, List<Problem> problems) {
    if (Files.isRegularFile(workflow)) {
      return new Subject(workflow, null);
    }
    problems.add(
        Problem.missing(
            Rule.CASE_WORKFLOW,
            file.source().place(pointer),
            "There is no workflow " + workflow + ", which these cases test.",
            "Name it: `workflow: FILE`, relative to the file of cases."));
    return null;
  }

  private @Nullable Subject ofSkill(@Nullable Path folder, CaseFile file, List<Problem> problems) {
    Path skills = folder == null ? null : folder.getParent();
    Path around = skills == null ? null : skills.getParent();
    if (folder == null || skills == null || around == null || !skills.endsWith("skills")) {
      problems.add(
          Problem.invalid(
              Rule.CASE_WORKFLOW,
              file.source().place(""),
              "Expected the folder `cases` in a skill, that is in skills/NAME; found it elsewhere.",
              "Add `workflow: FILE`, or move the folder."));
      return null;
    }
    String name = String.valueOf(folder.getFileName());
    Skills.Found found = ports.skills().skill(name, around);
    Skill skill = found.skill();
    if (skill == null) {
      problems.addAll(found.problems());
      if (problems.isEmpty()) {
        problems.add(
            Problem.missing(
                Rule.MISSING_SKILL,
                Place.file(folder.toString()),
                "There is no skill here.",
                null));
      }
      return null;
    }
    return new Subject(around.resolve(name + ".yaml"), skill);
  }
}
