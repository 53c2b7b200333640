package dev.workflow.check;

import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.ServerMethods;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.run.StepError;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The tools of the servers that a workflow uses, as far as they can be known. */
final class Catalogue {

  /** Why a server must start that nothing uses. */
  static final String REQUIRED = ", which is `required`,";

  private final Set<String> servers;
  private final Map<String, Offer> offers;
  private final boolean held;
  private final Map<String, Set<String>> unverified = new TreeMap<>();

  private Catalogue(Set<String> servers, Map<String, Offer> offers, boolean held) {
    this.servers = servers;
    this.offers = offers;
    this.held = held;
  }

  /**
   * Looks at the wanted servers, all at a time where it starts them.
   *
   * @param probe whether they may be started
   * @param hold whether they are not, because the definition is wrong anyway: then nothing is said
   *     of what they could have told
   */
  static Catalogue read(Tools tools, Collection<String> wanted, boolean probe, boolean hold) {
    Set<String> servers = tools.servers();
    Map<String, Offer> offers = new LinkedHashMap<>();
    Set<String> asked = new TreeSet<>(wanted);
    asked.retainAll(servers);
    if (probe && !hold) {
      offers.putAll(Offer.ask(tools, asked));
    } else {
      asked.forEach(server -> offers.put(server, remembered(tools.known(server))));
    }
    return new Catalogue(servers, offers, probe && hold);
  }

  /** The same servers for another workflow, of which nothing was left open yet. */
  Catalogue forAnother() {
    return new Catalogue(servers, offers, held);
  }

  private static Offer remembered(Optional<List<ToolSpec>> known) {
    return known.isPresent() ? new Offer.Known(known.get()) : new Offer.Unasked();
  }

  /** All servers that are defined, asked or not. */
  Set<String> servers() {
    return servers;
  }

  boolean defines(String server) {
    return servers.contains(server);
  }

  /** The tools of a server; none where they are not known. */
  List<ToolSpec> tools(String server) {
    return offers.get(server) instanceof Offer.Known known ? known.tools() : List.of();
  }

  /** A tool of a server by its name; the methods of the protocol are known of each that is. */
  Optional<ToolSpec> tool(String server, String name) {
    return tools(server).stream()
        .filter(tool -> tool.name().equals(name))
        .findFirst()
        .or(() -> isOpaque(server) ? Optional.empty() : ServerMethods.of(server, name));
  }

  /** Whether nothing can be said of the server's tools. */
  boolean isOpaque(String server) {
    return !(offers.get(server) instanceof Offer.Known);
  }

  /** Whether a server was never asked for its tools. */
  boolean isUnasked(String server) {
    return offers.get(server) instanceof Offer.Unasked;
  }

  /** Whether the server is one of those that were looked at, and nothing can be said of it. */
  boolean isUnknown(String server) {
    Offer offer = offers.get(server);
    return offer != null && !(offer instanceof Offer.Known);
  }

  /** Remembers what cannot be told of a server that was not asked. */
  void leaveOpen(String server, String what) {
    unverified.computeIfAbsent(server, each -> new TreeSet<>()).add(what);
  }

  /**
   * Tells of the servers that did not start, and of what was left open.
   *
   * @param uses pointer of the first use of each server; of the others nothing is told
   * @param required the entries of the servers that must start even where nothing uses them
   */
  void tell(Map<String, String> uses, Map<String, Place> required, Report report) {
    offers.forEach(
        (server, offer) -> {
          String use = uses.get(server);
          Place place = use == null ? required.get(server) : report.place(use);
          if (place != null) {
            tell(server, offer, use == null, place, report);
          }
        });
  }

  private void tell(String server, Offer offer, boolean unused, Place place, Report report) {
    switch (offer) {
      case Offer.Known known -> {}
      case Offer.Failed failed ->
          report.add(failure(server, unused ? REQUIRED : "", failed.error(), place));
      case Offer.Unasked unasked ->
          tellOpen(server, unused ? "whether it starts" : "its tools", place, report);
    }
  }

  private void tellOpen(String server, String atLeast, Place place, Report report) {
    if (!held) {
      Set<String> open = unverified.getOrDefault(server, Set.of(atLeast));
      report.add(
          new Problem(
              Problem.Severity.UNVERIFIED,
              Problem.Kind.MISSING,
              Rule.SERVER_NOT_ASKED,
              place,
              "Server `%s` was never started here, so this is not verified: %s."
                  .formatted(server, String.join("; ", open)),
              "`--probe` starts it and looks."));
    }
  }

  /**
   * That a server cannot be used.
   *
   * @param why it must start, as a part of the sentence
   */
  static Problem failure(String server, String why, StepError error, Place place) {
    String hint =
        error.details().isEmpty() ? null : String.join("; ", error.details()).replace(":; ", ": ");
    return error.kind() == ErrorKind.FORBIDDEN
        ? new Problem(
            Problem.Severity.ERROR,
            Problem.Kind.UNTRUSTED,
            Rule.UNTRUSTED_SERVER,
            place,
            error.message(),
            hint)
        : Problem.missing(
            Rule.SERVER_UNAVAILABLE,
            place,
            "Server `" + server + "`" + why + " cannot be used: " + error.message(),
            hint);
  }
}
