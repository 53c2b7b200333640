package dev.workflow.cli;

import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import java.time.Instant;

/** One line for each thing that happens, for pipes and logs. */
final class PlainView implements RunView {
  private static final int WIDTH = 200;
  private static final int NOTICE_WIDTH = 1_000;
  private final Terminal terminal;
  private final Narration narration;

  PlainView(Terminal terminal, Narration narration) {
    this.terminal = terminal;
    this.narration = narration;
  }

  @Override
  public synchronized void takeUp(RunState run, Instant now) {
    narration.takeUp(run, now).values().forEach(line -> line.rows(WIDTH).forEach(terminal::say));
  }

  @Override
  public synchronized void recorded(Recorded recorded) {
    Narration.Line line = narration.tell(recorded);
    if (line != null && line.weight() != Narration.Weight.START_INSIDE) {
      line.rows(WIDTH).forEach(terminal::say);
    }
  }

  @Override
  public synchronized void notice(String text) {
    terminal.say(Printable.line(text, NOTICE_WIDTH));
  }

  @Override
  public void close() {}
}
