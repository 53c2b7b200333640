package dev.workflow.assembly;

import dev.workflow.cases.Asked;
import dev.workflow.cases.Case;
import dev.workflow.cases.CaseFile;
import dev.workflow.cases.MockSkills;
import dev.workflow.cases.VirtualTime;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.check.Checker;
import dev.workflow.check.Locks;
import dev.workflow.check.PlanCheck;
import dev.workflow.check.RunInputs;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.engine.Cache;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Journal.JournalException;
import dev.workflow.engine.Journal.Message;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.engine.Models;
import dev.workflow.engine.People;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.engine.RunDriver;
import dev.workflow.engine.RunObserver;
import dev.workflow.engine.Skills;
import dev.workflow.engine.StandingAnswers;
import dev.workflow.engine.Validator;
import dev.workflow.models.ScriptedModels;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * One run of a case: on this thread, in a time of its own, with a journal that nobody keeps.
 * Everything but models, tools, people and time is as in any run.
 */
final class CaseRun {
  private static final String ID = "case";

  /** A run that takes more turns of the clock than this will not end. */
  private static final int TURNS_MAX = 20_000_000;

  private final Ports ports;
  private final Case tested;
  private final VirtualTime time;
  private final CaseDocuments documents;
  private final CaseServers servers;
  private final Log log = new Log();

  /** What all cases work with. */
  record Ports(Documents documents, Skills skills, Expressions expressions, Validator validator) {}

  /**
   * What came of it.
   *
   * @param run absent: it could not begin
   * @param resolved absent: it could not begin
   * @param problems why it could not begin
   * @param broken why it did not come to an end; absent: it did
   */
  record Ended(
      @Nullable RunState run,
      @Nullable Resolved resolved,
      List<Recorded> events,
      JsonNode requests,
      List<String> strays,
      List<Problem> problems,
      @Nullable String broken) {}

  CaseRun(Ports ports, CaseFile file, Case tested) {
    this.ports = ports;
    this.tested = tested;
    this.time = new VirtualTime(tested.started());
    this.documents = new CaseDocuments(ports.documents(), file, tested);
    this.servers = new CaseServers(tested, ports.skills(), time);
  }

  /**
   * Runs it.
   *
   * @param text of the workflow; absent: it is read
   */
  Ended run(Path workflow, @Nullable String text) {
    ModelWishes wishes =
        new ModelWishes(true, false, Map.of(), Map.of(), model -> Optional.empty());
    Checked checked =
        new Checker(
                new Checker.Ports(
                    documents,
                    new MockSkills(ports.skills(), servers::tools),
                    servers,
                    NO_MODELS,
                    documents::answers,
                    ports.expressions(),
                    ports.validator(),
                    Locks.NONE))
            .check(new CheckRequest(workflow, text, true, wishes, Map.of()));
    Checked.Definition definition = checked.definition();
    if (definition == null || !checked.isOk()) {
      return notBegun(checked.problems());
    }
    Map<String, RunInputs.Given> given = new LinkedHashMap<>();
    tested
        .inputs()
        .properties()
        .forEach(entry -> given.put(entry.getKey(), new RunInputs.Given.Value(entry.getValue())));
    RunInputs.Inputs inputs =
        new RunInputs(ports.validator())
            .check(definition.resolved().workflow().inputSchema(), given);
    return inputs.problems().isEmpty()
        ? drive(definition, inputs.values())
        : notBegun(inputs.problems());
  }

  private Ended notBegun(List<Problem> problems) {
    return new Ended(
        null,
        null,
        List.of(),
        JsonNodeFactory.instance.arrayNode(),
        List.of(),
        problems.stream().filter(each -> each.severity() == Severity.ERROR).toList(),
        null);
  }

  private Ended drive(Checked.Definition definition, JsonNode inputs) {
    Resolved resolved = definition.resolved();
    RunStarted start =
        new RunStarted(
            ID,
            resolved.workflow().name(),
            definition.plan(),
            new ResolvedJson(ports.documents()).write(resolved),
            inputs,
            resolved.workflow().limits(),
            definition.simulated());
    Asked models = new Asked(models(resolved));
    RunDriver driver =
        RunDriver.begin(
            start,
            log,
            new RunDriver.Ports(
                servers.tools(),
                models,
                new StandingAnswers(tested.people(), false, People.NOBODY),
                ports.validator(),
                ports.expressions(),
                new PlanCheck(
                    ports.documents(), ports.skills(), ports.expressions(), ports.validator()),
                Cache.NONE,
                time,
                RunObserver.NONE,
                Set::of),
            resolved);
    RunState[] state = new RunState[1];
    Throwable[] failure = new Throwable[1];
    driver.drive().subscribe(ended -> state[0] = ended, failed -> failure[0] = failed);
    int turns = 0;
    while (state[0] == null && failure[0] == null && turns++ < TURNS_MAX && time.pass()) {
      // What is due next may be all that was missing.
    }
    String broken = state[0] != null ? null : "The run does not end";
    return new Ended(
        state[0],
        resolved,
        log.events,
        models.requests(),
        servers.tools().strays(),
        List.of(),
        failure[0] == null ? broken : "The run broke off: " + failure[0]);
  }

  private Models models(Resolved resolved) {
    JsonNode answers = resolved.answers();
    return answers == null
        ? NO_MODELS
        : new ScriptedModels(answers, ports.expressions(), time.scheduler());
  }

  /** A journal of this run alone, on whose disk everything is at once. */
  private final class Log implements RunLog {
    private final List<Recorded> events = new ArrayList<>();

    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public long lastSeq() {
      return events.size();
    }

    @Override
    public void append(List<Recorded> more, Consumer<@Nullable JournalException> durable) {
      events.addAll(more);
      time.after(Duration.ZERO, () -> durable.accept(null));
    }

    @Override
    public List<Message> takeMessages() {
      return List.of();
    }

    @Override
    public void close() {}
  }

  /** A case asks no provider, whatever is configured. */
  private static final Models NO_MODELS =
      new Models() {
        @Override
        public Optional<String> unusable(ModelRef model) {
          return Optional.of("a case asks no provider: give it `answers`");
        }

        @Override
        public Bound bound(Request request) {
          return new Bound(0, 0);
        }

        @Override
        public String identity(ModelRef model) {
          return "none";
        }

        @Override
        public Mono<Reply> ask(Request request, Consumer<String> progress) {
          return Mono.error(new IllegalStateException("a case asks no provider"));
        }
      };
}
