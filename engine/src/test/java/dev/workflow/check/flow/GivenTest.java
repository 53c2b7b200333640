package dev.workflow.check.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.check.flow.Given.Part;
import dev.workflow.engine.Expressions.Share;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GivenTest {

  /** Each holds the next twice, so there are 2^60 ways to the last. */
  @Test
  void whatIsHeldTwiceIsLookedIntoOnce() {
    Given given = new Given.Node(7);
    for (int i = 0; i < 60; i++) {
      Map<String, Given> fields = new LinkedHashMap<>();
      fields.put("a", given);
      fields.put("b", given);
      given = new Given.Fields(fields);
    }

    assertThat(given.at(List.of(), Share.ALL)).containsExactly(new Part(7, List.of(), Share.ALL));
    assertThat(given.at(List.of("a", "b", "no such field"), Share.SOME))
        .containsExactly(new Part(7, List.of(), Share.SOME));
  }
}
