package dev.workflow.assembly;

import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models;
import dev.workflow.engine.Price;
import dev.workflow.run.StepError;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Models for a check that does not care about them: all can be used, and none is asked. */
final class AnyModels implements Models {
  private static final ModelRef ANY = ModelRef.parse("ollama/any");

  /** Wishes with which no alias is missing that a user may define. */
  static ModelWishes wishes(ModelWishes given) {
    Map<String, List<ModelRef>> shared = new LinkedHashMap<>(given.shared());
    shared.putIfAbsent("default", List.of(ANY));
    return new ModelWishes(false, false, shared, given.chosen(), model -> Optional.of(Price.FREE));
  }

  @Override
  public Optional<String> unusable(ModelRef model) {
    return Optional.empty();
  }

  @Override
  public Bound bound(Request request) {
    return new Bound(0, 0);
  }

  @Override
  public Mono<Reply> ask(Request request, Consumer<String> progress) {
    return Mono.error(
        new ModelException(StepError.of(ErrorKind.MODEL_ERROR, "A check asks no model"), false));
  }

  @Override
  public String identity(ModelRef model) {
    return "";
  }
}
