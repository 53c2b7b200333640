package dev.workflow.assembly;

import dev.workflow.cases.Asked;
import dev.workflow.cases.Case;
import dev.workflow.cases.CaseFile;
import dev.workflow.cases.MockSkills;
import dev.workflow.cases.MockTools;
import dev.workflow.cases.VirtualTime;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.check.Checker;
import dev.workflow.check.PlanCheck;
import dev.workflow.check.RunInputs;
import dev.workflow.check.Servers;
import dev.workflow.definition.Agent;
import dev.workflow.definition.Capability;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.definition.Workflow;
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
import dev.workflow.run.StepPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
final class CaseRun implements Servers, Documents, RunLog, RunObserver {
  private static final String ID = "case";

  /** A run that takes more turns of the clock than this will not end. */
  private static final int TURNS_MAX = 20_000_000;

  private final Ports ports;
  private final CaseFile file;
  private final Case tested;
  private final VirtualTime time;
  private final List<Recorded> events = new ArrayList<>();
  private @Nullable MockTools tools;

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
    this.file = file;
    this.tested = tested;
    this.time = new VirtualTime(tested.started());
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
                    this,
                    new MockSkills(ports.skills(), this::tools),
                    this,
                    NO_MODELS,
                    this::answers,
                    ports.expressions(),
                    ports.validator()))
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
            this,
            new RunDriver.Ports(
                tools(),
                models,
                new StandingAnswers(tested.people(), false, People.NOBODY),
                ports.validator(),
                ports.expressions(),
                new PlanCheck(
                    ports.documents(), ports.skills(), ports.expressions(), ports.validator()),
                Cache.NONE,
                time,
                this,
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
        events,
        models.requests(),
        tools().strays(),
        List.of(),
        failure[0] == null ? broken : "The run broke off: " + failure[0]);
  }

  private Models models(Resolved resolved) {
    JsonNode answers = resolved.answers();
    return answers == null
        ? NO_MODELS
        : new ScriptedModels(answers, ports.expressions(), time.scheduler());
  }

  private MockTools tools() {
    return Objects.requireNonNull(tools, "servers are opened before their tools are looked at");
  }

  private Tree answers(Path path) {
    JsonNode own = tested.answers();
    return own == null
        ? ports.documents().tree(path, "answers.schema.json")
        : new Tree(own, file.source(), List.of());
  }

  @Override
  public Opened open(List<Written> workflows) {
    Map<String, JsonNode> entries = new LinkedHashMap<>();
    Set<String> named = new LinkedHashSet<>();
    for (Written written : workflows) {
      Workflow workflow = written.workflow();
      workflow.servers().forEach(entries::putIfAbsent);
      named.addAll(workflow.bindings().values());
      for (Agent agent : workflow.agents().values()) {
        agent.servers().forEach(alias -> entries.putIfAbsent(alias, JSON.objectNode()));
        named.addAll(agent.tools());
      }
      workflow.allSteps().forEach(step -> addTools(step, named));
    }
    tools = new MockTools(tested, entries, named, this::effect, time);
    return new Opened(tools, JSON.objectNode(), Map.of(), List.of());
  }

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private static void addTools(Step step, Set<String> named) {
    if (step.verb() instanceof Verb.Tool tool) {
      named.add(tool.server() + "/" + tool.tool());
    }
    if (step.verb() instanceof Verb.Plan plan && plan.tools() != null) {
      named.addAll(plan.tools());
    }
    if (step.verify() != null) {
      named.add(step.verify().server() + "/" + step.verify().tool());
    }
  }

  private @Nullable Effect effect(String capability) {
    return ports.skills().capability(capability).map(Capability::effect).orElse(null);
  }

  @Override
  public Reading workflow(Path path) {
    return answered(ports.documents().workflow(path));
  }

  @Override
  public Reading workflow(String name, String text) {
    return answered(ports.documents().workflow(name, text));
  }

  private Reading answered(Reading reading) {
    String path =
        tested.answers() != null
            ? file.path().toAbsolutePath().toString()
            : tested.answersFile() == null
                ? null
                : file.path().toAbsolutePath().resolveSibling(tested.answersFile()).toString();
    Workflow workflow = reading.workflow();
    return workflow == null || path == null
        ? reading
        : new Reading(workflow.simulatedBy(path), reading.source(), reading.problems());
  }

  @Override
  public Workflow restore(JsonNode document) {
    return ports.documents().restore(document);
  }

  @Override
  public Tree tree(Path path, String schema) {
    return ports.documents().tree(path, schema);
  }

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
    time.after(java.time.Duration.ZERO, () -> durable.accept(null));
  }

  @Override
  public List<Message> takeMessages() {
    return List.of();
  }

  @Override
  public void close() {}

  @Override
  public void recorded(Recorded recorded) {}

  @Override
  public void progress(StepPath step, Progress progress) {}

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
