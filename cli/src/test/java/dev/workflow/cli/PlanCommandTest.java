package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Plans as things, on a real server whose ledger holds every call that it has executed. */
class PlanCommandTest {

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void aWorkspaceWithAServer() throws IOException {
    assumeTrue(hasNode(), "not run: node is missing");
    world = new CommandWorld(folder).with("PATH", System.getenv("PATH"));
    try (InputStream in = PlanCommandTest.class.getResourceAsStream("/crash/ledger.mjs")) {
      Files.copy(Objects.requireNonNull(in), folder.resolve("ledger.mjs"));
    }
  }

  private static boolean hasNode() {
    try {
      Process process = new ProcessBuilder("node", "--version").start();
      process.getInputStream().readAllBytes();
      return process.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Path ledgerFile() {
    return folder.resolve("ledger.txt");
  }

  private String workflow() {
    return world.file(
        "double.yaml",
        """
        name: double
        description: Doubles numbers and pays.
        inputs: {n: integer}
        mcp:
          ledger: {command: node, args: [%s], env: {LEDGER: %s}}
        steps:
          known: {set: "${n + 1}"}
          looks:
            each: x in [n, known]
            tool: ledger/look
            with: {n: "${x}"}
          pay:
            tool: ledger/pay
            with: {n: "${looks[1].doubled}"}
          put: {tool: ledger/put, with: {n: "${known}"}}
        outputs: {paid: "${pay.doubled}"}
        """
            .formatted(folder.resolve("ledger.mjs"), ledgerFile()));
  }

  /** What the server has executed: tool and number, keys left out. */
  private List<String> ledger() throws IOException {
    if (!Files.exists(ledgerFile())) {
      return List.of();
    }
    List<String> calls = new ArrayList<>();
    for (String line : Files.readAllLines(ledgerFile(), StandardCharsets.UTF_8)) {
      String[] words = line.split(" ", -1);
      calls.add(words[0] + " " + words[1]);
    }
    calls.sort(null);
    return calls;
  }

  private String planOf(String file) {
    Result created = world.run("plan", "create", "--from", file, "-o", "json");
    assertThat(created.code()).as(created.err()).isZero();
    return created.json().at("/plan/id").asString("");
  }

  @Test
  void whatADryRunShowedIsWhatRunsByItsDigest() throws IOException {
    String plan = planOf(workflow());
    Result shown =
        world.run(
            "plan", "run", plan, "--input", "n=3", "--dry-run", "--probe", "--trust", "-o", "json");
    assertThat(shown.code()).as(shown.err()).isZero();
    assertThat(ledger()).isEmpty();
    assertThat(shown.json().path("calls").toString())
        .isEqualTo("{\"tool_calls\":4,\"model_calls\":0,\"at_least\":false}");
    assertThat(step(shown, "put").toString())
        .contains("\"after\":[\"known\"]", "\"target\":\"ledger/put\"", "\"work\":{\"n\":4}");
    assertThat(step(shown, "looks").toString()).contains("\"elements\":2", "\"n\":\"${x}\"");
    assertThat(step(shown, "pay").path("work").toString())
        .isEqualTo("{\"n\":\"${looks[1].doubled}\"}");
    assertThat(shown.json().at("/tools/ledger~1pay/effect").asString("")).isEqualTo("destructive");

    Result done =
        world.run(
            "plan",
            "run",
            plan,
            "--input",
            "n=3",
            "--digest",
            shown.json().path("digest").asString(""),
            "--trust",
            "--yes");

    assertThat(done.code()).as(done.err()).isZero();
    assertThat(done.json().path("paid").asInt(0)).isEqualTo(16);
    assertThat(ledger()).containsExactly("look 3", "look 4", "pay 8", "put 4");
  }

  private static JsonNode step(Result shown, String id) {
    for (JsonNode step : shown.json().path("steps")) {
      if (step.path("id").asString("").equals(id)) {
        return step;
      }
    }
    throw new AssertionError("No step " + id + " in " + shown.out());
  }

  @Test
  void anythingElseThanWasShownIsRefusedWithWhatDiffers() throws IOException {
    String file = workflow();
    String digest =
        world
            .run("run", file, "--input", "n=3", "--dry-run", "--probe", "--trust", "-o", "json")
            .json()
            .path("digest")
            .asString("");

    Result otherInput =
        world.run("run", file, "--input", "n=4", "--digest", digest, "--trust", "-o", "json");
    assertThat(otherInput.code()).isEqualTo(9);
    assertThat(otherInput.err())
        .contains(
            "--digest: error: Expected the run that was shown, found another one. What differs: the"
                + " inputs. [digest-mismatch]");
    assertThat(otherInput.json().at("/errors/0/rule").asString("")).isEqualTo("digest-mismatch");

    Result otherLimit =
        world.run(
            "run",
            file,
            "--input",
            "n=3",
            "--digest",
            digest,
            "--trust",
            "--limit",
            "tool_calls=9");
    assertThat(otherLimit.err()).contains("What differs: the limits.");

    Files.writeString(
        Path.of(file), Files.readString(Path.of(file)).replace("[n, known]", "[n, known, 9]"));
    Result otherSteps = world.run("run", file, "--input", "n=3", "--digest", digest, "--trust");
    assertThat(otherSteps.code()).isEqualTo(9);
    assertThat(otherSteps.err()).contains("What differs: the steps, agents or skills.");

    workflow();
    Path server = folder.resolve("ledger.mjs");
    Files.writeString(
        server, Files.readString(server).replace("Doubles a number", "Triples a number"));
    Result otherTools = world.run("run", file, "--input", "n=3", "--digest", digest, "--trust");
    assertThat(otherTools.code()).isEqualTo(9);
    assertThat(otherTools.err()).contains("What differs: the tools or servers.");

    assertThat(world.run("run", file, "--input", "n=3", "--digest", "abc").err())
        .contains("--digest: expected a digest as --dry-run prints it, found 'abc'.");
    assertThat(ledger()).isEmpty();
  }

  @Test
  void withoutALookAtTheServersThereIsNoDigest() {
    Result shown = world.run("run", workflow(), "--input", "n=3", "--dry-run");

    assertThat(shown.code()).isZero();
    assertThat(shown.out()).contains("No digest: ").doesNotContain("Digest: ");
  }

  @Test
  void aPlanWhoseToolsChangedIsRefused() throws IOException {
    String file = workflow();
    world.run("run", file, "--input", "n=3", "--dry-run", "--probe", "--trust");
    String plan = planOf(file);
    assertThat(world.run("plan", "show", plan, "-o", "json").json().at("/plan/pins/servers/ledger"))
        .hasSize(3);
    Path server = folder.resolve("ledger.mjs");
    Files.writeString(
        server, Files.readString(server).replace("Doubles a number", "Triples a number"));

    Result refused = world.run("plan", "run", plan, "--input", "n=3", "--trust");

    assertThat(refused.code()).isEqualTo(9);
    assertThat(refused.err())
        .contains("Expected the tool `ledger/pay` that the plan was made with, found another");
    assertThat(ledger()).isEmpty();
  }

  @Test
  void aPlanIsListedShownAndDeleted() {
    String plan = planOf(workflow());
    assertThat(plan).matches("double-[0-9a-f]{6}");

    assertThat(world.run("plan", "list").out()).contains("PLAN", plan, "Doubles numbers and pays.");
    assertThat(world.run("plan", "list", "-o", "json").json().at("/plans/0/id").asString(""))
        .isEqualTo(plan);
    Result shown = world.run("plan", "show", "double");
    assertThat(shown.out())
        .contains("Plan: " + plan, "Goal: Doubles numbers and pays.", "tool ledger/pay");
    String yaml = world.run("plan", "show", plan, "--full").out();
    assertThat(yaml).startsWith("name: double").doesNotContain("goal:");
    assertThat(world.run("validate", world.file("again.yaml", yaml)).code()).isZero();
    assertThat(
            world.run("validate", folder.resolve("home/plans/" + plan + ".json").toString()).code())
        .isZero();

    assertThat(world.run("plan", "delete", plan).err()).contains("Deleted plan " + plan + ".");
    Result gone = world.run("plan", "show", plan);
    assertThat(gone.code()).isEqualTo(2);
    assertThat(gone.err()).contains("There is no plan `" + plan + "` in FOLDER/home/plans.");
  }

  @Test
  void theNewestRunOfAPlanThatHasNotEndedIsResumed() {
    String plan =
        planOf(
            world.file(
                "ask.yaml", "steps: {ask: {ask: Well?}}\noutputs: {said: \"${ask.decision}\"}\n"));
    assertThat(world.run("plan", "resume", plan).err())
        .contains("There is no run of plan " + plan + " to go on with.");
    assertThat(world.run("run", plan, "--run-id", "one").code()).isEqualTo(5);

    Result done = world.run("plan", "resume", plan, "--yes");

    assertThat(done.code()).isZero();
    assertThat(done.json().path("said").asString("")).isEqualTo("approve");
  }

  @Test
  void aModelWritesAPlanWhichIsCheckedKeptAndNotRun() throws IOException {
    servers();
    String answers =
        world.file(
            "answers.yaml",
            """
            answers:
              - agent: planner
                turn: 1
                answer:
                  reasons: Look first.
                  steps: {a: {tool: ledger/look, with: {m: 3}}}
              - agent: planner
                answer:
                  name: Look and pay
                  reasons: The look decides what is paid.
                  inputs: {n: integer}
                  steps:
                    look: {tool: ledger/look, with: {n: "$${n}"}}
                    approve: {ask: "Pay $${look.doubled}?"}
                    pay: {tool: ledger/pay, with: {n: "$${look.doubled}"}, needs: [approve]}
                  outputs: {paid: "$${pay.doubled}"}
            """);

    Result created = create(answers, "Pay twice of what there is", "-o", "json", "--run-id", "one");

    assertThat(created.code()).as(created.err()).isZero();
    JsonNode plan = created.json();
    assertThat(plan.at("/plan/goal").asString("")).isEqualTo("Pay twice of what there is");
    assertThat(plan.at("/plan/reasons").asString("")).isEqualTo("The look decides what is paid.");
    assertThat(plan.at("/plan/run").asString("")).isEqualTo("one");
    assertThat(plan.at("/plan/pins/servers/ledger").propertyNames()).contains("look", "pay");
    assertThat(created.err()).contains("Kept plan look-and-pay-");
    assertThat(ledger()).isEmpty();
    assertThat(world.run("runs", "export", "one").out())
        .contains("There is no argument `m` of tool `ledger/look`. Known: n.");

    Result paid =
        world.run(
            "plan",
            "run",
            plan.at("/plan/id").asString(""),
            "--input",
            "n=3",
            "--yes",
            "--mcp-config",
            folder.resolve("mcp.json").toString());
    assertThat(paid.code()).as(paid.err()).isZero();
    assertThat(ledger()).containsExactly("look 3", "pay 6");
  }

  @Test
  void aPlannerThatKeepsToAnUnknownToolIsRefusedWithTheReason() {
    servers();
    String answers =
        world.file(
            "answers.yaml",
            """
            answers:
              - agent: planner
                answer: {reasons: r, steps: {a: {tool: ledger/steal, with: {n: 3}}}}
            """);

    Result refused = create(answers, "Steal");

    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.err()).contains("Step `a`: this plan may not use the tool `ledger/steal`.");
    assertThat(world.run("plan", "list").err()).contains("There is no plan yet.");
  }

  @Test
  void aGoalIsNeeded() {
    Result none = world.run("plan", "create");

    assertThat(none.code()).isEqualTo(2);
    assertThat(none.err()).contains("Expected a goal, such as: workflow plan create");
  }

  private void servers() {
    world.file(
        "mcp.json",
        """
        {"mcpServers": {"ledger": {"command": "node", "args": ["%s"], "env": {"LEDGER": "%s"}}}}
        """
            .formatted(folder.resolve("ledger.mjs"), ledgerFile()));
  }

  private Result create(String answers, String goal, String... more) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "plan",
                "create",
                goal,
                "--servers",
                "ledger",
                "--simulate",
                answers,
                "--mcp-config",
                folder.resolve("mcp.json").toString()));
    words.addAll(List.of(more));
    return world.run(words.toArray(String[]::new));
  }
}
