package dev.workflow.cassette;

import dev.workflow.cassette.Cassette.Kind;
import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import reactor.core.publisher.Mono;

/** Models that say what they said; no provider is asked. */
final class ReplayedModels implements Models {
  private final Replay replay;
  private final Set<String> names = new LinkedHashSet<>();
  private final Models bounds;

  ReplayedModels(Replay replay, Map<String, List<ModelRef>> models, Models bounds) {
    this.replay = replay;
    this.bounds = bounds;
    models.values().forEach(served -> served.forEach(model -> names.add(model.name())));
  }

  @Override
  public Optional<String> unusable(ModelRef model) {
    return names.contains(model.name())
        ? Optional.empty()
        : Optional.of("the cassette was recorded without it");
  }

  @Override
  public Bound bound(Request request) {
    return bounds.bound(request);
  }

  @Override
  public String identity(ModelRef model) {
    return "cassette";
  }

  @Override
  public Mono<Reply> ask(Request request, Consumer<String> progress) {
    return Mono.create(
        sink -> {
          Cassette.Call recorded = replay.play(request.call(), Kind.MODEL, Requests.model(request));
          if (recorded == null) {
            sink.error(new ModelException(ReplayedTools.error(replay.lastMismatch()), false));
          } else {
            Runnable off =
                replay.at(recorded.after(), () -> RecordedAnswers.say(recorded.answer(), sink));
            sink.onDispose(off::run);
          }
        });
  }
}
