package dev.workflow.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.node.JsonNodeFactory;

class TerminalTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private final Terminal terminal = terminal(new Screen(true, true, true, false));

  private Terminal terminal(Screen screen) {
    return new Terminal(
        new PrintStream(out, false, UTF_8), new PrintStream(err, false, UTF_8), screen);
  }

  private String written() {
    String text = err.toString(UTF_8).replace("\u001b", "ESC");
    err.reset();
    return text;
  }

  @Test
  void dataGoesToStandardOutputAndWhatIsSaidToStandardError() {
    terminal.data("data");
    terminal.say("said");

    assertThat(out.toString(UTF_8)).isEqualTo("data\n");
    assertThat(written()).isEqualTo("said\n");
  }

  @Test
  void nothingReachesTheTerminalRaw() {
    terminal.say("\u001b[2Jsaid");
    terminal.pin(List.of("\u001b[2Jpinned"));
    terminal.data("\u001b[2Jdata");
    terminal.json(JsonNodeFactory.instance.stringNode("\u202E"));

    assertThat(written()).doesNotContain("ESC[2J").contains("\uFFFD[2Jpinned");
    assertThat(out.toString(UTF_8)).isEqualTo("\uFFFD[2Jdata\n\"\\u202e\"\n");
  }

  @Test
  void whatWentWrongInsideIsToldWithoutTheSecretsThatAreKnown() {
    terminal.hide(() -> Set.of("planted-4711"));
    Context context =
        new Context(terminal, InputStream.nullInputStream(), Map.of(), List.of("run", "--debug"));
    Exception failure =
        new IllegalStateException(
            "cannot send planted-4711", new IllegalArgumentException("cGxhbnRlZC00NzEx"));

    CommandLine line = new CommandLine(CommandSpec.create());
    new Failures(context).handleExecutionException(failure, line, line.parseArgs());

    assertThat(written())
        .startsWith("java.lang.IllegalStateException: cannot send [secret]\n")
        .contains("Caused by: java.lang.IllegalArgumentException: [secret]\n")
        .endsWith("workflow: cannot send [secret]\n");
  }

  @Test
  void pinnedLinesStayBelowWhatIsSaid() {
    terminal.pin(List.of("one", "two"));
    assertThat(written()).isEqualTo("ESC[?7loneESC[K\ntwoESC[K\nESC[?7h");

    terminal.say("news");
    assertThat(written()).isEqualTo("ESC[2A\rESC[Jnews\nESC[?7loneESC[K\ntwoESC[K\nESC[?7h");
  }

  @Test
  void pinnedLinesAreOverwrittenInPlaceAndUnchangedOnesAreNotDrawnAgain() {
    terminal.pin(List.of("one", "two"));
    terminal.pin(List.of("one", "two"));
    written();

    terminal.pin(List.of("one"));
    assertThat(written()).isEqualTo("ESC[2A\rESC[?7loneESC[K\nESC[?7hESC[J");
    terminal.pin(List.of());
    assertThat(written()).isEqualTo("ESC[1A\rESC[J");
  }

  @Test
  void dataInTheSameTerminalGoesAboveThePinnedLines() {
    terminal.pin(List.of("one"));
    written();

    terminal.data("{}");

    assertThat(written()).isEqualTo("ESC[1A\rESC[JESC[?7loneESC[K\nESC[?7h");
  }

  @Test
  void whatIsSaidDuringAConversationWaitsForItsEnd() {
    terminal.pin(List.of("one"));
    written();
    terminal.hold();
    terminal.say("news");
    terminal.pin(List.of("two"));
    terminal.prompt("yes or no? ");
    assertThat(written()).isEqualTo("ESC[1A\rESC[Jyes or no? ");

    terminal.answered();
    terminal.release();
    assertThat(written()).isEqualTo("news\n");
  }

  @Test
  void aPromptThatNobodyAnsweredEndsItsLine() {
    terminal.hold();
    terminal.prompt("yes or no? ");
    terminal.release();

    assertThat(written()).isEqualTo("yes or no? \n");
  }

  @Test
  void onlyTheGlyphThatBeginsALineIsColored() {
    Terminal colored = terminal(new Screen(true, true, true, true));

    colored.say("● done ● well\n  ✗ failed\n●alone");

    assertThat(written())
        .isEqualTo("ESC[32m●ESC[0m done ● well\n  ESC[31m✗ESC[0m failed\n●alone\n");
  }
}
