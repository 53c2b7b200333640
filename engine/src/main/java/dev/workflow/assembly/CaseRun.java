package dev.workflow.assembly;

import dev.workflow.cases.Asked;
import dev.workflow.cases.Case;
import dev.workflow.cases.MockSkills;
import dev.workflow.cases.VirtualTime;
import dev.workflow.cassette.Cassette;
import dev.workflow.cassette.Replay;
import dev.workflow.check.Answers;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.check.Checker;
import dev.workflow.check.Locks;
import dev.workflow.check.PlanCheck;
import dev.workflow.check.RunInputs;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Cache;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Journal.JournalException;
import dev.workflow.engine.Journal.Message;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.engine.Models;
import dev.workflow.engine.People;
import dev.workflow.engine.Price;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.engine.RunDriver;
import dev.workflow.engine.RunObserver;
import dev.workflow.engine.Skills;
import dev.workflow.engine.StandingAnswers;
import dev.workflow.engine.Unasked;
import dev.workflow.engine.Validator;
import dev.workflow.models.ScriptedModels;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * One run of a case: on this thread, in a time of its own, with a journal that nobody keeps.
 * Everything but models, tools, people and time is as in any run.
 */
final class CaseRun {

  /** A case asks no provider, whatever is configured. */
  private static final Models NO_MODELS =
      new Unasked(
          Optional.of("a case asks no provider: give it `answers`"),
          "none",
          "A case asks no provider");

  private static final String ID = "case";
  private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

  /** A run that takes more turns of the clock than this will not end. */
  private static final int TURNS_MAX = 20_000_000;

  private final Ports ports;
  private final Case tested;
  private final VirtualTime time;
  private final Documents documents;
  private final Answers answers;
  private final @Nullable Cassette cassette;
  private final @Nullable Replay replay;
  private final CaseServers servers;
  private final Log log = new Log();

  /** What all cases work with. */
  record Ports(
      Documents documents,
      Skills skills,
      Models bounds,
      Expressions expressions,
      Validator validator) {}

  /**
   * What a run is given beside its case.
   *
   * @param inputs that win over those of the case
   * @param limits made of those of the workflow
   */
  record Wish(
      Map<String, RunInputs.Given> inputs, UnaryOperator<Limits> limits, RunObserver observer) {
    static final Wish NONE = new Wish(Map.of(), UnaryOperator.identity(), RunObserver.NONE);
  }

  /**
   * What came of it.
   *
   * @param run absent: it could not begin
   * @param resolved absent: it could not begin
   * @param replay of the cassette; absent: there is none
   * @param problems why it could not begin
   * @param broken why it did not come to an end; absent: it did
   */
  record Ended(
      @Nullable RunState run,
      @Nullable Resolved resolved,
      List<Recorded> events,
      JsonNode requests,
      List<String> strays,
      @Nullable Replay replay,
      List<Problem> problems,
      @Nullable String broken) {}

  /**
   * A run.
   *
   * @param documents with the answers of the case
   * @param cassette that answers what is not mocked; absent: none does
   */
  CaseRun(
      Ports ports, Documents documents, Answers answers, Case tested, @Nullable Cassette cassette) {
    this.ports = ports;
    this.tested = tested;
    this.cassette = cassette;
    Instant recorded = cassette == null ? STARTED : cassette.started();
    this.time = new VirtualTime(tested.started() == null ? recorded : tested.started());
    this.documents = documents;
    this.answers = answers;
    this.replay = cassette == null ? null : new Replay(cassette, time);
    this.servers =
        new CaseServers(tested, ports.skills(), time, replay == null ? null : replay.tools());
  }

  /**
   * Runs it.
   *
   * @param text of the workflow; absent: it is read
   */
  Ended run(Path workflow, @Nullable String text, Wish wish) {
    Problem another = another(workflow, text);
    if (another != null) {
      return notBegun(List.of(another));
    }
    Map<String, String> bindings = cassette == null ? Map.of() : cassette.bindings();
    Checked checked =
        new Checker(
                new Checker.Ports(
                    documents,
                    new MockSkills(ports.skills(), servers::tools, bindings),
                    servers,
                    replay == null ? NO_MODELS : replay.models(ports.bounds()),
                    answers,
                    ports.expressions(),
                    ports.validator(),
                    Locks.NONE))
            .check(new CheckRequest(workflow, text, true, wishes(), Map.of()));
    Checked.Definition definition = checked.definition();
    if (definition == null || !checked.isOk()) {
      return notBegun(checked.problems());
    }
    Map<String, RunInputs.Given> given = new LinkedHashMap<>();
    if (cassette != null) {
      add(cassette.inputs(), given);
    }
    add(tested.inputs(), given);
    given.putAll(wish.inputs());
    RunInputs.Inputs inputs =
        new RunInputs(ports.validator())
            .check(definition.resolved().workflow().inputSchema(), given);
    return inputs.problems().isEmpty()
        ? drive(definition, inputs.values(), wish)
        : notBegun(inputs.problems());
  }

  /** What the cassette has nothing to do with is not run. */
  private @Nullable Problem another(Path workflow, @Nullable String text) {
    Workflow read =
        (text == null
                ? documents.workflow(workflow)
                : documents.workflow(workflow.toString(), text))
            .workflow();
    return cassette == null || read == null || read.name().equals(cassette.workflow())
        ? null
        : Problem.invalid(
            Rule.CASSETTE_WORKFLOW,
            Place.file(workflow.toString()),
            "Expected the workflow %s, which the cassette was recorded of; found %s."
                .formatted(cassette.workflow(), read.name()),
            "Replay the one that was recorded, or record this one: workflow run FILE --record"
                + " CASSETTE.");
  }

  /** Models are those of the cassette, else scripted. */
  private ModelWishes wishes() {
    Cassette tape = cassette;
    if (tape == null) {
      return new ModelWishes(true, false, Map.of(), Map.of(), model -> Optional.empty());
    }
    Map<String, ModelRef> chosen = new LinkedHashMap<>();
    tape.models()
        .forEach(
            (alias, served) -> {
              if (tape.chosen().contains(alias)) {
                chosen.put(alias, served.getFirst());
              }
            });
    return new ModelWishes(
        false,
        false,
        tape.models(),
        chosen,
        model ->
            tape.simulated()
                ? Optional.of(Price.FREE)
                : Optional.ofNullable(tape.prices().get(Resolved.priced(model))));
  }

  private static void add(JsonNode inputs, Map<String, RunInputs.Given> given) {
    inputs
        .properties()
        .forEach(entry -> given.put(entry.getKey(), new RunInputs.Given.Value(entry.getValue())));
  }

  /** What could not begin. */
  static Ended notBegun(List<Problem> problems) {
    return new Ended(
        null,
        null,
        List.of(),
        JsonNodeFactory.instance.arrayNode(),
        List.of(),
        null,
        problems.stream().filter(each -> each.severity() == Severity.ERROR).toList(),
        null);
  }

  private Ended drive(Checked.Definition definition, JsonNode inputs, Wish wish) {
    Resolved resolved = definition.resolved();
    RunStarted start =
        new RunStarted(
            cassette == null ? ID : cassette.run(),
            resolved.workflow().name(),
            definition.plan(),
            kept(resolved),
            inputs,
            wish.limits().apply(resolved.workflow().limits()),
            cassette != null || definition.simulated());
    Asked models = new Asked(models(resolved));
    People people = replay == null ? People.NOBODY : replay.people();
    RunDriver driver =
        RunDriver.begin(
            start,
            log,
            new RunDriver.Ports(
                servers.tools(),
                models,
                new StandingAnswers(tested.people(), false, people),
                ports.validator(),
                ports.expressions(),
                new PlanCheck(
                    ports.documents(), ports.skills(), ports.expressions(), ports.validator()),
                Cache.NONE,
                time,
                wish.observer(),
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
        replay,
        List.of(),
        failure[0] == null ? broken : "The run broke off: " + failure[0]);
  }

  private JsonNode kept(Resolved resolved) {
    ObjectNode kept = (ObjectNode) new ResolvedJson(ports.documents()).write(resolved);
    Cassette.Previous previous = cassette == null ? null : cassette.previous();
    if (previous != null) {
      ResolvedJson.keepPrevious(kept, previous.started(), previous.outputs());
    }
    return kept;
  }

  private Models models(Resolved resolved) {
    if (replay != null) {
      return replay.models(ports.bounds());
    }
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
}
