package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * No server, however broken or hostile, stalls, floods, outlives or fools a run. All are visited by
 * a process with 256 MiB of heap; how soon each fault is told is measured by {@link ZooFigures}.
 */
@Isolated("How soon and how well a failure is told depends on what else runs.")
class HostileServersTest {
  private static final String TOGETHER = "6";
  private static final String LOST =
      " before it answered tools/call act; the call may have taken effect";
  private static final String LATE =
      "timeout, in doubt: server 'hostile' did not answer tools/call act within 2 s;"
          + " the call may have taken effect";
  private static final String UNUSABLE =
      "invalid_output, in doubt: server 'hostile''s answer to tools/call act ";
  private static final String TOO_LARGE =
      UNUSABLE + "is larger than the limit of 16777216 bytes | stdout: {\"jsonrpc\":*xxx [...]*";
  private static final String FLOOD =
      "unavailable, in doubt: server 'hostile' wrote more than 268435456 bytes that answer no"
          + " request and was ended"
          + LOST;
  private static final String CHANGED =
      "tool_changed: the definition of tool hostile/act changed since this run was checked;"
          + " not called | checked against * | the server now says *";

  private static final Map<String, List<String>> TOLD = new LinkedHashMap<>();

  /** What is told of the first call and of the second: with details; a star stands for anything. */
  private static void told(String vice, String first, String second) {
    TOLD.put(vice, List.of(first, second));
  }

  private static void told(String vice, String both) {
    told(vice, both, both);
  }

  /** It never comes to a call. */
  private static void toldAtOnce(String vice, String failure) {
    TOLD.put(vice, List.of(failure));
  }

  static {
    for (String harmless :
        List.of(
            "banner",
            "junk",
            "logs-requests",
            "duplicates",
            "byte-order-marks",
            "carriage-returns",
            "floods-stderr",
            "floods-stderr-in-one-line",
            "closes-stderr",
            "progress-storm",
            "ignores-term",
            "leaves-grandchildren")) {
      told(harmless, "done");
    }
    told("half-a-character", "?");
    told("list-changed-storm", "after 1 lists", "after 2 lists");
    told("changes-its-tool", "done", CHANGED);
    told("echoes-its-environment", "{DECLARED=yes, PATH=*, WORKFLOW_CHILD=*}");

    toldAtOnce(
        "dies-at-start",
        "unavailable: server 'hostile' ended with exit code 7 before it answered initialize"
            + " | stderr: fatal: no configuration found");
    toldAtOnce(
        "dies-at-list",
        "unavailable: server 'hostile' ended with exit code 8 before it answered tools/list"
            + " | stderr: the list is on fire");
    told(
        "dies-in-mid-call",
        "unavailable, in doubt: server 'hostile' ended with exit code 9"
            + LOST
            + " | stderr: about to die");
    told(
        "half-a-line",
        "unavailable, in doubt: server 'hostile' ended with exit code 0"
            + LOST
            + " | stdout, unfinished: {\"jsonrpc\":\"2.0\",\"id\":\"*\",\"result\":{\"cont");
    told(
        "half-a-line-early",
        "unavailable, in doubt: server 'hostile' ended with exit code 0"
            + LOST
            + " | stdout, unfinished: {\"jsonrpc\":\"2.");
    told("closes-stdout", "unavailable, in doubt: server 'hostile' closed its output" + LOST);
    told("closes-stdin", "unavailable, in doubt: server 'hostile' closed its input" + LOST);
    toldAtOnce(
        "from-the-future",
        "unavailable: server 'hostile' speaks MCP 2099-01-01; this client speaks 2024-11-05,"
            + " 2025-03-26, 2025-06-18, 2025-11-25");
    toldAtOnce(
        "mirrors",
        "unavailable: server 'hostile' answered initialize with error -32601: Method not found:"
            + " initialize*");

    toldAtOnce(
        "hangs-at-start",
        "timeout: server 'hostile' was not ready within its startupTimeout of 4 s");
    toldAtOnce(
        "drips-at-start",
        "timeout: server 'hostile' was not ready within its startupTimeout of 4 s"
            + " | stdout, unfinished: {\"jsonrpc\":*drip*");
    toldAtOnce(
        "floods-unread-requests",
        "timeout: server 'hostile' was not ready within its startupTimeout of 4 s*");
    toldAtOnce("hangs-at-list", "timeout: server 'hostile' did not answer tools/list within 4 s");
    told("hangs", LATE + " | stderr: hanging", LATE + " | stderr: hanging | stderr: hanging");
    told("freezes", LATE);
    told("drips", LATE + " | stdout, unfinished: {\"jsonrpc\":*drip drip*");
    told(
        "wrong-id",
        LATE
            + " | stdout, answers no request: {\"jsonrpc\":\"2.0\",\"id\":\"someone-else\",*"
            + " | stdout, answers no request: {\"jsonrpc\":\"2.0\",\"id\":7,*"
            + " | stdout, not MCP: {\"jsonrpc\":\"2.0\",\"id\":null,*");
    told("answers-another", "done", LATE + " | stdout, answers no request: {\"jsonrpc\":*");

    told("floods-stdout", FLOOD + " | stdout, not MCP: la la la la*");
    told("floods-stdout-in-one-line", FLOOD + " | stdout, unfinished: *la la*");
    told("100-megabytes", TOO_LARGE);
    told("a-gigabyte", TOO_LARGE, "*, in doubt: server 'hostile'*");
    toldAtOnce("lists-for-ever", "invalid_output: server 'hostile' never ends its list of tools");
    toldAtOnce("lists-too-many", "invalid_output: server 'hostile' lists more than 10000 tools");

    String limits = UNUSABLE + "is outside the limits: ";
    told(
        "ten-thousand-deep",
        limits
            + "Document nesting depth (201) exceeds the maximum allowed (200)"
            + " | stdout: {\"jsonrpc\":*{\"a\":* [...]");
    told(
        "many-values",
        limits
            + "Token count (1000001) exceeds the maximum allowed (1000000)"
            + " | stdout: {\"jsonrpc\":*[],[],* [...]");
    told(
        "huge-number",
        limits
            + "Number value length (100000) exceeds the maximum allowed (1000)"
            + " | stdout: {\"jsonrpc\":*999* [...]");
    String noJson = UNUSABLE + "is no JSON: ";
    told(
        "invalid-utf-8",
        noJson + "Invalid UTF-8 start byte 0xff | stdout: {\"jsonrpc\":*(\ufffd\ufffd*");
    told("nan", noJson + "Non-standard token 'NaN' | stdout: {\"jsonrpc\":*NaN}}}");
    told(
        "duplicate-keys",
        noJson + "Duplicate property \"paid\" | stdout: {\"jsonrpc\":*\"paid\":true}}}");
    told("no-result", UNUSABLE + "is no JSON-RPC message | stdout: {\"jsonrpc\":\"2.0\",\"id\":*}");
    told(
        "no-content",
        "invalid_output, in doubt: tool hostile/act answered with neither content nor"
            + " structuredContent: \"fine\"");
    told(
        "says-much-in-an-error",
        "tool_error, in doubt: server 'hostile' answered tools/call act with error -32603: xxx*"
            + "xxx [...]");
    told("fails-at-length", "tool_error, in doubt: tool hostile/act failed: xxx*xxx [...]");
    told(
        "paints",
        "tool_error, in doubt: tool hostile/act failed: *owned* | *done",
        "tool_error, in doubt: server 'hostile' answered tools/call act with error -32603: *done*");
  }

  private static final Map<String, Visit> VISITS = new HashMap<>();

  @BeforeAll
  static void visitAll(@TempDir Path folder) throws IOException {
    Process keeper =
        new ProcessBuilder(
                Fakes.java().toString(),
                "-Xmx256m",
                "-XX:+ExitOnOutOfMemoryError",
                "-cp",
                System.getProperty("java.class.path"),
                ZooKeeper.class.getName(),
                folder.toString(),
                TOGETHER)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    keeper
        .inputReader(StandardCharsets.UTF_8)
        .lines()
        .map(line -> JsonMapper.shared().readValue(line, Visit.class))
        .forEach(visit -> VISITS.put(visit.vice(), visit));
    assertThat(keeper.onExit().join().exitValue()).as("the heap was enough").isZero();
  }

  private static Visit visit(String vice) {
    return Objects.requireNonNull(VISITS.get(vice));
  }

  static Stream<String> vices() {
    return Hostile.all().stream().map(Hostile::vice);
  }

  @Test
  void whatIsToldIsKnownOfEveryVice() {
    assertThat(vices()).hasSizeGreaterThan(40).containsExactlyInAnyOrderElementsOf(TOLD.keySet());
  }

  /** A quick vice is waited for a minute: a failure that is no time-out did not take that. */
  @ParameterizedTest(name = "a server that {0}")
  @MethodSource("vices")
  void eachViceIsToldByItsRightError(String vice) {
    List<Visit.Outcome> outcomes = visit(vice).outcomes();
    List<String> told = Objects.requireNonNull(TOLD.get(vice));
    assertThat(outcomes).hasSameSizeAs(told);
    for (int i = 0; i < told.size(); i++) {
      assertThat(whole(outcomes.get(i))).matches(pattern(told.get(i)));
    }
  }

  private static String whole(Visit.Outcome outcome) {
    return Stream.concat(Stream.of(outcome.text()), outcome.details().stream())
        .collect(Collectors.joining(" | "));
  }

  private static Pattern pattern(String told) {
    return Pattern.compile(
        Stream.of(told.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
        Pattern.DOTALL);
  }

  @ParameterizedTest(name = "a server that {0}")
  @MethodSource("vices")
  void anotherServerAnswersMeanwhile(String vice) {
    assertThat(visit(vice).meanwhile().answered()).isPositive();
  }

  @ParameterizedTest(name = "a server that {0}")
  @MethodSource("vices")
  void noProcessIsLeftAfterFiveSeconds(String vice) {
    assertThat(visit(vice).left()).isEmpty();
  }

  @ParameterizedTest(name = "a server that {0}")
  @MethodSource("vices")
  void whatIsToldIsNoLongerThanItHelps(String vice) {
    for (Visit.Outcome outcome : visit(vice).outcomes()) {
      assertThat(outcome.text()).hasSizeLessThan(Failures.MESSAGE_CHARS + 50);
      assertThat(String.join("", outcome.details())).hasSizeLessThan(Failures.DETAIL_CHARS + 50);
    }
  }
}
