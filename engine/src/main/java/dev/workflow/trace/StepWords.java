package dev.workflow.trace;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Step;
import dev.workflow.definition.Verb;
import dev.workflow.engine.SkillGraph;
import dev.workflow.run.Plan;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.Prepared;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step does, in a few words. */
public final class StepWords {
  private StepWords() {}

  /** Its verb and with whom. */
  static String what(Step step, Node node) {
    boolean runs = node.kind() == Plan.Kind.WORKFLOW && node.body() != null;
    return what(step.verb()) + (runs ? skill(String.valueOf(node.body())) : "");
  }

  private static String skill(String graph) {
    return SkillGraph.of(graph.replace("#", ""))
        .map(named -> " (" + named.file() + " of skill " + named.skill() + ")")
        .orElse("");
  }

  private static String what(Verb verb) {
    return switch (verb) {
      case Verb.Agent agent -> "agent " + (agent.agent().isEmpty() ? "(inline)" : agent.agent());
      case Verb.Skill skill -> skill.word() + " " + skill.name();
      case Verb.Capability capability -> "capability " + capability.name();
      case Verb.Tool tool -> "tool " + tool.server() + "/" + tool.tool();
      case Verb.Ask ask -> ask.form() == null ? "ask for approval" : "ask with a form";
      case Verb.SetValue set -> "set";
      case Verb.Wait wait -> "wait " + wait.until();
      case Verb.Fail fail -> "fail";
      case Verb.Group group -> "steps";
      case Verb.Subworkflow sub -> "workflow " + sub.file();
      case Verb.Plan plan -> "plan by " + plan.agent();
      case Verb.Planned planned -> "runs " + planned.step();
    };
  }

  /** The same where the definition in force knows the step no more. */
  static String what(Node node, @Nullable Prepared prepared) {
    return switch (node.kind()) {
      case AGENT ->
          "agent" + (prepared instanceof Prepared.Conversation talk ? " " + talk.agent() : "");
      case TOOL ->
          "tool"
              + (prepared instanceof Prepared.Call call
                  ? " " + call.server() + "/" + call.tool()
                  : "");
      case ASK -> "ask";
      case SET -> "set";
      case WAIT -> "wait";
      case FAIL -> "fail";
      case GROUP -> "steps";
      case WORKFLOW -> "workflow";
    };
  }

  /** What else is to know of it. */
  static List<String> notes(Step step, Node node, @Nullable String revises) {
    List<String> notes = new ArrayList<>();
    Step.Each each = step.each();
    if (each != null) {
      String most = each.concurrency() == 0 ? "" : ", " + each.concurrency() + " at a time";
      notes.add("each " + each.variable() + " in " + each.in() + most);
      if (each.enough() != null) {
        notes.add("enough when " + each.enough());
      }
    }
    if (step.when() != null) {
      notes.add("when " + step.when());
    }
    if (step.repeat() != null) {
      notes.add(repeats(step.repeat()));
    }
    if (node.revise() != null && step.revise() != null) {
      notes.add(
          "revises %s when %s, at most %d times"
              .formatted(revises, step.revise().when(), node.revise().max()));
    }
    if (step.retry().max() > 0) {
      notes.add("up to " + step.retry().max() + (step.retry().max() == 1 ? " retry" : " retries"));
    }
    if (step.cache() != null) {
      notes.add(caches(step.cache()));
    }
    if (step.timeout() != null) {
      notes.add("timeout " + Durations.text(step.timeout()));
    }
    return notes;
  }

  /** Such as {@code cache 1h} or {@code cache 1h, forced}. */
  public static String caches(Step.Cache cache) {
    return "cache " + Durations.text(cache.time()) + (cache.forced() ? ", forced" : "");
  }

  /** Such as {@code repeats until job.done, at most 10 runs, every 20s}. */
  public static String repeats(Step.Repeat repeat) {
    String every = repeat.every().isZero() ? "" : ", every " + Durations.text(repeat.every());
    return "repeats until %s, at most %s%s"
        .formatted(repeat.until(), Words.counted(repeat.max(), "run"), every);
  }
}
