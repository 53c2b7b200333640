package dev.workflow.definition;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {
  private static final List<String> NAMES = List.of("prompt", "planner", "timeout", "on_error");

  @Test
  void swappedLeftOutAndReplacedLettersAreNear() {
    assertThat(Nearest.to("promtp", NAMES)).contains("prompt");
    assertThat(Nearest.to("plnner", NAMES)).contains("planner");
    assertThat(Nearest.to("timeour", NAMES)).contains("timeout");
    assertThat(Nearest.to("On-Error", NAMES)).contains("on_error");
  }

  @Test
  void otherWordsAndTheWordItselfAreNotNear() {
    assertThat(Nearest.to("colour", NAMES)).isEmpty();
    assertThat(Nearest.to("prompt", List.of("prompt"))).isEmpty();
    assertThat(Nearest.to("a", List.of("b"))).isEmpty();
  }

  @Test
  void theNearestOfSeveralWinsAndTheAlphabetDecidesBetweenEquals() {
    assertThat(Nearest.to("step_2", List.of("step_3", "step_1", "steps_22"))).contains("step_1");
  }

  @Test
  void aHintNamesTheNearestElseWhatThereIs() {
    assertThat(Nearest.hint("promt", NAMES)).isEqualTo("Did you mean `prompt`?");
    assertThat(Nearest.hint("x", List.of("b", "a"))).isEqualTo("Known: a, b.");
    assertThat(Nearest.hint("x", List.of())).isEqualTo("There are none.");
  }
}
