package dev.workflow.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ProblemTextTest {

  @Test
  void aProblemShowsWhereTheLineTheCaretAndWhatToDo() {
    Place place = new Place("travel.yaml", 12, 5, "    promt: plan {option}");

    assertThat(
            ProblemText.of(
                Problem.invalid(Rule.UNKNOWN_KEY, place, "Found `promt`.", "Say `prompt`.")))
        .isEqualTo(
            """
            travel.yaml:12:5: error: Found `promt`. [unknown-key]
              12 |     promt: plan {option}
                 |     ^
              Say `prompt`.\
            """);
  }

  @Test
  void aProblemWithoutLineOrHintIsOneLine() {
    assertThat(
            ProblemText.of(Problem.invalid(Rule.NO_FILE, Place.file("a.yaml"), "No file.", null)))
        .isEqualTo("a.yaml: error: No file. [no-file]");
  }

  @Test
  void aWholeLineHasNoCaret() {
    Problem problem = Problem.invalid(Rule.UNKNOWN_KEY, new Place("a", 3, 0, "b: c"), "Odd.", null);

    assertThat(ProblemText.of(problem)).isEqualTo("a:3: error: Odd. [unknown-key]\n  3 | b: c");
  }

  @Test
  void severalProblemsStandInReadingOrder() {
    Problem late = Problem.invalid(Rule.UNKNOWN_KEY, new Place("a", 10, 1, "k: v"), "Late.", null);
    Problem early = Problem.invalid(Rule.UNKNOWN_KEY, new Place("a", 9, 2, " "), "Early.", null);

    assertThat(ProblemText.of(List.of(late, early)))
        .isEqualTo(
            """
            a:9:2: error: Early. [unknown-key]

            a:10:1: error: Late. [unknown-key]
              10 | k: v
                 | ^\
            """);
  }

  @Test
  void theCaretKeepsItsColumnBehindTabsAndWideCharacters() {
    Problem tab = Problem.invalid(Rule.UNKNOWN_KEY, new Place("a", 1, 3, "\tx: y"), "T.", null);
    Problem wide = Problem.invalid(Rule.UNKNOWN_KEY, new Place("a", 1, 4, "東京: y"), "W.", null);

    assertThat(ProblemText.of(tab)).endsWith("  1 | \tx: y\n    | \t ^");
    assertThat(ProblemText.of(wide)).endsWith("  1 | 東京: y\n    |      ^");
  }

  @Test
  void aLongLineIsCutAroundTheCaret() {
    String line = "a".repeat(200) + "X" + "b".repeat(200);
    String[] shown =
        ProblemText.of(Problem.invalid(Rule.UNKNOWN_KEY, new Place("f", 1, 201, line), "L.", null))
            .split("\n", -1);

    assertThat(shown[1]).startsWith("  1 | …aaa").endsWith("bbb…").hasSize(6 + 122);
    assertThat(shown[1].charAt(shown[2].indexOf('^'))).isEqualTo('X');
  }

  @Test
  void charactersThatSteerATerminalAreShownAsReplacements() {
    Place place = new Place("a\u001b.yaml", 1, 1, "x: \u202Ey\u0007\uDB40\uDC41");
    Problem problem =
        Problem.invalid(Rule.UNKNOWN_KEY, place, "Found `\u001b[2J`.", "Not\u2066 this.");

    assertThat(ProblemText.of(problem))
        .isEqualTo(
            """
            a\uFFFD.yaml:1:1: error: Found `\uFFFD[2J`. [unknown-key]
              1 | x: \uFFFDy\uFFFD\uFFFD
                | ^
              Not\uFFFD this.\
            """);
  }
}
