package dev.workflow.engine;

import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Orders steps so that each comes after those whose ids its expressions mention, as far as that is
 * possible. Mentions are found by their spelling alone, before anything can be compiled: a word in
 * a quoted text may count as one, which changes the order and nothing else.
 */
final class MentionOrder {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  private final Map<String, Step> steps;
  private final Set<String> entered = new HashSet<>();
  private final List<Step> ordered = new ArrayList<>();

  private MentionOrder(Map<String, Step> steps) {
    this.steps = steps;
  }

  static List<Step> of(Map<String, Step> steps) {
    MentionOrder order = new MentionOrder(steps);
    steps.values().forEach(order::visit);
    return order.ordered;
  }

  /** Depth first, with a stack of its own: a chain may be as long as the workflow. */
  private void visit(Step first) {
    if (!entered.add(first.id())) {
      return;
    }
    Deque<Open> open = new ArrayDeque<>();
    open.push(new Open(first, mentions(first).iterator()));
    while (!open.isEmpty()) {
      Open top = open.element();
      if (!top.rest.hasNext()) {
        ordered.add(top.step);
        open.pop();
        continue;
      }
      Step next = steps.get(top.rest.next());
      if (next != null && entered.add(next.id())) {
        open.push(new Open(next, mentions(next).iterator()));
      }
    }
  }

  private record Open(Step step, Iterator<String> rest) {}

  private static Set<String> mentions(Step step) {
    Set<String> names = new LinkedHashSet<>();
    if (step.each() != null) {
      collect(step.each().in(), names);
    }
    if (step.verb() instanceof Verb.SetValue set) {
      collect(set.value(), names);
    }
    if (step.verb() instanceof Verb.Group group) {
      group.steps().forEach(inner -> names.addAll(everyMention(inner)));
      group.outputs().values().forEach(value -> collect(value, names));
    }
    return names;
  }

  /** All that the step's type, or what is checked inside it, may hang on. */
  private static Set<String> everyMention(Step step) {
    Set<String> names = mentions(step);
    Stream.of(
            step.when(),
            step.each() == null ? null : step.each().enough(),
            step.repeat() == null ? null : step.repeat().until())
        .flatMap(Stream::ofNullable)
        .forEach(text -> collect(text, names));
    if (step.revise() != null) {
      collect(step.revise().when(), names);
    }
    if (step.verify() != null) {
      collect(step.verify().with(), names);
      collect(step.verify().done(), names);
    }
    switch (step.verb()) {
      case Verb.Agent agent -> collect(agent.prompt(), names);
      case Verb.Skill skill -> collect(skill.with(), names);
      case Verb.Capability capability -> collect(capability.with(), names);
      case Verb.Tool tool -> collect(tool.with(), names);
      case Verb.Ask ask -> collect(ask.text(), names);
      case Verb.Wait wait -> collect(wait.until(), names);
      case Verb.Fail fail -> collect(fail.text(), names);
      case Verb.SetValue set -> {}
      case Verb.Group group -> {}
      case Verb.Subworkflow workflow -> collect(workflow.with(), names);
      case Verb.Plan plan -> collect(plan.prompt(), names);
      case Verb.Planned planned -> collect(planned.with(), names);
    }
    return names;
  }

  private static void collect(JsonNode value, Set<String> names) {
    if (value.isString() && value.stringValue().contains("${")) {
      collect(value.stringValue(), names);
    }
    value.forEach(child -> collect(child, names));
  }

  private static void collect(String text, Set<String> names) {
    Matcher matcher = NAME.matcher(text);
    while (matcher.find()) {
      names.add(matcher.group());
    }
  }
}
