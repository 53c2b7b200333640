package dev.workflow.cli;

import dev.workflow.definition.Effect;
import dev.workflow.run.Event.ToolCalled;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Decides whether calls that changed something may be made again. The default is no; {@code --yes}
 * says yes to writes and never to what is destructive.
 *
 * @param yes whether {@code --yes} was given
 */
record Repeating(Context context, boolean yes) {
  private static final int WIDTH = 160;

  /** Lists the calls; whether they may be made again. */
  boolean confirm(List<ToolCalled> calls) {
    if (calls.isEmpty()) {
      return true;
    }
    Terminal terminal = context.terminal();
    terminal.say("These calls were made and would be made again:");
    for (ToolCalled call : calls) {
      String text =
          "  %s  %s/%s %s  (%s)"
              .formatted(
                  call.step(), call.server(), call.tool(), call.arguments(), call.effect().word());
      terminal.say(Printable.indented(text, WIDTH));
    }
    boolean destructive = calls.stream().anyMatch(call -> call.effect() == Effect.DESTRUCTIVE);
    if (yes && !destructive) {
      terminal.say("Confirmed by --yes.");
      return true;
    }
    if (terminal.screen().isInteractive()) {
      return asked();
    }
    refuse(destructive);
    return false;
  }

  private boolean asked() {
    Terminal terminal = context.terminal();
    terminal.hold();
    try {
      String answer = new Keyboard(terminal, context.in()).line("Make these calls again? [y/N] ");
      boolean confirmed =
          answer != null && answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
      if (!confirmed) {
        terminal.say("Nothing was run.");
      }
      return confirmed;
    } finally {
      terminal.release();
    }
  }

  private void refuse(boolean destructive) {
    Terminal terminal = context.terminal();
    List<String> words = new ArrayList<>(context.arguments());
    if (destructive) {
      words.remove("--yes");
      terminal.say("Nothing was run. What is destructive only a person confirms, in a terminal:");
    } else {
      words.add("--yes");
      terminal.say("Nothing was run. To confirm that:");
    }
    terminal.say("  " + context.line(words));
  }
}
