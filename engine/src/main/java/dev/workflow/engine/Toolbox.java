package dev.workflow.engine;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Models.Offer;
import dev.workflow.run.ModelReply.WantedCall;
import dev.workflow.run.Turn;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tools of one agent under the names that a model sees: {@code [a-zA-Z0-9_-]{1,64}}, unique,
 * and the same in every turn. A tool keeps its own name where no other tool of the agent has it.
 */
final class Toolbox {
  private static final int LONGEST_NAME = 64;
  private final Map<String, ToolSpec> byName;
  private final int most;
  private final boolean plans;
  private final @Nullable Skill skill;

  private Toolbox(Map<String, ToolSpec> byName, int most, boolean plans, @Nullable Skill skill) {
    this.byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    this.most = most;
    this.plans = plans;
    this.skill = skill;
  }

  /**
   * The tools of an agent.
   *
   * @param most how many may be offered at once
   */
  static Toolbox of(Resolved resolved, String agent, int most) {
    List<ToolSpec> specs = new ArrayList<>();
    for (String name : resolved.agentTools().getOrDefault(agent, List.of())) {
      ToolSpec spec = resolved.tools().get(name);
      if (spec == null) {
        throw new IllegalStateException(
            "Agent " + agent + ": expected a definition of its tool " + name + "; found none");
      }
      specs.add(spec);
    }
    Agent known = resolved.agents().get(agent);
    boolean plans = known != null && known.planTools();
    String skill = known == null ? null : known.skill();
    Toolbox own =
        new Toolbox(Map.of(), most, plans, skill == null ? null : resolved.skills().get(skill));
    return new Toolbox(named(specs, own.engineOwn()), most, plans, own.skill);
  }

  /** No tools at all. */
  static Toolbox none() {
    return new Toolbox(Map.of(), 1, false, null);
  }

  /** Whether the agent may write plans and run them. */
  boolean plans() {
    return plans;
  }

  /** The skill of which the agent may read files; empty: there are none. */
  Optional<Skill> readable() {
    return Optional.ofNullable(skill).filter(each -> !each.files().isEmpty());
  }

  /** What the engine itself offers the agent, whatever servers there are. */
  List<Offer> engineOwn() {
    List<Offer> offers = new ArrayList<>(plans ? PlanTools.OFFERS : List.of());
    if (readable().isPresent()) {
      offers.add(SkillReading.OFFER);
    }
    if (skill != null && (asks(skill.required()) || asks(skill.optional()))) {
      offers.add(PlanTools.ASK_OFFER);
    }
    return offers;
  }

  private static boolean asks(List<String> capabilities) {
    return capabilities.contains(PlanTools.ASK);
  }

  /** Whether there are too many to offer them all, so that the agent searches. */
  boolean searched() {
    return byName.size() > most;
  }

  boolean isEmpty() {
    return byName.isEmpty();
  }

  /** All tools by the name a model sees, in the agent's order. */
  Map<String, ToolSpec> tools() {
    return byName;
  }

  /** The tool that a model means by a name: the name it was shown, or {@code server/tool}. */
  Optional<ToolSpec> find(String name) {
    ToolSpec shown = byName.get(name);
    if (shown != null) {
      return Optional.of(shown);
    }
    return byName.values().stream().filter(spec -> spec.fullName().equals(name)).findFirst();
  }

  /** What a model is offered after what was said so far. */
  List<Offer> offers(List<Turn> transcript) {
    List<Offer> offers = new ArrayList<>();
    if (searched()) {
      offers.add(ToolSearch.OFFER);
    }
    offers.addAll(engineOwn());
    for (String name : searched() ? newest(discovered(transcript)) : byName.keySet()) {
      ToolSpec spec = byName.get(name);
      if (spec != null) {
        offers.add(new Offer(name, description(spec), spec.inputSchema()));
      }
    }
    return offers;
  }

  /** Those found last, in the order in which they were found. */
  private List<String> newest(Set<String> names) {
    List<String> all = List.copyOf(names);
    return all.subList(Math.max(0, all.size() - most), all.size());
  }

  /** The names that searches gave or that were called, read from the record alone. */
  private Set<String> discovered(List<Turn> transcript) {
    Set<String> names = new LinkedHashSet<>();
    for (Turn turn : transcript) {
      if (turn instanceof Turn.Replied replied) {
        for (WantedCall call : replied.reply().calls()) {
          for (String name : call.answer() == null ? List.of(call.name()) : found(call.answer())) {
            names.remove(name);
            names.add(name);
          }
        }
      }
    }
    names.retainAll(byName.keySet());
    return names;
  }

  private static Collection<String> found(String answer) {
    return ToolSearch.namesIn(answer);
  }

  private static String description(ToolSpec spec) {
    return spec.description().isBlank() ? spec.title() : spec.description();
  }

  private static Map<String, ToolSpec> named(List<ToolSpec> specs, List<Offer> engineOwn) {
    Map<String, Integer> plain = new HashMap<>();
    Map<String, Integer> qualified = new HashMap<>();
    for (ToolSpec spec : specs) {
      plain.merge(allowed(spec.name()), 1, Integer::sum);
      qualified.merge(allowed(spec.server() + "_" + spec.name()), 1, Integer::sum);
    }
    plain.put(ToolSearch.NAME, 2);
    engineOwn.forEach(offer -> plain.put(offer.name(), 2));
    Map<String, ToolSpec> named = new LinkedHashMap<>();
    for (ToolSpec spec : specs) {
      String own = allowed(spec.name());
      String full = allowed(spec.server() + "_" + spec.name());
      if (plain.getOrDefault(own, 0) == 1) {
        named.put(own, spec);
      } else if (qualified.getOrDefault(full, 0) == 1 && !plain.containsKey(full)) {
        named.put(full, spec);
      } else {
        named.put(hashed(spec, full), spec);
      }
    }
    return named;
  }

  private static String hashed(ToolSpec spec, String name) {
    String hash = Canonical.hash(spec.fullName()).substring(0, 12);
    String head = name.substring(0, Math.min(name.length(), LONGEST_NAME - hash.length() - 1));
    return head + "_" + hash;
  }

  private static String allowed(String name) {
    String allowed = name.replaceAll("[^a-zA-Z0-9_-]", "_");
    return allowed.substring(0, Math.min(allowed.length(), LONGEST_NAME));
  }
}
