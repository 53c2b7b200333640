package dev.workflow.run;

import dev.workflow.run.Event.ElicitationAnswered;
import dev.workflow.run.Event.ElicitationAsked;
import dev.workflow.run.Event.Reaction;
import dev.workflow.run.Event.ToolCalled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a person told a server that asked. A call that is made again has the same key; when its
 * server asks the same again it gets the same answer, and the second time what was answered the
 * second time.
 *
 * @param key of the call
 */
record Told(
    String key,
    String message,
    JsonNode form,
    Reaction reaction,
    @Nullable JsonNode content,
    String by) {

  /** What was answered when an earlier call asked this; null: nobody was asked. */
  static @Nullable Told before(StepRun step, OpenCall call, ElicitationAsked asked) {
    int at = place(step, call, asked);
    return at < step.told.size() ? step.told.get(at) : null;
  }

  /** Takes note of an answer; it takes the place of one that was given before. */
  static void remember(
      StepRun step, OpenCall call, ElicitationAsked asked, ElicitationAnswered answer) {
    Told told =
        new Told(
            key(call),
            asked.message(),
            asked.form(),
            answer.reaction(),
            answer.content(),
            answer.by());
    int at = place(step, call, asked);
    if (at < step.told.size()) {
      step.told.set(at, told);
    } else {
      step.told.add(told);
    }
  }

  /** The answer of before to what is asked now. */
  ElicitationAnswered again(ElicitationAsked asked) {
    return new ElicitationAnswered(
        asked.step(), asked.call(), asked.number(), reaction, content, by);
  }

  /** Where the answer to a question stands, or behind the last. */
  private static int place(StepRun step, OpenCall call, ElicitationAsked asked) {
    List<Told> all = step.told;
    long earlier =
        call.heard.stream().filter(each -> isSame(each.message(), each.form(), asked)).count();
    for (int i = 0; i < all.size(); i++) {
      Told told = all.get(i);
      boolean same = told.key.equals(key(call)) && isSame(told.message, told.form, asked);
      if (same && earlier-- == 0) {
        return i;
      }
    }
    return all.size();
  }

  /** By their texts: numbers that were read from a journal may be of another width. */
  private static boolean isSame(String message, JsonNode form, ElicitationAsked asked) {
    return message.equals(asked.message()) && form.toString().equals(asked.form().toString());
  }

  private static String key(OpenCall call) {
    return call.event instanceof ToolCalled tool ? tool.key() : "";
  }
}
