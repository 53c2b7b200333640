package dev.workflow.assembly;

import dev.workflow.cases.CaseFile;
import dev.workflow.cassette.Cassette;
import dev.workflow.cassette.CassetteFile;
import dev.workflow.cassette.Recording;
import dev.workflow.check.PlanCheck;
import dev.workflow.definition.ProblemText;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.engine.Retelling;
import dev.workflow.engine.RunObserver;
import dev.workflow.expression.CelExpressions;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.trace.RunReport;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.node.ObjectNode;

/** Records runs that mocks and scripts answer, and replays them. */
final class CassetteWorld implements AutoCloseable {
  private final Path folder;
  private final WorkflowEngine engine;
  private final Expressions expressions = new CelExpressions();

  CassetteWorld(Path folder) {
    this.folder = folder;
    this.engine = new WorkflowEngine(new Home(folder.resolve("home"), null, Map.of(), List.of()));
  }

  CassetteWorld file(String name, String text) {
    try {
      Files.writeString(folder.resolve(name), text);
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Path path(String name) {
    return folder.resolve(name);
  }

  /** The journal of the only case of {@code w.cases.yaml}. */
  CaseRun.Ended recorded(String cases) {
    file("w.cases.yaml", cases);
    CaseFile file =
        Objects.requireNonNull(
            CaseFile.read(path("w.cases.yaml"), engine.documents(), expressions).file());
    CaseDocuments documents = new CaseDocuments(engine.documents(), file, file.cases().getFirst());
    CaseRun.Ended ended =
        new CaseRun(ports(), documents, documents::answers, file.cases().getFirst(), null)
            .run(path("w.yaml"), null, CaseRun.Wish.NONE);
    if (ended.run() == null || !ended.strays().isEmpty()) {
      throw new AssertionError(ProblemText.of(ended.problems()) + ended.strays());
    }
    return ended;
  }

  private CaseRun.Ports ports() {
    return new CaseRun.Ports(
        engine.documents(), engine.skills(), engine.models(), expressions, engine.validator());
  }

  Cassette cassette(List<Recorded> events) {
    PlanCheck planner =
        new PlanCheck(engine.documents(), engine.skills(), expressions, engine.validator());
    ResolvedJson json = new ResolvedJson(engine.documents());
    return Recording.of(
        events, run -> new Retelling(run, json, expressions, engine.validator(), planner));
  }

  /** Writes the cassette of a journal to {@code w.json}; gives its text. */
  String write(List<Recorded> events, String... secrets) {
    try {
      CassetteFile.write(cassette(events), Set.of(secrets), path("w.json"));
      return Files.readString(path("w.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  CassetteFile.Reading read() {
    return engine.cassettes().read(path("w.json"));
  }

  /** Runs {@code w.yaml} on {@code w.json}. */
  Cassettes.Replayed replayed() {
    return engine
        .cassettes()
        .replay(
            Objects.requireNonNull(read().cassette(), () -> ProblemText.of(read().problems())),
            new Cassettes.Wish(path("w.yaml"), null, Map.of(), Map.of(), UnaryOperator.identity()),
            RunObserver.NONE);
  }

  /** What is said about a replay: problems, then what is not as it was. */
  String said() {
    Cassettes.Replayed replayed = replayed();
    return ProblemText.of(replayed.problems())
        + replayed.mismatches().stream()
            .map(
                each ->
                    each.step()
                        + ": "
                        + each.message()
                        + "\n"
                        + each.details().stream()
                            .map(line -> "  " + line + "\n")
                            .collect(Collectors.joining()))
            .collect(Collectors.joining())
        + (replayed.unused().isEmpty() ? "" : "unused: " + replayed.unused() + "\n");
  }

  /** What is said about the cases of a file. */
  String tested(String cases) {
    file("w.cases.yaml", cases);
    Cases.Tested tested = engine.cases().test(path("w.cases.yaml"), name -> true);
    return ProblemText.of(tested.problems())
        + tested.outcomes().stream()
            .flatMap(outcome -> outcome.failures().stream())
            .map(failure -> failure.message() + "\n" + String.join("\n", failure.details()))
            .collect(Collectors.joining("\n"));
  }

  /** The result of a run but for what a replay may have otherwise. */
  static ObjectNode result(RunState run) {
    ObjectNode report = RunReport.of(run);
    report.remove(List.of("ended", "simulated"));
    return report;
  }

  @Override
  public void close() {
    engine.close();
  }
}
