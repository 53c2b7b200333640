package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.json.JsonMapper;

/**
 * No server behind HTTP, however broken or hostile, stalls, floods or fools a run. All are visited
 * by a process with 256 MiB of heap.
 */
@Isolated("How soon and how well a failure is told depends on what else runs.")
class HostileSitesTest {
  private static final String SUBJECT = "server 'hostile' at http://localhost:*";
  private static final String CALL = SUBJECT + ": tools/call act: ";
  private static final String DOUBT = "; the call may have taken effect";
  private static final String LOST = "unavailable, in doubt: " + CALL;
  private static final String UNUSABLE =
      "invalid_output, in doubt: " + SUBJECT + "'s answer to tools/call act ";
  private static final String TOO_LARGE =
      UNUSABLE + "exceeds the maximum allowed size of 16777216 bytes";
  private static final String LATE =
      "timeout, in doubt: server 'hostile' did not answer tools/call act within 2 s" + DOUBT;

  /** What is told of the first call and of the second; a star stands for anything. */
  private static final Map<String, List<String>> TOLD = new LinkedHashMap<>();

  private static HostileSiteVisits.Report report = new HostileSiteVisits.Report(Map.of(), 0, 0);

  private static void told(String vice, String first, String second) {
    TOLD.put(vice, List.of(first, second));
  }

  private static void told(String vice, String both) {
    told(vice, both, both);
  }

  static {
    told("none", "done");
    told("forgets-session", "done");
    for (String slow : List.of("hangs", "drips", "drips-headers")) {
      told(slow, LATE);
    }
    told(
        "hangs-at-start",
        "timeout: server 'hostile' was not ready within its startupTimeout of 2 s",
        "*server 'hostile'*within its startupTimeout of 2 s*");
    for (String large :
        List.of("endless-body", "100-megabytes", "endless-event", "endless-event-of-lines")) {
      told(large, TOO_LARGE);
    }
    told("endless-messages", UNUSABLE + "is not among 268435456 bytes of other messages");
    told("endless-headers", LOST + "the connection broke: Maximum header count exceeded" + DOUBT);
    told("endless-line", LOST + "the connection broke: Maximum line length limit exceeded" + DOUBT);
    told("bomb", UNUSABLE + "is encoded as gzip, which was not asked for");
    told("wrong-type", UNUSABLE + "is no MCP, but application/octet-stream");
    told("no-answer", UNUSABLE + "is no MCP, but of no type");
    told("answers-another", UNUSABLE + "answers something else");
    told("error-page", LOST + "HTTP status 502" + DOUBT + " | server: a page of text/html");
    told(
        "escapes",
        LOST + "HTTP status 500" + DOUBT + " | server: [2J ]0;owned you are \u202enaive");
    told("ends-stream", LOST + "it ended the stream before it answered" + DOUBT);
    told("breaks-for-ever", LOST + "it broke the stream 5 times in a row" + DOUBT);
    told("resets", LOST + "the connection broke: *" + DOUBT);
    told("no-http", LOST + "the connection broke: *" + DOUBT);
    told(
        "circle",
        "unavailable: " + CALL + "not sent: it redirects in a circle: http:*/circle -> *");
    told(
        "to-metadata",
        "unavailable: "
            + CALL
            + "not sent: 169.254.169.254 is a cloud metadata address (169.254.169.254)");
    told(
        "html-page",
        "unavailable: " + SUBJECT + "'s answer to initialize is no MCP, but text/html",
        "*is no MCP, but text/html*");
    told(
        "wrong-session",
        "unavailable: *s answer to initialize names its session in a way that is not allowed",
        "*names its session in a way that is not allowed*");
  }

  @BeforeAll
  static void visit(@TempDir Path folder) throws IOException, InterruptedException {
    try (HostileSite site = new HostileSite()) {
      List<String> command = new ArrayList<>();
      command.add(Fakes.java().toString());
      command.addAll(
          List.of(
              "-Xmx256m",
              "-XX:TieredStopAtLevel=1",
              "-XX:+ExitOnOutOfMemoryError",
              "-cp",
              System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
              HostileSiteVisits.class.getName(),
              folder.toString(),
              site.url("")));
      command.addAll(TOLD.keySet());
      Process visits =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      String printed = new String(visits.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(visits.waitFor()).as(printed).isZero();
      report = JsonMapper.shared().readValue(printed, HostileSiteVisits.Report.class);
    }
  }

  static Stream<String> vices() {
    return TOLD.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("vices")
  void everyViceIsToldForWhatItIs(String vice) {
    List<String> told = report.told().getOrDefault(vice, List.of("nothing", "nothing"));
    List<String> expected = TOLD.getOrDefault(vice, List.of());
    assertThat(told.get(0)).matches(pattern(expected.get(0)));
    assertThat(told.get(1)).matches(pattern(expected.get(1)));
  }

  private static Pattern pattern(String text) {
    String regex =
        Stream.of(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.DOTALL);
  }

  @Test
  void theNeighbourIsCalledAllTheWhile() {
    assertThat(report.neighbourCalls()).isGreaterThan(20);
  }
}
