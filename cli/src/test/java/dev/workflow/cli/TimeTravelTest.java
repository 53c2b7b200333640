package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run goes over to a changed definition, and begins again from any of its steps. */
class TimeTravelTest {
  private static final String FLOW =
      """
      name: flow
      inputs: {who: {type: string, default: you}}
      steps:
        free: {set: 1}
        words: {set: "${['a', 'b', 'c']}"}
        parts:
          each: w in words
          steps:
            big: {set: "${w + w}"}
            size: {set: "${big.size()}"}
          outputs: {size: "${size}", big: "${big}"}
        sum: {set: "${sum(parts.map(p, p.size))}", output: {type: integer}}
        greet: {set: "${'Hello ' + who}"}
        approve: {ask: "Go on with {sum}?"}
        last: {set: {sum: "${sum}", greet: "${greet}", free: "${free}"}, needs: [approve]}
      outputs: {last: "${last}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void anEmptyHome() {
    world = new CommandWorld(folder);
  }

  private String waiting() {
    String file = world.file("flow.yaml", FLOW);
    assertThat(world.run("run", file, "--run-id", "one", "--progress", "none").code()).isEqualTo(5);
    return file;
  }

  @Test
  void aResumeRefusesAChangedDefinitionAndSaysWhatIsDifferent() {
    waiting();
    world.file(
        "flow.yaml",
        FLOW.replace("${w + w}", "${w}")
            .replace("  free: {set: 1}", "  free: {set: 1}\n  new: {set: 2}")
            .replace("default: you", "default: me"));

    Result refused = world.run("resume", "one", "--yes");

    assertThat(refused)
        .isEqualTo(
            new Result(
                3,
                "",
                """
                  input who: changed default
                  step parts/big: changed set
                  step new: added
                Run one was not resumed: its definition has changed since it began.
                Go over to it, keeping what is equal:
                  workflow resume one --adopt
                Or restore FOLDER/flow.yaml and resume as before.
                """));
    JsonNode json = world.run("resume", "one", "-o", "json").json();
    assertThat(json.at("/errors/2/message").asString()).isEqualTo("step parts/big: changed set.");
  }

  @Test
  void commentsAndNotationMakeNoDifference() {
    waiting();
    world.file(
        "flow.yaml", "# A comment\n" + FLOW.replace("free: {set: 1}", "free:\n    set: 1 # one"));

    Result resumed = world.run("resume", "one", "--yes", "--progress", "none");

    assertThat(resumed.code()).isZero();
    assertThat(resumed.err()).doesNotContain("changed", "gone");
  }

  @Test
  void whatIsNotSoundIsToldAndNotAdopted() {
    waiting();
    world.file("flow.yaml", FLOW.replace("${w + w}", "${x + w}"));

    Result refused = world.run("resume", "one", "--yes");
    Result adopted = world.run("resume", "one", "--yes", "--adopt");

    assertThat(refused.code()).isEqualTo(3);
    assertThat(refused.err()).contains("There is no `x`", "is not sound any more");
    assertThat(adopted.code()).isEqualTo(3);
    assertThat(adopted.err()).contains("There is no `x`");
  }

  @Test
  void anAdoptedRunKeepsWhatIsEqualAndRunsTheRestAgain() throws IOException {
    String file = waiting();
    world.file("flow.yaml", FLOW.replace("size: {set: \"${big.size()}\"}", "size: {set: 5}"));

    Result adopted =
        world.run("resume", "one", "--adopt", "--yes", "--progress", "none", "-o", "json");

    assertThat(adopted.code()).isZero();
    assertThat(adopted.err())
        .startsWith(
            """
            Adopted:
              step parts/size: changed set
            Steps that begin anew:
              approve
              parts[0]/size
              parts[1]/size
              parts[2]/size
              sum
            """);
    JsonNode report = adopted.json();
    assertThat(report.at("/outputs/last/sum").asInt()).isEqualTo(15);
    assertThat(report.get("steps").propertyNames())
        .contains("parts[1]/size~1", "sum~1", "approve~1", "free", "greet", "last")
        .doesNotContain("parts[1]/big~1", "parts~1", "free~1", "greet~1", "last~1");
    Files.delete(Path.of(file));
    assertThat(world.run("resume", "one", "-o", "json").json()).isEqualTo(report);
    assertThat(world.run("runs", "show", "one").out())
        .contains("↻ the changed definition is adopted. step parts/size: changed set");
  }

  @Test
  void anAdoptionMayBeLeftWaitingAndIsResumedAsAdopted() {
    waiting();
    world.file("flow.yaml", FLOW.replace("free: {set: 1}", "free: {set: 2}"));

    assertThat(world.run("resume", "one", "--adopt").code()).isEqualTo(5);
    Result resumed = world.run("resume", "one", "--yes", "--progress", "none");

    assertThat(resumed.code()).isZero();
    assertThat(resumed.json().at("/last/free").asInt()).isEqualTo(2);
  }

  @Test
  void anAdoptionOfAnEqualDefinitionChangesNothing() {
    waiting();
    world.file("flow.yaml", FLOW + "# a comment\n");

    Result resumed = world.run("resume", "one", "--adopt", "--yes", "--progress", "none");

    assertThat(resumed.code()).isZero();
    assertThat(resumed.err()).startsWith("The definition means what it did");
    assertThat(world.run("runs", "export", "one").out()).doesNotContain("plan_changed");
  }

  @Test
  void aRunThatHasEndedAdoptsNothing() {
    waiting();
    world.run("resume", "one", "--yes");
    world.file("flow.yaml", FLOW.replace("free: {set: 1}", "free: {set: 2}"));

    Result adopted = world.run("resume", "one", "--adopt");

    assertThat(adopted.code()).isZero();
    assertThat(adopted.err()).contains("workflow fork one --at STEP");
    assertThat(adopted.json().at("/last/free").asInt()).isEqualTo(1);
  }

  @Test
  void aForkRunsOnlyTheStepAndWhatDependsOnIt() {
    waiting();
    world.run("resume", "one", "--yes");
    String before = world.run("runs", "export", "one").out();

    Result forked =
        world.run(
            "fork", "one", "--at", "parts[1]/size", "--run-id", "two", "--yes", "-o", "jsonl");

    assertThat(forked.code()).isZero();
    assertThat(forked.err()).startsWith("Run two is a fork of run one at parts[1]/size\n");
    assertThat(started(forked))
        .containsExactlyInAnyOrder("parts[1]/size", "sum", "approve", "last");
    assertThat(world.run("runs", "export", "one").out()).isEqualTo(before);
    assertThat(world.run("runs", "diff", "one", "two"))
        .isEqualTo(new Result(0, "Runs one and two do not differ.\n", ""));
    assertThat(world.run("runs", "list").out()).contains("succeeded, fork of one");
    assertThat(world.run("runs", "list", "-o", "json").json().at("/runs/0/forked_from"))
        .isEqualTo(json("'one'"));
    assertThat(world.run("runs", "show", "two").out())
        .contains("A fork of run one at parts[1]/size");
  }

  @Test
  void anInjectedOutputIsCheckedMarkedAndRead() {
    waiting();
    world.run("resume", "one", "--yes");

    Result refused = world.run("fork", "one", "--at", "sum", "--output", "\"many\"");
    assertThat(refused.code()).isEqualTo(2);
    assertThat(refused.err())
        .contains("The output does not fit step sum: expected integer, found \"many\"");
    Result forked =
        world.run(
            "fork",
            "one",
            "--at",
            "sum",
            "--output",
            "70",
            "--run-id",
            "two",
            "--yes",
            "-o",
            "json",
            "--progress",
            "none");

    assertThat(forked.code()).isZero();
    assertThat(forked.json().at("/outputs/last/sum").asInt()).isEqualTo(70);
    assertThat(forked.json().at("/steps/sum/injected").asBoolean()).isTrue();
    assertThat(forked.json().at("/steps/free").has("injected")).isFalse();
    assertThat(forked.json().get("forked_from")).isEqualTo(json("{'run':'one','at':'sum'}"));
    assertThat(world.run("runs", "show", "two").out()).contains("● sum  succeeded, injected  70");
    Result diff = world.run("runs", "diff", "one", "two");
    assertThat(diff.code()).isEqualTo(1);
    assertThat(diff.out())
        .isEqualTo(
            """
            - run one
            + run two
            - step sum attempts: 1
            + step sum attempts: 0
            + step sum injected: true
            - step sum output: 6
            + step sum output: 70
            - step last output /sum: 6
            + step last output /sum: 70
            - outputs /last/sum: 6
            + outputs /last/sum: 70
            """);
  }

  @Test
  void anotherInputRunsWhatReadsItAgain() {
    waiting();
    world.run("resume", "one", "--yes");

    Result forked =
        world.run(
            "fork", "one", "--at", "last", "--input", "who=me", "--run-id", "two", "-o", "jsonl");

    assertThat(forked.code()).isZero();
    assertThat(started(forked)).containsExactlyInAnyOrder("greet", "last");
    assertThat(world.run("resume", "two").json().at("/last/greet").asString())
        .isEqualTo("Hello me");
  }

  @Test
  void aForkOfAWaitingRunAsksAgainAndIsResumed() {
    waiting();

    Result forked = world.run("fork", "one", "--at", "sum", "--run-id", "two");

    assertThat(forked.code()).isEqualTo(5);
    assertThat(world.run("resume", "two", "--yes").code()).isZero();
    assertThat(world.run("resume", "one", "--yes").code()).isZero();
  }

  @Test
  void whatAForkCannotBeginFromIsAnError() {
    waiting();

    assertThat(world.run("fork", "one", "--at", "sume").err())
        .isEqualTo(
            """
            --at sume: error: Run one has no step sume. [unknown-step]
              Its steps: workflow runs show one
            """);
    assertThat(world.run("fork", "one", "--at", "sum", "--input", "whom=x").err())
        .contains("There is no input `whom`", "Did you mean `who`?");
    assertThat(world.run("fork", "one", "--at", "sum", "--output", "{").code()).isEqualTo(2);
    assertThat(world.run("fork", "one", "--at", "sum", "--model", "m=openai/gpt-5").code())
        .isEqualTo(4);
    assertThat(world.run("runs", "list").out()).doesNotContain("flow      cut off");
  }

  /** The steps that were prepared by the process itself. */
  private static List<String> started(Result result) {
    return result
        .out()
        .lines()
        .map(JsonMapper.shared()::readTree)
        .filter(event -> event.get("type").asString().equals("step_prepared"))
        .map(event -> event.get("step").asString())
        .toList();
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }
}
