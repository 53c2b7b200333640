package dev.workflow.cases;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.Outcome;
import dev.workflow.engine.Expressions.Values;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.run.StepError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tools of one case. A tool that is named somewhere and not mocked is there, takes anything,
 * and may not be called: such a call is a stray, which fails the case whatever the run makes of it.
 */
public final class MockTools implements Tools {
  /** The server of what is mocked by capability. */
  public static final String SERVER = "mock";

  static final String NUMBER = "number";
  static final String INPUTS = "inputs";
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final JsonNode ANY = JSON.objectNode().put("type", "object");

  /** As of a server that says nothing of it. */
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Map<String, Mock> mocks = new LinkedHashMap<>();
  private final Map<String, List<ToolSpec>> servers = new LinkedHashMap<>();
  private final Map<String, Duration> timeouts = new LinkedHashMap<>();
  private final JsonNode inputs;
  private final VirtualTime time;

  /** What answers calls of tools that are not mocked; absent: nothing does. */
  private final @Nullable Tools behind;

  /** By identity: two rules may be written alike. */
  private final IdentityHashMap<Mock.Rule, Integer> used = new IdentityHashMap<>();

  private final Map<String, Integer> calls = new LinkedHashMap<>();
  private final List<String> strays = new ArrayList<>();

  /**
   * The tools of a case.
   *
   * @param entries the servers that the workflow knows, as they are written
   * @param named every {@code server/tool} that it names
   * @param effects the effect class of a capability; absent: not known
   * @param behind what answers calls of tools that are not mocked; absent: nothing does
   */
  public MockTools(
      Case tested,
      Map<String, JsonNode> entries,
      Set<String> named,
      Function<String, @Nullable Effect> effects,
      VirtualTime time,
      @Nullable Tools behind) {
    this.inputs = tested.inputs();
    this.time = time;
    this.behind = behind;
    Map<String, ToolSpec> recorded = recorded(behind);
    entries.forEach(
        (alias, entry) -> {
          servers.put(alias, new ArrayList<>());
          timeouts.put(alias, timeout(entry.path("timeout")));
        });
    for (Mock mock : tested.mocks().values()) {
      String full = mock.isCapability() ? SERVER + "/" + mock.name() : mock.name();
      mocks.put(full, mock);
      Effect known = mock.isCapability() ? effects.apply(mock.name()) : entered(full, entries);
      if (!recorded.containsKey(full)) {
        add(spec(full, mock, mock.effect() == null ? known : mock.effect()));
      }
    }
    recorded.values().forEach(this::add);
    for (String full : named) {
      if (!mocks.containsKey(full) && !recorded.containsKey(full) && full.indexOf('/') > 0) {
        add(spec(full, null, entered(full, entries)));
      }
    }
  }

  private static Map<String, ToolSpec> recorded(@Nullable Tools behind) {
    Map<String, ToolSpec> recorded = new LinkedHashMap<>();
    if (behind != null) {
      for (String server : behind.servers()) {
        behind
            .known(server)
            .ifPresent(tools -> tools.forEach(tool -> recorded.put(tool.fullName(), tool)));
      }
    }
    return recorded;
  }

  private void add(ToolSpec tool) {
    servers.computeIfAbsent(tool.server(), alias -> new ArrayList<>()).add(tool);
  }

  /** Milliseconds, or a duration. */
  private static Duration timeout(JsonNode written) {
    return written.isIntegralNumber()
        ? Duration.ofMillis(written.asLong())
        : Durations.parse(written.asString("")).orElse(TIMEOUT);
  }

  /** What the entry of the server says of the tool's effect. */
  private static @Nullable Effect entered(String full, Map<String, JsonNode> entries) {
    JsonNode entry = entries.get(server(full));
    String effect = entry == null ? "" : entry.path("effects").path(tool(full)).asString("");
    return effect.isEmpty() ? null : Effect.of(effect);
  }

  private static ToolSpec spec(String full, @Nullable Mock mock, @Nullable Effect effect) {
    JsonNode input = mock == null || mock.input() == null ? ANY : mock.input();
    JsonNode output = mock == null ? null : mock.output();
    ObjectNode definition = JSON.objectNode().put("name", tool(full));
    definition.set("inputSchema", input);
    if (output != null) {
      definition.set("outputSchema", output);
    }
    return new ToolSpec(
        server(full),
        tool(full),
        tool(full),
        "Stands in for " + full + ".",
        input,
        output,
        effect == null ? Effect.DESTRUCTIVE : effect,
        false,
        Canonical.hash(definition));
  }

  private static String server(String full) {
    return full.substring(0, full.indexOf('/'));
  }

  private static String tool(String full) {
    return full.substring(full.indexOf('/') + 1);
  }

  /** What stands in for the tool of a capability; absent: nothing does. */
  @Nullable ToolSpec ofCapability(String capability) {
    return servers.getOrDefault(SERVER, List.of()).stream()
        .filter(tool -> tool.name().equals(capability))
        .filter(tool -> mocks.containsKey(tool.fullName()))
        .findFirst()
        .orElse(null);
  }

  /** The calls that nothing stood in for, each as a sentence. */
  public List<String> strays() {
    return List.copyOf(strays);
  }

  @Override
  public Set<String> servers() {
    return servers.keySet();
  }

  @Override
  public Optional<List<ToolSpec>> known(String server) {
    return Optional.ofNullable(servers.get(server)).map(List::copyOf);
  }

  @Override
  public Mono<List<ToolSpec>> list(String server) {
    return Mono.justOrEmpty(known(server));
  }

  @Override
  public Mono<Answer> call(Call call) {
    if (behind != null && !mocks.containsKey(call.server() + "/" + call.tool())) {
      return behind.call(call);
    }
    return Mono.create(
        sink -> {
          String full = call.server() + "/" + call.tool();
          Mock mock = mocks.get(full);
          int number = calls.merge(full, 1, Integer::sum);
          Mock.Rule rule = mock == null ? null : rule(mock, call.arguments(), number);
          if (rule == null) {
            stray(full, mock, call.arguments(), sink);
          } else {
            answer(rule, call, number, sink);
          }
        });
  }

  private Mock.@Nullable Rule rule(Mock mock, JsonNode arguments, int number) {
    for (Mock.Rule rule : mock.rules()) {
      int so = used.getOrDefault(rule, 0);
      if ((rule.times() == 0 || so < rule.times()) && holds(rule.when(), arguments, number)) {
        used.put(rule, so + 1);
        return rule;
      }
    }
    return null;
  }

  private boolean holds(@Nullable Expression when, JsonNode arguments, int number) {
    return when == null
        || (when.evaluate(values(arguments, number)) instanceof Outcome.Value value
            && value.value().asBoolean(false));
  }

  private void stray(String full, @Nullable Mock mock, JsonNode arguments, MonoSink<Answer> sink) {
    String what = full.startsWith(SERVER + "/") ? tool(full) : full;
    String why =
        mock == null
            ? "nothing stands in for " + what + ". " + mocked()
            : "no answer of the mock of " + what + " is for this call, or all are used up";
    strays.add("A call of " + what + " with " + Canonical.json(arguments) + ": " + why);
    sink.error(failure(StepError.of(ErrorKind.TOOL_ERROR, why), false));
  }

  private String mocked() {
    return mocks.isEmpty()
        ? "No tool is mocked."
        : mocks.values().stream()
            .map(Mock::name)
            .collect(Collectors.joining(", ", "Mocked: ", "."));
  }

  private void answer(Mock.Rule rule, Call call, int number, MonoSink<Answer> sink) {
    Duration own = timeouts.getOrDefault(call.server(), TIMEOUT);
    Duration bound = call.timeout() == null ? own : call.timeout();
    boolean late = rule.answer() instanceof Mock.Reply.Hangs || rule.delay().compareTo(bound) > 0;
    Runnable cancel =
        time.after(
            late ? bound : rule.delay(),
            () -> {
              if (late) {
                sink.error(failure(StepError.of(ErrorKind.TIMEOUT, silent(call, bound)), true));
              } else {
                answerNow(rule, call.arguments(), number, sink);
              }
            });
    sink.onCancel(cancel::run);
  }

  private static String silent(Call call, Duration bound) {
    return call.server() + "/" + call.tool() + " gave no answer within " + bound.toSeconds() + " s";
  }

  private void answerNow(Mock.Rule rule, JsonNode arguments, int number, MonoSink<Answer> sink) {
    switch (rule.answer()) {
      case Mock.Reply.Fails fails -> sink.error(failure(fails.error(), fails.executed()));
      case Mock.Reply.Hangs hangs -> {}
      case Mock.Reply.Returns returns -> {
        switch (returns.value().evaluate(values(arguments, number))) {
          case Outcome.Value value ->
              sink.success(new Answer(value.value(), !value.value().isString()));
          case Outcome.Failed failed -> broken(failed.message(), arguments, sink);
          case Outcome.Missing missing -> broken("a name has no value", arguments, sink);
        }
      }
    }
  }

  private void broken(String why, JsonNode arguments, MonoSink<Answer> sink) {
    strays.add(
        "What a mock returns cannot be computed from " + Canonical.json(arguments) + ": " + why);
    sink.error(failure(StepError.of(ErrorKind.TOOL_ERROR, why), false));
  }

  private static ToolException failure(StepError error, boolean executed) {
    return new ToolException(error, executed);
  }

  private Values values(JsonNode arguments, int number) {
    return new Values() {
      @Override
      public JsonNode inputs() {
        return JSON.objectNode();
      }

      @Override
      public @Nullable JsonNode output(String step) {
        return null;
      }

      @Override
      public JsonNode ending(String step) {
        return JSON.objectNode();
      }

      @Override
      public @Nullable JsonNode local(String name) {
        return switch (name) {
          case "args" -> arguments;
          case NUMBER -> JSON.numberNode(number);
          case INPUTS -> inputs;
          default -> null;
        };
      }
    };
  }

  @Override
  public String identity(String server) {
    return SERVER;
  }

  @Override
  public Set<String> secrets() {
    return Set.of();
  }

  @Override
  public void close() {}
}
