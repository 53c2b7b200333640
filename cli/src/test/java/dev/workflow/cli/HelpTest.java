package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HelpTest {
  @TempDir private Path folder;

  @Test
  void aloneItSaysWhatThereIsAndHowToBegin() {
    CommandWorld.Result alone = new CommandWorld(folder).run();

    assertThat(alone.out())
        .isEqualTo(
            """
            Usage: workflow [OPTIONS] COMMAND
            Runs multi-agent workflows written in YAML, journaled and resumable.

            Options:
              -h, --help      Shows this help.
                  --debug     Shows the stack trace of a failure.
                  --version   Shows the version.

            Commands:
              run         Runs a workflow.
              resume      Goes on with a run that waits, was stopped or was cut off.
              fork        Begins a new run that goes on from a step of another.
              runs        Lists, shows, compares, cancels, deletes and exports runs.
              plan        Makes, lists, shows, runs, resumes and deletes plans.
              validate    Checks workflows and skills and tells everything that is wrong.
                            Starts nothing.
              test        Runs the cases of workflows and skills: no keys, servers or
                            waiting.
              inspect     Shows the graph of a workflow, or of what a run has run and where
                            it stands.
              trace       Reads the journal of a run back as what happened.
              tools       Lists the tools of the MCP servers in force, finds and calls one.
              mcp         Adds, lists, changes, tests and approves MCP servers, and takes
                            over those of other clients.
              lock        Pins in workflow.lock what workflows are checked with, and shows
                            what changes.
              skill       Runs, inspects, tests, finds, installs, converts and publishes
                            skills.
              schema      Prints a JSON Schema of this version, for editors and scripts.
              completion  Prints a script that completes commands and options in a shell.
              doctor      Looks at what runs need on this machine. Starts nothing, prints
                            no secrets.

            First steps:
              workflow run workflows-examples/travel.yaml --input destination=Raglan
              workflow validate workflows-examples
              workflow inspect workflows-examples/travel.yaml

            workflow COMMAND --help says more. State lives in $WORKFLOW_HOME, by default in
            ~/.workflow.

            Exit codes: 0 succeeded, 1 the run failed, 2 usage, 3 invalid definition,
            4 something is missing, 5 waits for a person, 6 stopped by a limit or a policy,
            7 driven by another process, 8 a call in doubt needs a decision, 9 not trusted,
            130 interrupted, to be resumed.
            """);
    assertThat(alone.code()).isZero();
    assertThat(new CommandWorld(folder).run("--help")).isEqualTo(alone);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "resume",
        "runs",
        "runs list",
        "runs show",
        "runs cancel",
        "runs delete",
        "runs export",
        "runs record",
        "runs save",
        "plan",
        "plan create",
        "plan list",
        "plan show",
        "plan run",
        "plan resume",
        "plan delete",
        "validate",
        "test",
        "inspect",
        "trace",
        "trace graph",
        "tools",
        "tools list",
        "tools call",
        "tools suggest",
        "mcp",
        "mcp add",
        "mcp add-json",
        "mcp edit",
        "mcp get",
        "mcp list",
        "mcp remove",
        "mcp enable",
        "mcp disable",
        "mcp test",
        "mcp trust",
        "mcp untrust",
        "mcp doctor",
        "mcp import",
        "mcp migrate",
        "skill",
        "skill export",
        "skill import",
        "skill inspect",
        "skill install",
        "skill list",
        "skill pack",
        "skill publish",
        "skill recommend",
        "skill remove",
        "skill run",
        "skill search",
        "skill test",
        "skill update",
        "skill validate",
        "schema",
        "completion",
        "doctor"
      })
  void everyCommandHasAHelpThatFitsEightyColumns(String command) {
    List<String> words = new java.util.ArrayList<>(List.of(command.split(" ", -1)));
    words.add("--help");

    CommandWorld.Result result = new CommandWorld(folder).run(words.toArray(String[]::new));

    assertThat(result.code()).isZero();
    assertThat(result.err()).isEmpty();
    assertThat(result.out()).startsWith("Usage: workflow " + command + " [OPTIONS]");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void resumeSaysHowItIsUsed() {
    assertThat(new CommandWorld(folder).run("resume", "-h").out())
        .isEqualTo(
            """
            Usage: workflow resume [OPTIONS] RUN
            Goes on with a run that waits, was stopped or was cut off.
            No finished call is repeated. Of a run that has ended the result is printed.

                  RUN                  Id of a run, a unique beginning of it, or last.

            Options:
                  --answer=STEP=JSON   Answers the question of a step, or decides about its
                                         call in doubt.
                  --yes                Approves every question without a form; never trust
                                         or a call in doubt.
                  --limit=K=V          Sets a limit: concurrency, time (such as 5m), tokens
                                         (500k), cost ('2.00 USD'), model_calls,
                                         tool_calls, revisions.
              -o, --output=FORMAT      What standard output carries: text, json, jsonl
                                         (default text).
                  --progress=KIND      How progress is shown on standard error: auto, live,
                                         plain, none (default auto: live in a terminal,
                                         else plain).
                  --no-cache           Takes no output of earlier runs for steps with
                                         cache, and keeps none.
                  --take-over          Also when another process seems to drive the run.
                  --adopt              Goes over to the definition as its files are now;
                                         steps that are equal are kept.
                  --trust              With --adopt: approves the servers that the
                                         definition wants.
                  --record=CASSETTE    Writes what models, tools and people were asked and
                                         gave, for --replay and tests; nothing is taken
                                         from the cache.
              -h, --help               Shows this help.
                  --debug              Shows the stack trace of a failure.

            Examples:
              workflow resume last
              workflow resume last --answer 'approve={"decision":"approve"}'
              workflow resume 261121-k3 --limit time=1h
              workflow resume last --adopt
            """);
  }

  @Test
  void theVersionIsOneLine() {
    assertThat(new CommandWorld(folder).run("--version").out())
        .startsWith("workflow ")
        .hasLineCount(1);
  }
}
