package dev.workflow.engine;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Retry;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Journal.JournalException;
import dev.workflow.engine.Journal.Message;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.expression.CelExpressions;
import dev.workflow.run.Event;
import dev.workflow.run.Plan;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A driver with a log whose disk writes when the test says so, tools that answer when the test says
 * so, and a clock that stands still. No thread but the test's own.
 */
final class DriverWorld implements RunLog, Tools, Clock, RunObserver {
  private static final JsonNode ANY = JsonNodeFactory.instance.objectNode();
  final List<Recorded> appended = new ArrayList<>();
  final List<Event> reported = new ArrayList<>();
  final List<String> called = new ArrayList<>();
  final List<String> traceparents = new ArrayList<>();
  private final List<Runnable> disk = new ArrayList<>();
  private final Map<String, Sinks.One<Answer>> answers = new LinkedHashMap<>();
  private final List<Message> messages = new ArrayList<>();
  private final List<Runnable> timers = new ArrayList<>();
  private final Set<String> hidden;
  private @Nullable JournalException broken;
  private @Nullable Resolved definition;
  private @Nullable Function<Call, Mono<Answer>> servers;
  private boolean buggy;
  private boolean prompt;

  /** What the driver ended with; absent: it has not failed. */
  @Nullable Throwable failed;

  private Instant now = Instant.EPOCH;
  private Cache cache = Cache.NONE;
  private Models models = NO_MODELS;
  private Map<String, List<ModelRef>> aliases = Map.of();
  private Map<String, Price> prices = Map.of();
  private People people = People.NOBODY;
  private String keys = "";
  private Allowance limits = Allowance.NONE;
  private Limits ofRun = Limits.DEFAULT;
  private OnError onError = new OnError.Fail();
  private Retry retry = Retry.NONE;
  private Duration resting = Duration.ZERO;
  private Function<String, String> identities = server -> server;

  DriverWorld(String... secrets) {
    this.hidden = Set.of(secrets);
  }

  /** What the clock will wake up, be it in an hour. */
  int timers() {
    return timers.size();
  }

  /** The disk writes at once, and calls are answered at once. */
  DriverWorld prompt() {
    prompt = true;
    return this;
  }

  /** Calls throw what they should give. */
  DriverWorld withBug() {
    buggy = true;
    return this;
  }

  /** Steps have these keys from now on, such as {@code , cache: 1h}. */
  DriverWorld with(Cache used, String otherKeys) {
    cache = used;
    keys = otherKeys;
    return this;
  }

  DriverWorld with(OnError what) {
    onError = what;
    return this;
  }

  /** Steps are tried again. */
  DriverWorld with(Retry again) {
    retry = again;
    return this;
  }

  /** No server can be reached before that. */
  DriverWorld unreachableFor(Duration time) {
    resting = time;
    return this;
  }

  /** Steps may use up so much. */
  DriverWorld with(Allowance most) {
    limits = most;
    return this;
  }

  /** The run may use up so much. */
  DriverWorld allowing(Limits most) {
    ofRun = most;
    return this;
  }

  /** All that was to be woken up is, whether its time has come or not. */
  void wake() {
    List<Runnable> woken = List.copyOf(timers);
    timers.clear();
    woken.forEach(Runnable::run);
  }

  /** What servers say that they are started with. */
  DriverWorld identifying(Function<String, String> servers) {
    identities = servers;
    return this;
  }

  DriverWorld asking(Models other) {
    models = other;
    return this;
  }

  /** These models are there to be asked, and cost that. */
  DriverWorld asking(Models other, Map<String, List<ModelRef>> names, Map<String, Price> costs) {
    models = other;
    aliases = names;
    prices = costs;
    return this;
  }

  DriverWorld asking(People other) {
    people = other;
    return this;
  }

  /** The clock goes on, or back. */
  DriverWorld pass(Duration time) {
    now = now.plus(time);
    return this;
  }

  /** A driver for steps that each call one tool of the given class and need nothing. */
  RunDriver drive(Effect effect, String... steps) {
    StringBuilder yaml = new StringBuilder("name: world\nsteps:\n");
    List<Plan.Node> nodes = new ArrayList<>();
    for (String step : steps) {
      yaml.append("  ").append(step).append(": {tool: s/").append(step).append(", with: {}");
      yaml.append(keys).append("}\n");
      nodes.add(
          new Plan.Node(
              step,
              Plan.Kind.TOOL,
              List.of(),
              null,
              null,
              null,
              retry,
              null,
              onError,
              0,
              Duration.ofSeconds(1),
              null,
              false,
              null,
              limits));
    }
    Validator validator = new JsonSchemas();
    Workflow workflow =
        Objects.requireNonNull(
            new YamlDocuments(validator).workflow("world.yaml", yaml.toString()).workflow());
    Map<String, ToolSpec> tools = new LinkedHashMap<>();
    for (String step : steps) {
      tools.put("s/" + step, new ToolSpec("s", step, step, "", ANY, null, effect, true, "digest"));
    }
    Resolved resolved =
        new Resolved(
            workflow, Map.of(), Map.of(), tools, Map.of(), Map.of(), Map.of(), aliases, null, ANY,
            prices, Map.of());
    return drive(resolved, new Plan(nodes, Map.of(), Map.of()), false);
  }

  /** A driver for any definition. */
  RunDriver drive(Resolved resolved, Plan plan, boolean simulated) {
    definition = resolved;
    Event.RunStarted start = new Event.RunStarted("r", "world", plan, ANY, ANY, ofRun, simulated);
    return driven(RunDriver.begin(start, this, ports(new JsonSchemas()), resolved));
  }

  /** Another process goes on with what is on the disk of a world. */
  RunDriver resume(DriverWorld other) {
    RunState run = RunState.begin(other.appended.getFirst());
    other.appended.stream().skip(1).forEach(run::apply);
    appended.addAll(other.appended);
    Resolved resolved = Objects.requireNonNull(other.definition);
    return driven(RunDriver.resume(run, ofRun, null, this, ports(new JsonSchemas()), resolved));
  }

  private RunDriver driven(RunDriver driver) {
    driver.drive().subscribe(state -> {}, failure -> failed = failure);
    return driver;
  }

  private RunDriver.Ports ports(Validator validator) {
    return new RunDriver.Ports(
        this,
        models,
        people,
        validator,
        new CelExpressions(),
        NO_PLANS,
        cache,
        this,
        this,
        this::secrets);
  }

  private static final Planner NO_PLANS =
      new Planner() {
        @Override
        public Verdict check(Draft draft) {
          return new Verdict.Unsound(List.of("nobody plans here"));
        }

        @Override
        public Redrafted check(Redraft redraft) {
          return new Redrafted.Unsound(List.of("nobody plans here"));
        }

        @Override
        public Workflow read(JsonNode document) {
          throw new IllegalStateException("nobody plans here");
        }
      };

  private static final Models NO_MODELS =
      new Models() {
        @Override
        public Optional<String> unusable(ModelRef model) {
          return Optional.of("none");
        }

        @Override
        public String identity(ModelRef model) {
          return "none";
        }

        @Override
        public Bound bound(Request request) {
          return new Bound(0, 0);
        }

        @Override
        public Mono<Reply> ask(Request request, Consumer<String> progress) {
          return Mono.error(new IllegalStateException("no model"));
        }
      };

  /** The disk writes everything that was appended so far. */
  void sync() {
    List<Runnable> writes = List.copyOf(disk);
    disk.clear();
    writes.forEach(Runnable::run);
  }

  /** The disk fails from now on. */
  void breakDisk() {
    broken = new JournalException("The disk is full", null);
  }

  void answer(String tool, String text) {
    Objects.requireNonNull(answers.get(tool), tool)
        .tryEmitValue(new Answer(JsonNodeFactory.instance.stringNode(text), false));
  }

  void answer(String tool, JsonNode value, JsonNode content) {
    Objects.requireNonNull(answers.get(tool), tool)
        .tryEmitValue(new Answer(value, value.isObject(), content));
  }

  void fail(String tool, ToolException failure) {
    Objects.requireNonNull(answers.get(tool), tool).tryEmitError(failure);
  }

  /** The kinds of the events that are appended, in order. */
  List<String> kinds() {
    return appended.stream().map(recorded -> recorded.event().getClass().getSimpleName()).toList();
  }

  @Override
  public long epoch() {
    return 1;
  }

  @Override
  public long lastSeq() {
    return appended.size();
  }

  @Override
  public void append(List<Recorded> events, Consumer<@Nullable JournalException> durable) {
    appended.addAll(events);
    if (prompt) {
      durable.accept(broken);
    } else {
      disk.add(() -> durable.accept(broken));
    }
  }

  @Override
  public List<Message> takeMessages() {
    return List.copyOf(messages);
  }

  @Override
  public void close() {}

  @Override
  public Set<String> servers() {
    return Set.of("s");
  }

  @Override
  public Duration resting(String server) {
    return resting;
  }

  @Override
  public Optional<List<ToolSpec>> known(String server) {
    return Optional.empty();
  }

  @Override
  public Mono<List<ToolSpec>> list(String server) {
    return Mono.just(List.of());
  }

  /** What is left on the disk when the process is killed after so many events. */
  DriverWorld cut(int events) {
    DriverWorld kept = new DriverWorld();
    kept.appended.addAll(appended.subList(0, events));
    kept.definition = definition;
    return kept;
  }

  /** Calls are answered by these servers, in the place of the test. */
  DriverWorld serving(Function<Call, Mono<Answer>> other) {
    servers = other;
    return this;
  }

  @Override
  public Mono<Answer> call(Call call) {
    traceparents.add(call.traceparent());
    if (servers != null) {
      called.add(call.tool());
      return servers.apply(call);
    }
    if (buggy) {
      throw new IllegalStateException("a bug in " + call.tool());
    }
    if (prompt) {
      return Mono.just(new Answer(JsonNodeFactory.instance.stringNode("at once"), false));
    }
    return Mono.defer(
        () -> {
          called.add(call.tool());
          Sinks.One<Answer> answer = Sinks.one();
          answers.put(call.tool(), answer);
          return answer.asMono();
        });
  }

  @Override
  public String identity(String server) {
    return identities.apply(server);
  }

  @Override
  public Set<String> secrets() {
    return hidden;
  }

  @Override
  public Instant now() {
    now = now.plusMillis(1);
    return now;
  }

  @Override
  public double chance() {
    return 0.5;
  }

  @Override
  public Runnable after(Duration delay, Runnable task) {
    timers.add(task);
    return () -> timers.remove(task);
  }

  @Override
  public void recorded(Recorded recorded) {
    reported.add(recorded.event());
  }

  @Override
  public void progress(StepPath step, Progress progress) {}
}
