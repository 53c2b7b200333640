package dev.workflow.cli;

import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Prices;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is wished about models. */
final class ModelOptions implements Arguments {
  private final Argument<Map<String, String>> models =
      Argument.pairs("--model=ALIAS=PROVIDER/MODEL", "Serves a model alias by this model alone.");
  private final Argument<Boolean> simulate =
      Argument.flag(
          "--simulate", "Uses the workflow's scripted answers even where models are configured.");
  private final Argument<@Nullable Path> answers =
      Argument.optionOrNull(
          "--simulate=FILE",
          Path.class,
          "Follows the scripted answers of a file; no model is asked.");
  private final Argument<Boolean> requireModel =
      Argument.flag("--require-model", "Refuses scripted answers (exit code 4).");
  private final Argument<List<Path>> prices = pricesOption();
  private final boolean named;

  /** Of a workflow that names its scripted answers, or none. */
  ModelOptions() {
    this(false);
  }

  private ModelOptions(boolean named) {
    this.named = named;
  }

  /** Of what can name no scripted answers itself: the command line does. */
  static ModelOptions withAnswers() {
    return new ModelOptions(true);
  }

  /** The scripted answers that the command line names; absent: none. */
  @Nullable Path answers() {
    return named ? answers.value() : null;
  }

  /** Files of prices, which {@link #prices} reads. */
  static Argument<List<Path>> pricesOption() {
    return Argument.options(
        "--prices=FILE",
        Path.class,
        "Prices of models, in the shape of LiteLLM's model_prices_and_context_window.json.");
  }

  @Override
  public List<Argument<?>> each() {
    return List.of(models, named ? answers : simulate, requireModel, prices);
  }

  ModelWishes wishes(WorkflowEngine engine) {
    boolean simulated = simulate.value() || answers() != null;
    if (simulated && requireModel.value()) {
      throw new UsageException("--simulate and --require-model contradict each other.");
    }
    return new ModelWishes(
        simulated,
        requireModel.value(),
        shared(engine),
        chosen(models.value()),
        prices(engine, prices.value()));
  }

  /** Of a run that goes on: scripted answers stay scripted, real models real. */
  static ModelWishes asBefore(WorkflowEngine engine, boolean simulated) {
    return new ModelWishes(
        simulated, !simulated, shared(engine), Map.of(), prices(engine, List.of()));
  }

  private static Map<String, List<ModelRef>> shared(WorkflowEngine engine) {
    try {
      return engine.sharedModels();
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** What models cost, by these files first. */
  static Prices prices(WorkflowEngine engine, List<Path> files) {
    try {
      return engine.prices(files);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  /** The models that a command line names, by alias. */
  static Map<String, ModelRef> chosen(Map<String, String> models) {
    Map<String, ModelRef> chosen = new LinkedHashMap<>();
    models.forEach(
        (alias, name) -> {
          try {
            chosen.put(alias, ModelRef.parse(name));
          } catch (IllegalArgumentException e) {
            throw new UsageException("--model " + alias + ": " + e.getMessage());
          }
        });
    return chosen;
  }
}
