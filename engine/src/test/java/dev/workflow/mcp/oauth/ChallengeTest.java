package dev.workflow.mcp.oauth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ChallengeTest {
  private static final Challenge ALL =
      new Challenge("insufficient_scope", List.of("a", "b"), "https://h/meta?x=1,2");

  private static Challenge read(String... headers) {
    return Challenge.of(List.of(headers));
  }

  @Test
  void aChallengeIsReadInEveryFormThatTheHeaderMayHave() {
    String parameters =
        "error=\"insufficient_scope\", scope=\"a b\", resource_metadata=\"https://h/meta?x=1,2\"";
    assertThat(read("Bearer " + parameters)).isEqualTo(ALL);
    assertThat(read("bearer  " + parameters.replace(", ", " ,\t"))).isEqualTo(ALL);
    assertThat(read("Bearer realm=\"x \\\" Bearer error=y\", " + parameters)).isEqualTo(ALL);
    assertThat(
            read(
                "Bearer " + parameters.replace("=\"insufficient_scope\"", " = insufficient_scope")))
        .isEqualTo(ALL);
    assertThat(read("Negotiate abc==, Basic realm=\"error=no\", Bearer " + parameters))
        .isEqualTo(ALL);
    assertThat(read("Basic realm=\"x\"", "Bearer " + parameters)).isEqualTo(ALL);
    assertThat(read("Bearer " + parameters + ", DPoP error=\"other\", scope=\"c\"")).isEqualTo(ALL);
  }

  @Test
  void whatIsNoChallengeOfOursSaysNothing() {
    for (String header :
        List.of(
            "", ",", "=", "\"", "Bearer", "Bearer ,,,=\"", "Basic scope=\"a\"", "Bearer x=\"\\")) {
      assertThat(read(header)).as(header).isEqualTo(Challenge.NONE);
    }
    assertThat(read("Bearer " + "x".repeat(100_000) + ", scope=\"a\"")).isEqualTo(Challenge.NONE);
  }
}
