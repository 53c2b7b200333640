package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.definition.Limits;
import dev.workflow.definition.Money;
import dev.workflow.engine.People;
import dev.workflow.engine.RunObserver;
import dev.workflow.models.FakeAnswer;
import dev.workflow.models.FakeProvider;
import dev.workflow.run.Event;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Limits on what models take, kept against a provider that speaks the real protocol. */
@Execution(ExecutionMode.CONCURRENT)
class BudgetTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** By the prices below: 60 tokens of input, 40 from the cache and 20 of output. */
  private static final Money CALL = Money.parse("0.000264 USD");

  private static final String PRICES =
      """
      {
        "sample_spec": {"input_cost_per_token": 0, "mode": "chat"},
        "fake-model": {
          "input_cost_per_token": 2e-06,
          "output_cost_per_token": 7e-06,
          "cache_read_input_token_cost": 1e-07,
          "max_tokens": 8192
        }
      }
      """;

  private static final String PAID =
      """
      agents: {writer: {model: openai/fake-model}}
      limits: {concurrency: 64}
      steps:
        places: {set: "${[PLACES]}"}
        letters:
          each: place in places
          agent: writer
          prompt: write to {place}
      outputs: {places: "${places}", letters: "${letters}"}
      """;

  @TempDir private Path folder;
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicReference<@Nullable Runnable> crash = new AtomicReference<>();
  private final FakeProvider provider = FakeProvider.start(request -> answer());

  /** The fifth request is not answered where a crash is wanted. */
  private FakeAnswer answer() {
    Runnable wanted = crash.get();
    if (asked.incrementAndGet() == 5 && wanted != null) {
      wanted.run();
      return new FakeAnswer.Silent("Dear");
    }
    return new FakeAnswer.Text("Dear friend");
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  @Test
  void underABudgetForTenCallsTenOf64ParallelStepsRunAlsoAfterTwoResumes() throws IOException {
    try (WorkflowEngine engine = engine()) {
      Money most = mostOfOneCall(engine);
      long nineAndOne = 9 * CALL.picos() + most.picos();

      RunState run = begin(engine, 64, "cost", new Money(nineAndOne).text());

      for (int resumes = 0; resumes < 3; resumes++) {
        assertThat(run.status()).isEqualTo(RunStatus.STOPPED);
        assertThat(run.limitReached()).isEqualTo("cost");
        assertThat(run.modelCalls()).isEqualTo(10);
        assertThat(provider.requests()).hasSize(1 + 10);
        assertThat(run.cost()).isEqualTo(new Money(10 * CALL.picos()));
        assertThat(run.outputs()).containsOnlyKeys("places");
        assertThat(succeeded(run)).isEqualTo(10);
        run = drive(engine.resume("r64", null, false, null, People.NOBODY, RunObserver.NONE));
      }
    }
  }

  @Test
  void onePicodollarLessAllowsOneCallLess() throws IOException {
    try (WorkflowEngine engine = engine()) {
      long nineAndOne = 9 * CALL.picos() + mostOfOneCall(engine).picos();
      RunState run = begin(engine, 64, "cost", new Money(nineAndOne - 1).text());
      assertThat(run.modelCalls()).isEqualTo(9);
      RunState higher =
          drive(
              engine.resume(
                  "r64",
                  run.limits().with("cost", new Money(2 * nineAndOne).text()),
                  false,
                  null,
                  People.NOBODY,
                  RunObserver.NONE));
      assertThat(higher.modelCalls()).isGreaterThan(10);
      assertThat(Objects.requireNonNull(higher.cost()).picos()).isLessThanOrEqualTo(2 * nineAndOne);
    }
  }

  @Test
  void aCallCutOffByACrashStaysChargedAtTheMostItCanCost() throws IOException {
    try (WorkflowEngine engine = engine()) {
      Money most = mostOfOneCall(engine);
      Money limit = new Money(9 * CALL.picos() + 2 * most.picos());
      Run run = prepare(engine, 64, "cost", limit.text(), "1");
      crash.set(run::interrupt);
      assertThat(drive(run).modelCalls()).isEqualTo(4);

      RunState stopped =
          drive(engine.resume("r64", null, false, null, People.NOBODY, RunObserver.NONE));

      assertThat(stopped.limitReached()).isEqualTo("cost");
      assertThat(succeeded(stopped)).isEqualTo(10);
      assertThat(stopped.modelCalls()).isEqualTo(11);
      assertThat(stopped.cost()).isEqualTo(new Money(10 * CALL.picos() + most.picos()));
      assertThat(provider.requests()).hasSize(1 + 11);
    }
  }

  @Test
  void countsAndTokensAreKeptAsWell() throws IOException {
    try (WorkflowEngine engine = engine()) {
      RunState counted = begin(engine, 20, "model_calls", "10");
      assertThat(counted.limitReached()).isEqualTo("model_calls");
      assertThat(counted.modelCalls()).isEqualTo(10);
      RunState tokens = begin(engine, 30, "tokens", "12k");
      assertThat(tokens.limitReached()).isEqualTo("tokens");
      assertThat(tokens.usage().inputTokens() + tokens.usage().outputTokens())
          .isLessThanOrEqualTo(12_000)
          .isEqualTo(120L * tokens.modelCalls());
      assertThat(tokens.modelCalls()).isBetween(1, 29);
    }
  }

  private WorkflowEngine engine() {
    Map<String, String> environment =
        Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", provider.url() + "/v1");
    return new WorkflowEngine(new Home(folder.resolve("home"), null, environment, List.of()));
  }

  /** What the kernel promises to a call before it is made. */
  private Money mostOfOneCall(WorkflowEngine engine) throws IOException {
    begin(engine, 1, "cost", "1 USD");
    List<Money> bounds = new ArrayList<>();
    engine
        .journal()
        .read(
            "r1",
            1,
            recorded -> {
              if (recorded.event() instanceof Event.TurnBounded bound) {
                bounds.add(Objects.requireNonNull(bound.cost()));
              }
            });
    assertThat(bounds).hasSize(1).allMatch(bound -> bound.picos() > CALL.picos());
    return bounds.get(0);
  }

  private RunState begin(WorkflowEngine engine, int steps, String limit, String value)
      throws IOException {
    return drive(prepare(engine, steps, limit, value, "64"));
  }

  private Run prepare(
      WorkflowEngine engine, int steps, String limit, String value, String concurrency)
      throws IOException {
    Path file =
        Files.writeString(folder.resolve("paid.yaml"), PAID.replace("PLACES", places(steps)));
    Path prices = Files.writeString(folder.resolve("prices.json"), PRICES);
    ModelWishes wishes =
        new ModelWishes(false, true, Map.of(), Map.of(), engine.prices(List.of(prices)));
    Checked checked = engine.check(new CheckRequest(file, null, true, wishes, Map.of()), Set.of());
    assertThat(checked.isOk()).as("%s", checked.problems()).isTrue();
    Checked.Definition definition = Objects.requireNonNull(checked.definition());
    Limits limits =
        definition
            .resolved()
            .workflow()
            .limits()
            .with(limit, value)
            .with("concurrency", concurrency);
    return engine.begin(
        new WorkflowEngine.Start(
            "r" + steps, definition, JsonNodeFactory.instance.objectNode(), limits, Set.of(), null),
        checked,
        People.NOBODY,
        RunObserver.NONE);
  }

  private static RunState drive(Run run) {
    try (run) {
      return Objects.requireNonNull(run.drive().block(PATIENCE));
    }
  }

  /** Names of one length, so that all requests are equally long. */
  private static String places(int steps) {
    List<String> places = new ArrayList<>();
    for (int i = 0; i < steps; i++) {
      places.add("'place %02d'".formatted(i));
    }
    return String.join(", ", places);
  }

  private static long succeeded(RunState run) {
    return run.all().stream()
        .filter(step -> step.path().last().key() != null)
        .filter(step -> step.status() == StepStatus.SUCCEEDED)
        .count();
  }
}
