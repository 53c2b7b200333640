package dev.workflow.engine;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.ModelRef;
import dev.workflow.run.StepError;
import java.util.Optional;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/**
 * Models where none is asked.
 *
 * @param unusable why they cannot be; empty: for all that is known, they could
 * @param identity of each
 * @param why what who asks all the same is told
 */
public record Unasked(Optional<String> unusable, String identity, String why) implements Models {

  @Override
  public Optional<String> unusable(ModelRef model) {
    return unusable;
  }

  @Override
  public Bound bound(Request request) {
    return new Bound(0, 0);
  }

  @Override
  public String identity(ModelRef model) {
    return identity;
  }

  @Override
  public Mono<Reply> ask(Request request, Consumer<String> progress) {
    return Mono.error(new ModelException(StepError.of(ErrorKind.MODEL_ERROR, why), false));
  }

  /** Those of a check, for which it does not matter whether they could be asked. */
  public static Unasked byCheck() {
    return new Unasked(Optional.empty(), "", "A check asks no model");
  }
}
