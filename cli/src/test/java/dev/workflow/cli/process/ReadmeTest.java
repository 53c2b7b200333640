package dev.workflow.cli.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.process.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What the README shows of the first run is what the first run prints. */
@Execution(ExecutionMode.CONCURRENT)
class ReadmeTest {
  private static final String CUT = "...";

  @Test
  void theFirstRunPrintsWhatTheReadmeShows(@TempDir Path folder) throws IOException {
    List<String> shown = firstRun();
    String command = shown.get(0).replaceFirst("^\\$ \\./workflow ", "");
    Result result = new Cli(folder.resolve("home"), Cli.repository()).run(command.split(" ", -1));
    assertThat(result.exit()).as("%s", result).isZero();
    List<String> printed = new ArrayList<>();
    (result.err() + result.out()).lines().map(ReadmeTest::steady).forEach(printed::add);
    List<String> expected =
        shown.subList(1, shown.size()).stream()
            .filter(line -> !line.strip().equals(CUT))
            .map(ReadmeTest::steady)
            .toList();
    assertThat(expected).hasSizeGreaterThan(20);
    assertThat(printed).containsSubsequence(expected);
  }

  /** The block of the README between its marks, from the command on. */
  private static List<String> firstRun() throws IOException {
    List<String> lines = Files.readAllLines(Cli.repository().resolve("README.md"));
    int start = lines.indexOf("<!-- first-run -->") + 2;
    int end = lines.indexOf("<!-- /first-run -->") - 1;
    assertThat(start).isBetween(2, end);
    return lines.subList(start, end);
  }

  /** Ids and times differ from run to run. */
  private static String steady(String line) {
    return line.replaceAll("\\d{6}-[a-z0-9]{6}", "RUN").replaceAll("\\d+\\.\\d s\\b", "TIME");
  }
}
