package dev.workflow.cassette;

import dev.workflow.cassette.Cassette.Kind;
import dev.workflow.cassette.Replay.Mismatch;
import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.run.StepError;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import reactor.core.publisher.Mono;

/** Tools that give what they gave; no server is started. */
final class ReplayedTools implements Tools {
  private final Replay replay;
  private final Map<String, List<ToolSpec>> servers = new LinkedHashMap<>();

  ReplayedTools(Replay replay, Map<String, ToolSpec> tools) {
    this.replay = replay;
    for (ToolSpec tool : tools.values()) {
      servers.computeIfAbsent(tool.server(), server -> new ArrayList<>()).add(tool);
    }
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
    return Mono.create(
        sink -> {
          Cassette.Call recorded =
              replay.play(
                  call.call(),
                  Kind.TOOL,
                  Requests.tool(call.server(), call.tool(), call.digest(), call.arguments()));
          if (recorded == null) {
            sink.error(new ToolException(error(replay.lastMismatch()), false));
          } else {
            Runnable off =
                replay.at(recorded.after(), () -> RecordedAnswers.give(recorded.answer(), sink));
            sink.onDispose(off::run);
          }
        });
  }

  /** No retry follows it, no model is told of it. */
  static StepError error(Mismatch mismatch) {
    return new StepError(ErrorKind.FORBIDDEN, mismatch.message(), mismatch.details());
  }

  @Override
  public String identity(String server) {
    return "cassette";
  }

  @Override
  public Set<String> secrets() {
    return Set.of();
  }

  @Override
  public void close() {}
}
