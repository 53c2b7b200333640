package dev.workflow.models;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Models;
import dev.workflow.models.Script.Failure;
import dev.workflow.models.Script.Rule;
import dev.workflow.models.Script.Scripted;
import dev.workflow.models.Script.ScriptedCall;
import dev.workflow.models.ScriptedScope.UnfollowableException;
import dev.workflow.run.StepError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/**
 * Answers every model from a visible file: no AI is asked. Its replies may call real tools and
 * compute from their real results, so a run without keys still does real work.
 */
public final class ScriptedModels implements Models {
  private static final int PIECE = 40;
  private final Script script;
  private final String identity;
  private final Map<String, Integer> failures = new ConcurrentHashMap<>();
  private final Scheduler scheduler;

  /**
   * Follows a script.
   *
   * @param answers the file, which fits {@code answers.schema.json}
   * @throws ScriptMistakes when it holds mistakes that its schema cannot see
   */
  public ScriptedModels(JsonNode answers, Expressions expressions) {
    this(answers, expressions, Schedulers.boundedElastic());
  }

  /**
   * Follows a script.
   *
   * @param scheduler whose time passes while a model thinks
   */
  public ScriptedModels(JsonNode answers, Expressions expressions, Scheduler scheduler) {
    this.scheduler = scheduler;
    this.script = ScriptReader.read(answers, expressions);
    this.identity = Canonical.hash(answers);
  }

  @Override
  public Optional<String> unusable(ModelRef model) {
    return Optional.empty();
  }

  @Override
  public String identity(ModelRef model) {
    return identity;
  }

  /** The most that any reply of the script pretends to take. */
  @Override
  public Bound bound(Request request) {
    long input = 0;
    long output = 0;
    for (Rule rule : script.rules()) {
      for (Scripted turn : rule.turns()) {
        input = Math.max(input, turn.usage().inputTokens());
        output = Math.max(output, turn.usage().outputTokens());
      }
    }
    return new Bound(input, output);
  }

  @Override
  public Mono<Reply> ask(Request request, Consumer<String> progress) {
    return Mono.defer(() -> answer(request, progress))
        .onErrorMap(UnfollowableException.class, e -> error(ErrorKind.MODEL_ERROR, e.getMessage()))
        .subscribeOn(scheduler);
  }

  private Mono<Reply> answer(Request request, Consumer<String> progress) {
    ScriptedScope scope = ScriptedScope.of(request);
    Scripted scripted = select(request, scope);
    Mono<Reply> reply =
        Mono.fromCallable(
            () -> {
              fail(scripted, request);
              return reply(scripted, request, scope, progress);
            });
    return scripted.delay().isZero() ? reply : Mono.delay(scripted.delay(), scheduler).then(reply);
  }

  private Scripted select(Request request, ScriptedScope scope) {
    for (Rule rule : script.rules()) {
      if (concerns(rule, request) && scope.holds(rule.when(), rule.place() + "/when")) {
        return turn(rule, request);
      }
    }
    throw new UnfollowableException(
        "/answers", "no rule matches " + asked(request) + ". " + rules());
  }

  private static boolean concerns(Rule rule, Request request) {
    return (rule.agent() == null ? !isServer(request) : rule.agent().equals(request.agent()))
        && (matches(rule.step(), request.step().id())
            || matches(rule.step(), request.step().name())
            || matches(rule.step(), request.step().toString()))
        && matches(rule.model(), request.model().name())
        && (rule.turn() == null || rule.turn() == request.turn());
  }

  /** What a server wants is answered only by rules that name its tool: no agent is called so. */
  private static boolean isServer(Request request) {
    return request.agent().indexOf('/') > 0;
  }

  private static boolean matches(@Nullable String wanted, String found) {
    return wanted == null || wanted.equals(found);
  }

  /** The last turn also answers when the model is asked again because its answer did not fit. */
  private static Scripted turn(Rule rule, Request request) {
    List<Scripted> turns = rule.turns();
    if (!rule.sequence()) {
      return turns.get(0);
    }
    if (request.turn() <= turns.size()) {
      return turns.get(request.turn() - 1);
    }
    Scripted last = turns.get(turns.size() - 1);
    if (last.calls().isEmpty()) {
      return last;
    }
    throw new UnfollowableException(
        rule.place(),
        "the rule has "
            + count(turns.size(), "turn")
            + ", the last of which calls tools; there is no answer for "
            + asked(request));
  }

  private void fail(Scripted scripted, Request request) {
    Failure failure = scripted.failure();
    if (failure == null) {
      return;
    }
    String key = request.step() + " " + scripted.place();
    int failed = failures.merge(key, 1, Integer::sum);
    if (failure.times() == 0 || failed <= failure.times()) {
      throw error(failure.kind(), failure.message());
    }
  }

  private static Reply reply(
      Scripted scripted, Request request, ScriptedScope scope, Consumer<String> progress) {
    Expression spoken = scripted.text();
    String text = spoken == null ? "" : words(scope.value(spoken, scripted.place() + "/text"));
    JsonNode structured = null;
    Expression answer = scripted.answer();
    if (answer != null) {
      JsonNode value = scope.value(answer, scripted.place() + "/answer");
      text = words(value);
      structured = value.isString() && request.outputSchema() == null ? null : value;
    }
    for (int at = 0; at < text.length(); at += PIECE) {
      progress.accept(text.substring(at, Math.min(text.length(), at + PIECE)));
    }
    List<Wanted> calls = calls(scripted.calls(), request.turn(), scope);
    return new Reply(text, null, calls, structured, scripted.truncated(), scripted.usage());
  }

  private static List<Wanted> calls(List<ScriptedCall> calls, int turn, ScriptedScope scope) {
    List<Wanted> wanted = new ArrayList<>();
    for (ScriptedCall call : calls) {
      Expression elements = call.elements();
      if (elements == null) {
        add(call, turn, scope, wanted);
      } else {
        for (JsonNode element : scope.value(elements, call.place() + "/each")) {
          add(call, turn, scope.with(call.variable(), element), wanted);
        }
      }
    }
    return wanted;
  }

  private static void add(ScriptedCall call, int turn, ScriptedScope scope, List<Wanted> wanted) {
    if (scope.holds(call.when(), call.place() + "/when")) {
      String id = "call_" + turn + "_" + (wanted.size() + 1);
      wanted.add(new Wanted(id, call.tool(), scope.value(call.with(), call.place() + "/with")));
    }
  }

  private static String words(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString();
  }

  private static String asked(Request request) {
    return (isServer(request) ? "what a server asks in a call of `agent: " : "agent ")
        + request.agent()
        + (isServer(request) ? "`" : "")
        + ", step "
        + request.step()
        + ", turn "
        + request.turn()
        + " (model "
        + request.model().name()
        + ")";
  }

  private String rules() {
    List<String> lines = new ArrayList<>();
    for (Rule rule : script.rules()) {
      List<String> parts = new ArrayList<>();
      say(parts, "agent ", rule.agent());
      say(parts, "step ", rule.step());
      say(parts, "model ", rule.model());
      say(parts, "turn ", rule.turn());
      say(parts, "when ", rule.condition());
      if (rule.sequence()) {
        parts.add(count(rule.turns().size(), "turn"));
      }
      lines.add(rule.place() + " (" + (parts.isEmpty() ? "any" : String.join(", ", parts)) + ")");
    }
    return "The rules are: " + String.join("; ", lines) + ". Add one that names it.";
  }

  private static void say(List<String> parts, String name, @Nullable Object value) {
    if (value != null) {
      parts.add(name + value);
    }
  }

  private static String count(int number, String noun) {
    return number + " " + noun + (number == 1 ? "" : "s");
  }

  private static ModelException error(ErrorKind kind, @Nullable String message) {
    return new ModelException(StepError.of(kind, String.valueOf(message)), false);
  }
}
