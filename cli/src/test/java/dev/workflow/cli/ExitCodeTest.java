package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Problem.Kind;
import dev.workflow.definition.Problem.Severity;
import dev.workflow.definition.Rule;
import dev.workflow.run.RunStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodeTest {

  @ParameterizedTest
  @CsvSource({
    "'', 0",
    "INVALID, 3",
    "MISSING, 4",
    "UNTRUSTED, 9",
    "MISSING INVALID, 3",
    "UNTRUSTED INVALID, 3",
    "UNTRUSTED MISSING, 4",
    "UNTRUSTED MISSING INVALID, 3",
  })
  void beforeTheStartInvalidComesBeforeMissingBeforeUntrusted(String errors, int code) {
    List<Problem> problems = new ArrayList<>();
    for (String kind : errors.isEmpty() ? new String[0] : errors.split(" ", -1)) {
      problems.add(problem(Severity.ERROR, Kind.valueOf(kind)));
    }

    assertThat(ExitCode.of(problems, false)).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "WARNING, INVALID, false, 0",
    "WARNING, INVALID, true, 0",
    "UNVERIFIED, MISSING, false, 0",
    "UNVERIFIED, MISSING, true, 4",
    "ERROR, INVALID, true, 3",
  })
  void whatIsUnverifiedCountsOnlyWhenItIsAskedFor(
      Severity severity, Kind kind, boolean strict, int code) {
    assertThat(ExitCode.of(List.of(problem(severity, kind)), strict)).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, false, false, 0",
    "FAILED,    false, false, 1",
    "CANCELLED, false, false, 1",
    "WAITING,   false, true,  5",
    "STOPPED,   false, false, 6",
    "STOPPED,   false, true,  5",
    "STOPPED,   true,  false, 8",
    "STOPPED,   true,  true,  8",
    "WAITING,   true,  true,  8",
    "RUNNING,   false, false, 130",
    "RUNNING,   true,  true,  130",
  })
  void atTheEndDoubtComesBeforeQuestionsBeforeLimits(
      RunStatus status, boolean inDoubt, boolean asks, int code) {
    assertThat(ExitCode.of(status, inDoubt, asks)).isEqualTo(code);
  }

  private static Problem problem(Severity severity, Kind kind) {
    return new Problem(severity, kind, Rule.UNKNOWN_KEY, Place.file("a.yaml"), "Wrong.", null);
  }
}
