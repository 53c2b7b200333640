package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * Every scenario that the official conformance suite has for clients of this specification. A
 * scenario that is listed among the expected failures must fail, any other must pass.
 */
@Tag("conformance")
@Isolated("One scenario measures how soon the client connects again.")
class ConformanceTest {
  private static final Pattern EXPECTED = Pattern.compile(" {2}- (\\S+) # (\\S.*)");

  /** Scenarios that cannot pass, in the order of the file, each with its reason. */
  private static Map<String, String> expectedFailures() throws IOException {
    Map<String, String> expected = new LinkedHashMap<>();
    try (InputStream in =
        ConformanceTest.class.getResourceAsStream("/mcp/conformance-failures.yaml")) {
      String file = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      for (String line : file.lines().filter(it -> !it.startsWith("#")).toList()) {
        Matcher matcher = EXPECTED.matcher(line);
        if (matcher.matches()) {
          expected.put(matcher.group(1), matcher.group(2));
        } else {
          assertThat(line).as("a line that is no '  - SCENARIO # REASON'").startsWith("client:");
        }
      }
    }
    return expected;
  }

  @TestFactory
  Stream<DynamicTest> everyScenarioPassesOrFailsAsExpected()
      throws IOException, InterruptedException {
    ConformanceSuite suite = ConformanceSuite.installed();
    Map<String, String> expected = expectedFailures();
    List<String> scenarios = suite.scenarios();
    assertThat(scenarios).contains("initialize", "tools_call", "auth/metadata-default");
    TreeSet<String> unknown = new TreeSet<>(expected.keySet());
    scenarios.forEach(unknown::remove);
    assertThat(unknown).as("expected failures that are no scenarios").isEmpty();
    return scenarios.stream()
        .map(name -> DynamicTest.dynamicTest(name, () -> check(suite, name, expected.get(name))));
  }

  private static void check(ConformanceSuite suite, String scenario, @Nullable String reason)
      throws IOException, InterruptedException {
    ConformanceSuite.Outcome outcome = suite.run(scenario);
    if (reason == null) {
      assertThat(outcome.passed()).as("%s%n%s", scenario, outcome.words()).isTrue();
    } else {
      assertThat(outcome.passed())
          .as("%s passes, though it was expected to fail (%s)", scenario, reason)
          .isFalse();
      System.out.println("expected failure: " + scenario + " (" + reason + ")");
    }
  }
}
