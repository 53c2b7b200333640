package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import java.nio.file.Path;
import java.util.List;

/** A world with a tool for each label, and agents that have some of them. */
final class FlowWorld {
  static final String SERVERS =
      """
      mcp:
        in: {command: in, labels: {read: [untrusted]}}
        house: {command: house, labels: {look: [private], keep: []}}
        out: {command: out, labels: {send: [external]}}
      agents:
        writer: {model: openai/gpt-5}
        clerk: {model: openai/gpt-5, servers: [in, house, out]}
        reader: {model: openai/gpt-5, servers: [in, house]}
        sender: {model: openai/gpt-5, servers: [out]}
      """;

  /** Steps that read both, and a letter that is made of both. */
  static final String SOURCES =
      """
        page: {tool: in/read}
        plan: {tool: house/look}
        letter: {agent: writer, prompt: "{page} {plan}", output: {text: string, urgent: boolean}}
      """;

  private FlowWorld() {}

  static CheckWorld in(Path folder) {
    String text = "{'type':'object','properties':{'text':{'type':'string'}}}";
    return new CheckWorld(folder)
        .usable("openai/gpt-5")
        .tool("in", "read")
        .tool("house", "look")
        .closed("house", "keep", Effect.WRITE)
        .tool("out", "send", Effect.WRITE, text, null);
  }

  /** The warnings about these steps, which are sound. */
  static List<Problem> leaks(CheckWorld world, String steps) {
    Checked checked = world.check(SERVERS + "steps:\n" + steps);
    assertThat(checked.definition()).as("%s", checked.problems()).isNotNull();
    return checked.problems().stream()
        .filter(problem -> problem.rule() == Rule.INFORMATION_FLOW)
        .toList();
  }
}
