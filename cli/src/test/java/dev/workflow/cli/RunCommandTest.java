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

class RunCommandTest {
  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void anEmptyHome() {
    world = new CommandWorld(folder);
  }

  private static final String SUM =
      """
      name: sum
      inputs:
        numbers: {type: array, items: {type: number}, description: What to add}
        label: {type: string, default: total}
        round?: boolean
      steps:
        squares: {each: n in numbers, set: "${n * n}"}
        broken: {fail: "No luck.", on_error: continue}
        total: {set: "${sum(squares)}"}
      outputs: {label: "${label}", total: "${total}"}
      """;

  private static final String ASKING =
      """
      name: asking
      steps:
        first: {set: 1}
        approve: {ask: "Go on with {first}?"}
        form:
          ask: Which color?
          form: {color: {type: string, enum: [red, green]}, count?: integer}
        last: {set: "${form.color}", needs: [approve]}
      outputs: {color: "${last}"}
      """;

  @Test
  void aPipeGetsPlainLinesAndTheOutputs() {
    String file = world.file("sum.yaml", SUM);

    Result result = world.run("run", file, "--input", "numbers=[1, 2, 3]", "--run-id", "one");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            {
              "label" : "total",
              "total" : 14
            }
            """);
    assertThat(result.err())
        .isEqualTo(
            """
            Run one of sum
            ◉ squares  3 elements
            ✗ broken  No luck.
            ● squares  T s
            ● total
            Run one succeeded, T s since its start. Steps: 2 succeeded, 1 failed.
            """);
  }

  @Test
  void jsonIsOneObjectAndProgressCanBeSwitchedOff() {
    String file = world.file("sum.yaml", SUM);
    String inputs = world.file("inputs.yaml", "numbers: [1, 2]\nlabel: from the file\n");

    Result result =
        world.run(
            "run",
            file,
            "--inputs",
            inputs,
            "--input",
            "label=mine",
            "--progress",
            "none",
            "-o",
            "json",
            "--run-id",
            "one");

    assertThat(result.err())
        .isEqualTo(
            """
            Run one of sum
            Run one succeeded, T s since its start. Steps: 2 succeeded, 1 failed.
            """);
    assertThat(result.out()).hasLineCount(1);
    JsonNode report = result.json();
    assertThat(report.propertyNames())
        .containsExactly(
            "run",
            "workflow",
            "status",
            "simulated",
            "outputs",
            "steps",
            "pending",
            "errors",
            "warnings",
            "replans",
            "usage",
            "started",
            "ended");
    assertThat(report.get("outputs").toString()).isEqualTo("{\"label\":\"mine\",\"total\":5}");
    assertThat(report.get("errors").isEmpty()).isTrue();
  }

  /** Three letters by scripted answers that pretend to take 100 tokens each. */
  private String letters(String limits, String step) {
    world.file(
        "answers.yaml",
        "answers: [{answer: Dear friend, usage: {input_tokens: 80, output_tokens: 20}}]\n");
    return world.file(
        "letters.yaml",
        """
        agents: {writer: {model: openai/gpt-5}}
        simulate: answers.yaml
        limits: {%s}
        steps:
          places: {set: [Raglan, Kawhia, Mokau]}
          letters: {each: place in places, agent: writer, prompt: "write to {place}"%s}
        outputs: {places: "${places}", letters: "${letters}"}
        """
            .formatted(limits, step));
  }

  @Test
  void aRunThatComesToItsLimitStopsAndGoesOnWithAHigherOne() {
    String file = letters("tokens: 250, concurrency: 1", "");

    Result stopped = world.run("run", file, "--run-id", "one", "-o", "json", "--progress", "plain");

    assertThat(stopped.code()).isEqualTo(6);
    assertThat(stopped.err().lines().skip(6))
        .containsExactly(
            "Run one of letters",
            "● places",
            "◉ letters  3 elements",
            "◉ letters[0]  agent writer",
            "● letters[0]  T s",
            "◉ letters[1]  agent writer",
            "! The run has used 200 of the 250 tokens that limits.tokens allows",
            "● letters[1]  T s",
            "◉ letters[2]  agent writer",
            "! The run has used 200 of the 250 tokens that limits.tokens allows; the next call may"
                + " take 100",
            "Run one was stopped by a limit (simulated: no AI model answered), T s since its start."
                + " Steps: 1 running, 1 succeeded.",
            "Go on with a higher limit:  workflow resume one --limit tokens=500");
    assertThat(stopped.json().at("/outputs").toString())
        .isEqualTo("{\"places\":[\"Raglan\",\"Kawhia\",\"Mokau\"]}");
    assertThat(stopped.json().at("/warnings").toString())
        .isEqualTo("[\"The run has used 200 of the 250 tokens that limits.tokens allows\"]");
    assertThat(stopped.json().at("/usage").toString())
        .isEqualTo(
            "{\"tool_calls\":0,\"model_calls\":2,\"input_tokens\":160,\"output_tokens\":40,"
                + "\"cost\":\"none\"}");

    Result again = world.run("resume", "one", "-o", "json");
    assertThat(again.code()).isEqualTo(6);
    assertThat(again.json().at("/usage/model_calls").asInt()).isEqualTo(2);

    Result ended = world.run("resume", "one", "--limit", "tokens=500", "-o", "json");
    assertThat(ended.code()).isZero();
    assertThat(ended.json().at("/usage/model_calls").asInt()).isEqualTo(3);
  }

  @Test
  void aStepThatComesToItsOwnLimitFailsAndIsNotTriedAgain() {
    String file =
        letters("concurrency: 1", ", limits: {model_calls: 2}, retry: {max: 3, on: [guard]}");

    Result result = world.run("run", file, "-o", "json");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.json().at("/steps").get("letters[2]").toString())
        .isEqualTo(
            "{\"status\":\"failed\",\"attempts\":1,\"error\":{\"kind\":\"limit\",\"message\":"
                + "\"Step letters has made the 2 model calls that limits.model_calls allows\"}}");
  }

  @Test
  void aStepWhoseTimeIsUsedUpGivesUpWhatIsInsideAndIsFollowedAsAnyFailureIs() {
    String file =
        world.file(
            "slow.yaml",
            """
            steps:
              slow: {steps: {nap: {wait: 9h}}, limits: {time: 100ms}, on_error: continue}
              after: {set: "${steps.slow.status}"}
            outputs: {after: "${after}"}
            """);

    Result result = world.run("run", file, "-o", "json");

    assertThat(result.code()).as(result.err()).isZero();
    assertThat(result.json().at("/outputs").toString()).isEqualTo("{\"after\":\"failed\"}");
    assertThat(result.json().at("/steps/slow").toString())
        .isEqualTo(
            "{\"status\":\"failed\",\"attempts\":1,\"error\":{\"kind\":\"limit\",\"message\":"
                + "\"Step slow has worked for the 100ms that limits.time allows\"}}");
    assertThat(result.json().at("/steps").get("slow/nap").path("status").asString())
        .isEqualTo("cancelled");
    assertThat(result.json().at("/warnings").toString())
        .startsWith("[\"Step slow has worked for ")
        .endsWith(" of the 100ms that limits.time allows\"]");
  }

  @Test
  void pricesAreReadFromAFileAndAModelWithoutOneCannotBeLimited() {
    String file =
        world.file(
            "own.yaml",
            """
            agents: {writer: {model: openai/own}}
            limits: {cost: 2.00 USD}
            steps: {letter: {agent: writer, prompt: write}}
            """);
    String prices =
        world.file(
            "p.json", "{\"own\":{\"input_cost_per_token\":1e-6,\"output_cost_per_token\":2e-6}}");
    world.with("OPENAI_API_KEY", "k");

    assertThat(world.run("validate", file).err())
        .contains(
            "own.yaml:2:16: error: The price of openai/own is not known, so the cost cannot be"
                + " limited. [unknown-price]");
    assertThat(world.run("run", file).code()).isEqualTo(4);
    String unlimited =
        world.file(
            "free.yaml",
            "agents: {writer: {model: openai/own}}\nsteps: {letter: {agent: writer, prompt: write}}\n");
    assertThat(world.run("run", unlimited, "--limit", "cost=1 USD", "--dry-run"))
        .isEqualTo(
            new Result(
                4,
                "",
                """
                --limit cost: error: The price of openai/own is not known, so the cost cannot be limited. [unknown-price]
                  Give it with --prices FILE, or remove the limit.
                """));
    assertThat(world.run("run", unlimited, "--dry-run").code()).isZero();
    assertThat(world.run("validate", file, "--prices", prices).code()).isZero();
    world.file("home/prices.json", "{\"openai/own\":[]}");
    assertThat(world.run("validate", file).code()).isEqualTo(4);
    assertThat(world.run("validate", file, "--prices", "absent.json"))
        .isEqualTo(new Result(2, "", "workflow: absent.json: cannot be read: absent.json.\n"));
  }

  @Test
  void jsonLinesAreTheEventsAndExportPrintsTheSame() {
    String file = world.file("sum.yaml", SUM);

    Result result =
        world.run("run", file, "--input", "numbers=[]", "-o", "jsonl", "--run-id", "one");

    List<JsonNode> events = result.out().lines().map(JsonMapper.shared()::readTree).toList();
    assertThat(events.getFirst().get("type").asString()).isEqualTo("run_started");
    assertThat(events.getLast().get("type").asString()).isEqualTo("run_finished");
    assertThat(world.run("runs", "export", "last").out()).isEqualTo(result.out());
  }

  @Test
  void missingAndUnknownInputsListWhatThereIs() {
    String file = world.file("sum.yaml", SUM);

    Result result = world.run("run", file, "--input", "lable=x");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .isEqualTo(
            """
            --input lable: error: There is no input `lable`. [unknown-input]
              Did you mean `label`?

            --input numbers: error: Input `numbers` (list) is required. [missing-input]
              Give it: --input numbers=VALUE. numbers: What to add

            Inputs of sum:
              numbers: list, required. What to add
              label: string, default "total"
              round: boolean, optional
            For example:
              workflow run FOLDER/sum.yaml --input 'numbers=[]'
            """);
  }

  @Test
  void whatIsWrongWithInputsIsAnObjectForScripts() {
    String file = world.file("sum.yaml", SUM);

    JsonNode errors = world.run("run", file, "-o", "json").json().get("errors");

    assertThat(errors.size()).isEqualTo(1);
    assertThat(errors.get(0).get("rule").asString()).isEqualTo("missing-input");
  }

  @Test
  void anInputMayComeFromAFile() {
    String file = world.file("sum.yaml", SUM);
    String numbers = world.file("numbers.json", "[4]");

    Result result =
        world.run("run", file, "--input", "numbers=@" + numbers, "--input", "label=@@home");

    assertThat(result.out()).contains("\"label\" : \"@home\"").contains("\"total\" : 16");
  }

  @Test
  void aDefinitionThatIsWrongIsToldBeforeItsInputs() {
    String file = world.file("bad.yaml", SUM.replace("squares)", "sqares)"));

    Result result = world.run("run", file, "-o", "json");

    assertThat(result.code()).isEqualTo(3);
    assertThat(result.err()).contains("bad.yaml:9:").contains("squares");
    assertThat(result.json().get("errors").get(0).get("line").asInt()).isEqualTo(9);
  }

  @Test
  void aWorkflowMayComeFromStandardInput() {
    Result result =
        world.piped("name: a\nsteps: {one: {set: 1}}\noutputs: {one: '${one}'}", "run", "-");

    assertThat(result.code()).isZero();
    assertThat(result.out()).isEqualTo("{\n  \"one\" : 1\n}\n");
  }

  @Test
  void withoutATerminalItPausesAndPrintsTheExactLinesThatGoOn() {
    String file = world.file("asking.yaml", ASKING);

    Result paused = world.run("run", file, "--run-id", "one");

    assertThat(paused.code()).isEqualTo(5);
    assertThat(paused.out()).isEmpty();
    assertThat(paused.err())
        .isEqualTo(
            """
            Run one of asking
            ● first
            ◎ form  asks: Which color?
            ◎ approve  asks: Go on with 1?
            Run one waits for a person, T s since its start. Steps: 1 pending, 2 waiting, 1 succeeded.

            approve asks: Go on with 1?
              approve: workflow resume one --answer 'approve={"decision":"approve"}'
              reject:  workflow resume one --answer 'approve={"decision":"reject"}'

            form asks: Which color?
              answer like this:  workflow resume one --answer 'form={"color":"red","count":1}'
            """);

    Result half = world.run("resume", "last", "--yes");
    assertThat(half.code()).isEqualTo(5);

    Result done = world.run("resume", "o", "--answer", "form={\"color\":\"green\"}");
    assertThat(done.code()).isZero();
    assertThat(done.out()).isEqualTo("{\n  \"color\" : \"green\"\n}\n");

    Result again = world.run("resume", "one", "-o", "json");
    assertThat(again.code()).isZero();
    assertThat(again.json().get("status").asString()).isEqualTo("succeeded");
    assertThat(again.err())
        .isEqualTo(
            """
            Run one has ended before; this is its result.
            Run one succeeded, T s since its start. Steps: 4 succeeded.
            """);
  }

  @Test
  void answersCanBeGivenBeforeTheyAreAskedFor() {
    String file = world.file("asking.yaml", ASKING);

    Result result =
        world.run(
            "run",
            file,
            "--answer",
            "approve={\"decision\":\"approve\"}",
            "--answer",
            "form={\"color\":\"red\"}");

    assertThat(result.code()).isZero();
  }

  @Test
  void aPersonAtATerminalIsAsked() {
    String file = world.file("asking.yaml", ASKING);

    Result result =
        world.typing("blue", "red", "", "a", "").run("run", file, "--progress", "plain");

    assertThat(result.code()).isZero();
    assertThat(result.err())
        .contains(
            """

            ◎ form asks:
              Which color?
              color (red|green):   ! Input `color` does not fit: expected one of "red", "green", found "blue".
              color (red|green):   count (integer, Enter: none):\s""")
        .contains(
            "◎ approve asks:\n  Go on with 1?\n  [a]pprove or [r]eject?   note (Enter: none): ");
  }

  @Test
  void aPersonWhoLeavesIsNobody() {
    String file = world.file("asking.yaml", ASKING);

    assertThat(world.typing().run("run", file, "--progress", "plain").code()).isEqualTo(5);
  }

  @Test
  void anAnswerToNoQuestionIsRefusedBeforeAnythingStarts() {
    String file = world.file("asking.yaml", ASKING);

    Result unknown = world.run("run", file, "--answer", "aprove={\"decision\":\"approve\"}");
    assertThat(unknown)
        .isEqualTo(
            new Result(
                2,
                "",
                "workflow: --answer aprove: there is no step aprove. Did you mean approve?"
                    + " Steps that ask: approve, form.\n"));

    assertThat(world.run("run", file, "--answer", "first=1").err())
        .isEqualTo(
            "workflow: --answer first: the step asks nobody. Steps that ask: approve, form.\n");
    assertThat(world.run("run", file, "--answer", "approve=yes").err())
        .isEqualTo(
            "workflow: --answer approve: expected JSON such as '{\"decision\":\"approve\"}', found"
                + " 'yes'. Quote the whole argument for the shell.\n");
    assertThat(world.run("runs", "list").err()).startsWith("There is no run yet.");
  }

  @Test
  void anAnswerThatDoesNotFitSaysWhatIsExpected() {
    world.run("run", world.file("asking.yaml", ASKING), "--run-id", "one", "--yes");

    Result result =
        world.run("resume", "one", "--answer", "form={\"color\":\"blue\"}", "-o", "json");

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.err())
        .isEqualTo(
            """
            workflow: --answer form: /color: expected one of "red", "green", found "blue".
            Expected an answer such as {"color":"red","count":1}.
            Waiting: form: Which color?
            """);
    assertThat(result.json().at("/errors/0/kind").asString()).isEqualTo("usage");
    assertThat(world.run("resume", "one", "--answer", "approve={\"decision\":\"reject\"}").err())
        .isEqualTo(
            "workflow: --answer approve: the step has ended (succeeded). Waiting for an answer:"
                + " form.\n");
  }

  @Test
  void aRejectionFailsTheRun() {
    String file = world.file("asking.yaml", ASKING);

    Result result =
        world.run(
            "run",
            file,
            "--run-id",
            "one",
            "--progress",
            "none",
            "--answer",
            "approve={\"decision\":\"reject\",\"note\":\"too far\"}",
            "--answer",
            "form={\"color\":\"red\"}");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            """
            Run one of asking
            ✗ approve: Rejected: too far
            Run one failed, T s since its start. Steps: 2 succeeded, 1 failed, 1 blocked.
            """);
  }

  @Test
  void aLimitStopsTheRunAndAHigherOneGoesOn() {
    String file =
        world.file(
            "slow.yaml", "name: slow\nsteps: {a: {wait: 300ms}, b: {wait: 1ms, needs: [a]}}\n");

    Result stopped = world.run("run", file, "--limit", "time=50ms", "--run-id", "one");
    assertThat(stopped.code()).isEqualTo(6);
    assertThat(stopped.err())
        .endsWith("Go on with a higher limit:  workflow resume one --limit time=100ms\n");

    assertThat(world.run("resume", "one", "--limit", "time=1m").code()).isZero();
  }

  @Test
  void whatIsWrongWithAnOptionIsToldBeforeAnythingIsRead() {
    assertThat(world.run("run", "no.yaml", "--limit", "concurency=2"))
        .isEqualTo(
            new Result(
                2,
                "",
                "workflow: --limit concurency: Unknown limit `concurency`. Did you mean"
                    + " `concurrency`?\n"));
    assertThat(world.run("run", "no.yaml", "--run-id", "last").err())
        .isEqualTo(
            "workflow: --run-id: expected at most 64 letters, digits, - and _ and not the word"
                + " last, found 'last'.\n");
  }

  @Test
  void aResumeGoesOnWhenTheFileIsGone() throws IOException {
    String file = world.file("asking.yaml", ASKING);
    world.run("run", file, "--run-id", "one", "--yes");
    Files.delete(Path.of(file));

    Result result =
        world.run("resume", "one", "--progress", "none", "--answer", "form={\"color\":\"red\"}");

    assertThat(result.code()).isZero();
    assertThat(result.err())
        .startsWith("! FOLDER/asking.yaml is gone; going on with the journaled definition.\n");
  }

  @Test
  void aFailureIsToldOnceAndWhole() {
    String why = "line one\n" + "x".repeat(300);
    String file =
        world.file(
            "failing.yaml",
            """
            name: failing
            steps:
              a: {fail: "%s"}
              b: {set: "${a}"}
            """
                .formatted(why.replace("\n", "\\n")));

    assertThat(world.run("run", file, "--run-id", "one").err())
        .isEqualTo(
            """
            Run one of failing
            ✗ a  line one
                %s
            – b  blocked: needs a
            Run one failed, T s since its start. Steps: 1 failed, 1 blocked.
            """
                .formatted("x".repeat(300)));
    assertThat(world.run("run", file, "--run-id", "two", "--progress", "none").err())
        .isEqualTo(
            """
            Run two of failing
            ✗ a: line one
                %s
            Run two failed, T s since its start. Steps: 1 failed, 1 blocked.
            """
                .formatted("x".repeat(300)));
    assertThat(world.run("resume", "two").err()).contains("✗ a: line one\n    xxx");
  }

  @Test
  void aRequiredServerThatCannotStartStopsTheRunThoughNoStepUsesIt() {
    String file = world.file("alone.yaml", "name: alone\nsteps: {a: {set: 1}}\n");
    String servers =
        "{\"mcpServers\": {\n  \"gone\": {\"command\": \"no-such-program\", \"required\": %s}}}\n";
    world.file("home/mcp.json", servers.formatted("true"));

    Result result = world.run("run", file, "-o", "json");

    assertThat(result.code()).isEqualTo(4);
    assertThat(result.json().at("/errors/0/rule").asString()).isEqualTo("server-unavailable");
    assertThat(result.err())
        .startsWith(
            "FOLDER/home/mcp.json:2:3: error: Server `gone`, which is `required`, cannot be used:"
                + " server 'gone' did not start: the command 'no-such-program' was not found");
    assertThat(world.run("validate", file, "--probe").code()).isEqualTo(4);
    assertThat(world.run("validate", file, "--strict").err())
        .contains(
            "Server `gone` was never started here, so this is not verified: whether it starts");
    assertThat(world.run("runs", "list").err()).startsWith("There is no run yet.");

    world.file("home/mcp.json", servers.formatted("false"));
    assertThat(world.run("run", file).code()).isZero();
    assertThat(world.run("validate", file, "--strict").code()).isZero();
  }

  @Test
  void anIdThatIsTakenIsAWrongCommandLine() {
    String file = world.file("asking.yaml", ASKING);
    world.run("run", file, "--run-id", "one");

    assertThat(world.run("run", file, "--run-id", "one", "-o", "text"))
        .isEqualTo(
            new Result(
                2,
                "",
                "workflow: --run-id one: there is a run of that id already. Choose another id, or go"
                    + " on with it: workflow resume one\n"));
    assertThat(world.run("run", file, "--run-id", "on").code()).isEqualTo(5);
  }

  @Test
  void aPipeIsReadOnceAndADeviceWithoutEndIsRefused() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Thread writer =
        Thread.ofPlatform()
            .daemon()
            .start(() -> world.file("pipe", "name: piped\nsteps: {a: {set: 1}}\n"));

    assertThat(world.run("run", pipe.toString(), "--run-id", "one").err())
        .startsWith("Run one of piped\n");
    writer.join();

    for (String command : List.of("run", "validate", "inspect")) {
      Result endless = world.run(command, "/dev/zero");
      assertThat(endless.code()).as(command).isEqualTo(3);
      assertThat(endless.err()).contains("Expected a file of at most 1 MiB, found a larger one.");
    }
  }

  @Test
  void noRunIsAnnouncedThatTheJournalCannotBegin() {
    String file = world.file("asking.yaml", ASKING);
    world.with("WORKFLOW_HOME", file);

    assertThat(world.run("run", file))
        .isEqualTo(
            new Result(
                1,
                "",
                "workflow: Journal FOLDER/asking.yaml: the folder cannot be made or written: there"
                    + " is a file of that name. Name another one in WORKFLOW_HOME.\n"));
  }

  @Test
  void anAnswerToAnElementOfAStepWithoutEachIsRefused() {
    String file = world.file("asking.yaml", ASKING);

    assertThat(world.run("run", file, "--answer", "approve[0]={\"decision\":\"approve\"}").err())
        .isEqualTo(
            "workflow: --answer approve[0]: there is no step approve[0]. Did you mean approve?"
                + " Steps that ask: approve, form.\n");
  }

  @Test
  void withTrustWhatElseIsMissingIsToldOfTheServersThemselves() {
    String file =
        world.file(
            "missing.yaml",
            """
            name: missing
            mcp: {gone: {command: no-such-program}}
            steps:
              a: {tool: gone/do}
              b: {tool: nowhere/do}
            """);

    Result trusting = world.run("run", file, "--trust");
    assertThat(trusting.code()).isEqualTo(4);
    assertThat(trusting.err())
        .contains("server 'gone' did not start", "There is no server `nowhere`")
        .doesNotContain("is not approved");
    Result careful = world.run("run", file);
    assertThat(careful.code()).isEqualTo(4);
    assertThat(careful.err()).contains("server 'gone' is not approved");
  }

  @Test
  void aWorkflowWithoutInputsSaysSo() {
    String file = world.file("asking.yaml", ASKING);

    assertThat(world.run("run", file, "--input", "x=1").err())
        .endsWith("asking takes no inputs.\n");
  }

  @Test
  void aDryRunShowsWhatIsKnownAndStartsNothing() {
    String file =
        world.file(
            "plan.yaml",
            """
            name: plan
            inputs: {names: [string]}
            mcp: {files: {command: no-such-program}}
            steps:
              upper: {set: "${names[0]}"}
              read:
                each: n in names
                tool: files/read
                with: {path: "${n}", first: "${upper}"}
              sum: {set: "${read}", when: size(names) > 2}
              ask: {ask: "Use {read} of {names}?"}
            """);

    Result result = world.run("run", file, "--input", "names=[\"a\",\"b\"]", "--dry-run");

    assertThat(result.code()).isZero();
    assertThat(result.out())
        .isEqualTo(
            """
            Dry run of plan: nothing is started.
            Inputs: {"names":["a","b"]}
            ○ upper  set
                a
            ○ read  tool files/read  each n in names (2 elements)  after upper
                {"path":"${n}","first":"a"}
            ○ sum  set  will be skipped  after read
                ${read}
            ○ ask  ask approve or reject  after read
                Use {read} of {names}?
            Exactly 2 tool calls and 0 model calls. Limits: 200 tool calls, 30m, 8 steps at a time.
            No digest: what is not verified may turn out otherwise. --probe starts the servers and looks.
            """);
    assertThat(world.run("runs", "list").out()).isEmpty();
    Result json = world.run("run", file, "--input", "names=[]", "--dry-run", "-o", "json");
    assertThat(json.json().at("/calls/tool_calls").asInt()).isZero();
  }

  @Test
  void serversOfAWorkflowNeedAnApproval() {
    String file =
        world.file(
            "server.yaml",
            "name: s\nmcp: {srv: {command: no-such-program}}\nsteps: {a: {tool: srv/x, with: {}}}\n");

    Result refused = world.run("run", file, "-o", "json");
    assertThat(refused.code()).isEqualTo(9);
    assertThat(refused.err())
        .contains("  command: \"no-such-program\"\n")
        .endsWith(
            """
            Nothing was started: server srv is not approved.
            To approve what is shown above, for all runs, in a terminal:
              workflow mcp trust srv --from FOLDER/server.yaml
            To start what is wanted here this time alone (a run: in its resumes, too):
              workflow run FOLDER/server.yaml -o json --trust
            """);
    assertThat(refused.json().at("/errors/0/kind").asString()).isEqualTo("untrusted");

    assertThat(world.typing("n").run("run", file).code()).isEqualTo(9);
    assertThat(world.typing("y").run("run", file).code()).isEqualTo(4);
    assertThat(new CommandWorld(folder).run("run", file).code()).isEqualTo(4);
  }
}
