package dev.workflow.yaml;

import dev.workflow.definition.ReservedNames;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Step;
import dev.workflow.engine.Validator.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a schema cannot say clearly: which keys of a step go together. */
final class StepRules {

  static final List<String> VERBS =
      List.of(
          "agent",
          "skill",
          "capability",
          "tool",
          "ask",
          "set",
          "wait",
          "fail",
          "steps",
          "workflow",
          "plan");

  /** Keys that go with certain verbs, or with another key. */
  private static final Map<String, List<String>> GO_WITH =
      Map.ofEntries(
          Map.entry("prompt", List.of("agent", "plan")),
          Map.entry("context", List.of("agent", "plan")),
          Map.entry("allow", List.of("plan")),
          Map.entry("with", List.of("skill", "capability", "tool", "workflow")),
          Map.entry("form", List.of("ask")),
          Map.entry("concurrency", List.of("each")),
          Map.entry("key", List.of("each")),
          Map.entry("enough", List.of("each")),
          Map.entry("outputs", List.of("steps")),
          Map.entry("verify", List.of("capability", "tool")),
          Map.entry("cache", List.of("agent", "skill", "capability", "tool")),
          Map.entry("limits", List.of("agent", "skill", "capability", "tool", "steps", "plan")));

  /** Keywords of the schema that say the same, less clearly. */
  private static final Set<String> SAID_HERE =
      Set.of("oneOf", "anyOf", "required", "dependentRequired", "dependentSchemas");

  private static final Pattern STEP = Pattern.compile("(/steps/[^/]+(/undo)?)+");

  /** Keys that make no sense in what undoes a step, which runs once for each effect. */
  private static final Set<String> NOT_TO_UNDO =
      Set.of("needs", "each", "concurrency", "key", "enough", "revise", "undo");

  /** Fields, which are read with better messages than a schema has. */
  private static final Pattern TYPED =
      Pattern.compile("/(inputs|steps/[^/]+(/undo)?(/steps/[^/]+(/undo)?)*/form)/.*");

  private static final Pattern WRAPPED = Pattern.compile("\\s*\\$\\{([^{}]*)}\\s*");
  private final JsonNode step;
  private final String pointer;
  private final Findings findings;
  private final List<String> verbs;

  StepRules(JsonNode step, String pointer, Findings findings) {
    this.step = step;
    this.pointer = pointer;
    this.findings = findings;
    this.verbs = Stream.concat(VERBS.stream(), Patterns.WORDS.stream()).filter(step::has).toList();
  }

  /** Whether a violation of the schema is reported by the rules here, or by the reader's own. */
  static boolean covers(Violation violation) {
    String at = violation.pointer();
    return TYPED.matcher(at).matches()
        || (SAID_HERE.contains(violation.keyword())
            && (at.isEmpty() || STEP.matcher(at).matches()));
  }

  /** The first verb; empty: there is none. */
  String verb() {
    return verbs.isEmpty() ? "" : verbs.getFirst();
  }

  /**
   * Checks the keys.
   *
   * @param names what the names that the step sees are, such as {@code a step}
   */
  void check(Map<String, String> names) {
    checkVerbs();
    checkCompany();
    checkVariable(names);
    expression("when", Values.text(step, "when"));
    expression("key", Values.text(step, "key"));
    expression("enough", Values.text(step, "enough"));
    expression("repeat/until", Values.text(step.path("repeat"), "until"));
    expression("verify/done", Values.text(step.path("verify"), "done"));
    expression("revise/when", Values.text(step.path("revise"), "when"));
    EachText each = EachText.of(Values.text(step, "each", ""));
    expression("each", each == null ? null : each.expression());
  }

  /**
   * Checks that a step with a pattern has no other verb and no key that goes with other verbs only.
   *
   * @return the keys that do not belong there
   */
  List<String> checkPattern() {
    checkVerbs();
    checkCompany();
    return step.propertyNames().stream().filter(this::isAlone).toList();
  }

  private void checkVerbs() {
    if (verbs.isEmpty() && !findings.spokenAround(pointer)) {
      findings.key(
          Rule.NO_VERB,
          pointer,
          "Expected one of %s in `%s`, found none."
              .formatted(String.join(", ", VERBS), Pointers.dotted(pointer)),
          "Say what the step does, such as `tool: server/tool`.");
    }
    if (verbs.size() > 1) {
      findings.key(
          Rule.SEVERAL_VERBS,
          Pointers.child(pointer, verbs.get(1)),
          "Expected exactly one verb in `%s`, found %s."
              .formatted(Pointers.dotted(pointer), listed(verbs)),
          "Make a step of each.");
    }
    boolean prompted = verb().equals("agent") || verb().equals("plan");
    if (prompted && !step.has("prompt") && !findings.spokenOf(pointer + "/prompt")) {
      findings.key(
          Rule.MISSING_KEY,
          pointer,
          "Expected the key `prompt` in `%s`, found none.".formatted(Pointers.dotted(pointer)),
          "Say what the agent is to do, such as `prompt: plan {option}`.");
    }
  }

  private static String listed(List<String> words) {
    List<String> quoted = new ArrayList<>();
    words.forEach(word -> quoted.add("`" + word + "`"));
    return String.join(" and ", quoted);
  }

  private void checkCompany() {
    for (String key : step.propertyNames()) {
      if (isUndo() && NOT_TO_UNDO.contains(key)) {
        findings.key(
            Rule.MISPLACED_KEY,
            Pointers.child(pointer, key),
            "Expected no `%s` in an `undo`, which runs once for each effect, when the run has failed."
                .formatted(key),
            "Remove it.");
        continue;
      }
      List<String> company = GO_WITH.getOrDefault(key, List.of());
      if (isAlone(key) && verbs.size() == 1) {
        findings.key(
            Rule.MISPLACED_KEY,
            Pointers.child(pointer, key),
            "Expected `%s` only beside %s, found it in a step with %s."
                .formatted(key, String.join(" or ", company), listed(verbs)),
            key.equals("cache")
                ? unkept(verbs.getFirst())
                : "Remove it, or add " + String.join(" or ", company) + ".");
      }
    }
    checkCache();
  }

  /** Why what a verb gives is not kept for other runs. */
  private static String unkept(String verb) {
    return switch (verb) {
      case "ask" -> "Remove it: an answer counts for the run in which a person gave it.";
      case "set" -> "Remove it: what expressions compute costs nothing.";
      case "wait", "fail" -> "Remove it: the step gives nothing that could be kept.";
      case "plan" -> "Remove it; `workflow plan create` makes a plan that is kept.";
      case "steps", "workflow" -> "Put it on those steps inside that are worth it.";
      default ->
          "Write the pattern out, as `workflow inspect FILE --full` shows it, and put it on those"
              + " steps that are worth it.";
    };
  }

  /** What is kept would answer in the place of what these keys are about. */
  private void checkCache() {
    if (!step.has("cache") || isAlone("cache")) {
      return;
    }
    if (step.has("repeat")) {
      against("`repeat` beside `cache`: it asks again, and what is kept would answer");
    }
    if (step.has("verify")) {
      against("`verify` beside `cache`: what may be in doubt is not kept");
    }
    if (step.has("undo")) {
      against("`undo` beside `cache`: what can be taken back is not kept");
    }
    if (Step.nameAt(pointer).contains(Step.UNDO)) {
      against("`cache` in an `undo`, which deals with things as they are now");
    }
  }

  private void against(String what) {
    findings.key(
        Rule.MISPLACED_KEY,
        pointer + "/cache",
        "Expected no " + what + ".",
        what.contains(" beside ") ? "Remove one of the two." : "Remove it.");
  }

  private boolean isUndo() {
    return Step.nameAt(pointer).endsWith(Step.UNDO);
  }

  /** Whether a key is not beside any of those that it goes with. */
  private boolean isAlone(String key) {
    List<String> company = GO_WITH.getOrDefault(key, List.of());
    boolean limitsOfPattern = key.equals("limits") && Patterns.WORDS.stream().anyMatch(step::has);
    return !company.isEmpty() && !limitsOfPattern && company.stream().noneMatch(step::has);
  }

  private void checkVariable(Map<String, String> names) {
    EachText each = EachText.of(Values.text(step, "each", ""));
    if (each == null) {
      return;
    }
    String name = each.variable();
    String taken =
        names.getOrDefault(
            name, ReservedNames.contains(name) ? "a word of the expression language" : "");
    if (!taken.isEmpty()) {
      findings.value(
          Rule.NAME_CLASH,
          pointer + "/each",
          "Expected a name of its own for the element, found `%s`, which is %s."
              .formatted(name, taken),
          "Write `" + name + "_ in " + Quoting.shown(each.expression()) + "`, say.");
    }
  }

  private void expression(String key, @Nullable String text) {
    if (text == null) {
      return;
    }
    Matcher matcher = WRAPPED.matcher(text);
    if (matcher.matches()) {
      String at = pointer + "/" + key;
      findings.value(
          Rule.WRAPPED_EXPRESSION,
          at,
          "Expected an expression for `%s`, found one inside ${...}."
              .formatted(Pointers.dotted(at)),
          "Write " + matcher.group(1).strip() + " without ${ and }.");
    }
  }
}
