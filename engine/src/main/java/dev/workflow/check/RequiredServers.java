package dev.workflow.check;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.engine.Tools;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Holds a run that goes on to what its start was held to: its required servers start. */
public final class RequiredServers {
  private RequiredServers() {}

  /**
   * Starts them, all at a time, and waits for each as long as its own time-out says.
   *
   * @param required each with the place of its entry; asked again afterwards, as an entry counts as
   *     its file has it at the moment of the start
   * @return why they cannot be used, in reading order; empty: they all can
   */
  public static List<Problem> start(Tools tools, Supplier<Map<String, Place>> required) {
    Map<String, Offer> offers = Offer.ask(tools, required.get().keySet());
    List<Problem> problems = new ArrayList<>();
    required
        .get()
        .forEach(
            (server, place) -> {
              if (offers.get(server) instanceof Offer.Failed failed) {
                problems.add(Catalogue.failure(server, Catalogue.REQUIRED, failed.error(), place));
              }
            });
    return problems.stream().sorted(Problem.ORDER).toList();
  }
}
