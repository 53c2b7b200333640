package dev.workflow.check;

import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.run.StepError;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** What is known of a server. */
sealed interface Offer {

  /** Its tools. */
  record Known(List<ToolSpec> tools) implements Offer {
    public Known {
      tools = List.copyOf(tools);
    }
  }

  /** It was never started, and must not be started now. */
  record Unasked() implements Offer {}

  /** It did not start. */
  record Failed(StepError error) implements Offer {}

  /** Starts all servers at a time, and waits for each as long as its own time-out says. */
  static Map<String, Offer> ask(Tools tools, Collection<String> servers) {
    Map<String, Offer> offers = new LinkedHashMap<>();
    Flux.fromIterable(servers)
        .flatMapSequential(server -> ask(tools, server), Math.max(1, servers.size()))
        .toIterable()
        .forEach(answer -> offers.put(answer.getKey(), answer.getValue()));
    return offers;
  }

  private static Mono<Map.Entry<String, Offer>> ask(Tools tools, String server) {
    Mono<Offer> offer = tools.list(server).map(Known::new);
    return offer
        .onErrorResume(ToolException.class, e -> Mono.just(new Failed(e.error())))
        .map(each -> Map.entry(server, each));
  }
}
