package dev.workflow.run;

import dev.workflow.run.Event.SamplingAsked;
import dev.workflow.run.Event.ToolCalled;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a model replied for a server that wanted it asked. A call that is made again has the same
 * key; when its server wants the same again it is told the same reply, for which nothing is paid a
 * second time, and the second time what was replied the second time.
 *
 * @param key of the call
 * @param alias of the models
 * @param request by its text: numbers that were read from a journal may be of another width
 * @param reply the call of the model
 * @param result what the server is told
 */
record Sampled(String key, String alias, String request, String reply, JsonNode result) {

  /** What a model replied when an earlier call wanted this; null: none did. */
  static @Nullable Sampled before(StepRun step, OpenCall call, SamplingAsked asked) {
    String request = asked.request().toString();
    long earlier =
        call.sampled.stream()
            .filter(each -> each.alias().equals(asked.alias()))
            .filter(each -> each.request().toString().equals(request))
            .count();
    List<Sampled> same =
        step.sampled.stream()
            .filter(each -> each.key.equals(key(call)) && each.alias.equals(asked.alias()))
            .filter(each -> each.request.equals(request))
            .toList();
    return earlier < same.size() ? same.get((int) earlier) : null;
  }

  /** A reply that a model gave for a call with this key. */
  static Sampled of(String key, SamplingAsked asked, String reply, JsonNode result) {
    return new Sampled(key, asked.alias(), asked.request().toString(), reply, result);
  }

  /** The key of a call that is made again under it. */
  static String key(@Nullable OpenCall call) {
    return call != null && call.event instanceof ToolCalled tool ? tool.key() : "";
  }
}
