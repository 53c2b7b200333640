package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Money;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.People;
import dev.workflow.engine.Prices;
import dev.workflow.engine.RunObserver;
import dev.workflow.models.FakeAnswer;
import dev.workflow.models.FakeProvider;
import dev.workflow.run.RunState;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/** What a fork costs whose model is another one. */
class ForkPriceTest {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String PAID =
      """
      name: paid
      models: {writer: [openai/cheap-model]}
      agents: {writer: {model: writer}}
      limits: {cost: 1 USD}
      steps:
        letter: {agent: writer, prompt: write}
      outputs: {letter: "${letter}"}
      """;
  private static final String CHEAP = "\"cheap-model\": " + perToken("1e-06");
  private static final String DEAR = "\"dear-model\": " + perToken("3e-06");

  @TempDir private Path folder;
  private final FakeProvider provider =
      FakeProvider.start(request -> new FakeAnswer.Text("Dear friend"));

  @AfterEach
  void stop() {
    provider.close();
  }

  private static String perToken(String price) {
    return "{\"input_cost_per_token\": %1$s, \"output_cost_per_token\": %1$s}".formatted(price);
  }

  @Test
  void whatAForkCostsIsByThePricesOfItsOwnModels() throws IOException {
    try (WorkflowEngine engine = engine()) {
      RunState cheap = run(engine);
      Fork fork = fork(engine, prices(engine, CHEAP + ", " + DEAR));
      assertThat(fork.problems()).isEmpty();

      engine.record(fork);
      RunState dear =
          drive(engine.resume("two", null, false, null, People.NOBODY, RunObserver.NONE));

      assertThat(dear.status()).isEqualTo(RunStatus.SUCCEEDED);
      assertThat(dear.cost())
          .isEqualTo(new Money(3 * Objects.requireNonNull(cheap.cost()).picos()));
    }
  }

  @Test
  void withALimitOnItsCostAForkNeedsThePriceOfItsModel() throws IOException {
    try (WorkflowEngine engine = engine()) {
      run(engine);

      assertThat(fork(engine, prices(engine, CHEAP)).problems())
          .extracting(Problem::rule, Problem::message)
          .containsExactly(
              tuple(
                  Rule.UNKNOWN_PRICE,
                  "The price of openai/dear-model is not known, so the cost cannot be limited."));
    }
  }

  private WorkflowEngine engine() {
    Map<String, String> environment =
        Map.of("OPENAI_API_KEY", "k", "OPENAI_BASE_URL", provider.url() + "/v1");
    return new WorkflowEngine(new Home(folder.resolve("home"), null, environment, List.of()));
  }

  private Prices prices(WorkflowEngine engine, String entries) throws IOException {
    return engine.prices(
        List.of(Files.writeString(folder.resolve("prices.json"), "{" + entries + "}")));
  }

  /** The run {@code one}, with the cheap model. */
  private RunState run(WorkflowEngine engine) throws IOException {
    Path file = Files.writeString(folder.resolve("paid.yaml"), PAID);
    ModelWishes wishes = new ModelWishes(false, true, Map.of(), Map.of(), prices(engine, CHEAP));
    Checked checked = engine.check(new CheckRequest(file, null, true, wishes, Map.of()), Set.of());
    assertThat(checked.isOk()).as("%s", checked.problems()).isTrue();
    Checked.Definition definition = Objects.requireNonNull(checked.definition());
    Limits limits = definition.resolved().workflow().limits();
    return drive(
        engine.begin(
            new WorkflowEngine.Start(
                "one", definition, JsonNodeFactory.instance.objectNode(), limits, Set.of(), null),
            checked,
            People.NOBODY,
            RunObserver.NONE));
  }

  private static Fork fork(WorkflowEngine engine, Prices prices) {
    return engine.fork(
        new Fork.Wish(
            "two",
            "one",
            StepPath.of("letter"),
            null,
            Map.of(),
            Map.of("writer", ModelRef.parse("openai/dear-model")),
            prices),
        Set.of());
  }

  private static RunState drive(Run run) {
    try (run) {
      return Objects.requireNonNull(run.drive().block(PATIENCE));
    }
  }
}
