package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tools by what they do, over a real server whose names nobody knows. */
class RankingTest {
  private static final String FORECAST =
      """
      name: outlook
      mcp:
        other: {command: no-such-program}
      steps:
        look: {capability: weather_forecast, with: {place: Raglan, date: "2027-02-06"}}
      outputs: {look: "${look}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));
  private String file = "";

  @BeforeEach
  void aServerThatWasStartedOnce() throws IOException {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":", -1))
            .anyMatch(each -> Files.isExecutable(Path.of(each, "node"))),
        "not run: node is missing");
    world = new CommandWorld(folder).with("PATH", System.getenv("PATH"));
    try (InputStream in = RankingTest.class.getResourceAsStream("/ranking/sky.mjs")) {
      Files.copy(Objects.requireNonNull(in), folder.resolve("sky.mjs"));
    }
    // The user's own server, whose word on effects counts.
    world.file(
        "home/mcp.json",
        "{\"mcpServers\": {\"sky\": {\"command\": \"node\", \"args\": [\"%s\"]}}}"
            .formatted(folder.resolve("sky.mjs")));
    world.file("both.yaml", withSky());
    file =
        world.file("one.yaml", FORECAST.replace("mcp:\n  other: {command: no-such-program}\n", ""));
    world.run("tools", "list", file, "--probe");
  }

  @Test
  void toolsAreSuggestedByWhatTheyDoAndServersThatWereNotAskedAreNamed() {
    String both = folder.resolve("both.yaml").toString();
    Result text = world.run("tools", "suggest", "calculate mortgage", "--from", both);
    assertThat(text.code()).isZero();
    assertThat(text.out())
        .startsWith("TOOL")
        .containsPattern("\nloan_helper +sky +0\\.\\d\\d +Calculates a mathematical expression\\.");
    assertThat(text.err()).contains("Never started, so their tools are not known: other.");

    Result json =
        world.run("tools", "suggest", "will it rain tomorrow", "--from", both, "-o", "json");
    assertThat(json.json().at("/tools/0/tool").asString()).isEqualTo("sky/daily_weather_outlook");
    assertThat(json.json().at("/tools/0/server").asString()).isEqualTo("sky");
    assertThat(json.json().at("/tools/0/confidence").asDouble()).isBetween(0.1, 1.0);
    assertThat(json.json().at("/not_asked/0").asString()).isEqualTo("other");
    assertThat(json.json().path("method").asString()).isEqualTo("BM25");
  }

  @Test
  void whatNothingIsKnownOfIsSaid() {
    assertThat(world.run("tools", "suggest", "zzz", "--from", file).err())
        .isEqualTo("None of 3 tools has anything in common with that.\n");
    world.remove("home/mcp.json");
    assertThat(world.run("tools", "suggest", "zzz").err())
        .startsWith("No tool is known here. Servers stand in ");
  }

  @Test
  void aCapabilityThatNoToolIsNamedForIsBoundByTheRankingAndExplained() {
    assertThat(world.run("inspect", file, "--explain").out())
        .containsPattern(
            "weather_forecast by sky/daily_weather_outlook, for step `look`: by far the likeliest"
                + " \\(sky/daily_weather_outlook \\d\\.\\d\\d\\)\n"
                + "    of 3 tools, by BM25 alone: sky/daily_weather_outlook \\d\\.\\d\\d");
    assertThat(world.run("inspect", file).out()).doesNotContain("BM25");

    Result run = world.run("run", file, "--trust", "-o", "json");
    assertThat(run.code()).isZero();
    assertThat(run.json().at("/outputs/look").toString()).contains("fine");
  }

  @Test
  void whatServesACapabilityWellInEarlierRunsIsRankedHigher() {
    String before = confidence();
    world.run("run", file, "--trust");
    world.run("run", file, "--trust");
    assertThat(confidence()).isGreaterThan(before);
  }

  private String confidence() {
    String out = world.run("inspect", file, "--explain").out();
    String alone = "alone: sky/daily_weather_outlook ";
    int from = out.indexOf(alone) + alone.length();
    return out.substring(from, from + 4);
  }

  @Test
  void whatTheRankingBoundIsLockedAndThenTakenFromTheLock() throws IOException {
    assertThat(world.run("lock", file).code()).isZero();
    try (Stream<Path> files = Files.walk(folder)) {
      Path lock = files.filter(each -> each.endsWith("workflow.lock")).findFirst().orElseThrow();
      assertThat(Files.readString(lock))
          .contains("\"weather_forecast\": \"sky/daily_weather_outlook\"");
    }
    assertThat(world.run("inspect", file).out())
        .contains(
            "weather_forecast by sky/daily_weather_outlook, for step `look`: the lock file names"
                + " it");
  }

  @Test
  void nothingIsGuessedWhileAServerIsNotAsked() {
    Result validated = world.run("validate", folder.resolve("both.yaml").toString());
    assertThat(validated.code()).isZero();
    assertThat(validated.out() + validated.err())
        .contains("capability `weather_forecast` of step `look`");
  }

  @Test
  void whatIsNotCertainIsRefusedWithWhatItMayBe() {
    String twice =
        withSky()
            .replace("other: {command: no-such-program}", "two: {command: node, args: [\"TWO\"]}")
            .replace("TWO", folder.resolve("sky2.mjs").toString());
    try {
      Files.copy(folder.resolve("sky.mjs"), folder.resolve("sky2.mjs"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String path = world.file("twice.yaml", twice);
    world.run("tools", "list", path, "--probe", "--trust");

    Result validated = world.run("validate", path);
    assertThat(validated.code()).isEqualTo(4);
    assertThat(validated.out() + validated.err())
        .containsPattern(
            "Capability `weather_forecast` of step `look` is the name of no tool, and none is"
                + " surely meant: sky/daily_weather_outlook \\d\\.\\d\\d,"
                + " two/daily_weather_outlook \\d\\.\\d\\d \\(too near each other\\)\\."
                + " \\[ambiguous-capability\\]")
        .contains("Choose one: `bindings: {weather_forecast: sky/daily_weather_outlook}`.");
  }

  @Test
  void skillsAreFoundByWhatTheyAreAbout() {
    skill("day-trip", "Plan a day trip with weather and routes.");
    skill("minutes", "Write the minutes of a meeting.");

    Result found =
        world.run("skill", "search", "weather", "--workspace", folder.toString(), "-o", "json");
    assertThat(found.json().path("skills").size()).isEqualTo(1);
    assertThat(found.json().at("/skills/0/name").asString()).isEqualTo("day-trip");
    assertThat(
            world.run("skill", "recommend", "plan a trip", "--workspace", folder.toString()).out())
        .containsPattern("day-trip +project +[01]\\.\\d\\d +Plan a day trip");
    assertThat(world.run("skill", "search", "zzz", "--workspace", folder.toString()).err())
        .isEqualTo("None of 2 skills fits that.\n");
  }

  /** The same server, defined by the workflow. */
  private String withSky() {
    return FORECAST.replace(
        "mcp:\n",
        "mcp:\n  sky: {command: node, args: [\"%s\"]}\n".formatted(folder.resolve("sky.mjs")));
  }

  private void skill(String name, String description) {
    world.file(
        "skills/" + name + "/SKILL.md",
        "---\nname: %s\ndescription: %s\n---\nDo it well.\n".formatted(name, description));
  }
}
