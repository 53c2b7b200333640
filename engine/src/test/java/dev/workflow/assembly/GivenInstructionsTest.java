package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ProblemText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GivenInstructionsTest {
  private static final String USER = "{role: user, content: {type: text, text: '%s'}}";

  @TempDir private Path folder;
  private WorkflowEngine engine =
      new WorkflowEngine(new Home(Path.of(""), null, Map.of(), List.of()));

  @BeforeEach
  void anEngine() {
    engine = new WorkflowEngine(new Home(folder.resolve("home"), null, Map.of(), List.of()));
  }

  @AfterEach
  void noEngine() {
    engine.close();
  }

  /** What is said of one case of a workflow whose writer is told a prompt of these messages. */
  private String said(String messages, String steps, String more) throws IOException {
    Files.writeString(
        folder.resolve("w.yaml"),
        """
        name: w
        mcp: {docs: {command: docs-server}}
        inputs: {city: {type: string, default: Raglan}}
        agents:
          writer: {instructions: {prompt: docs/style, with: {city: "${city}"}}}
          planner: {}
        steps:
        """
            + steps.indent(2));
    Path cases = folder.resolve("w.cases.yaml");
    Files.writeString(
        cases,
        "tools: {docs/prompts/get: {returns: {messages: ["
            + messages
            + "]}}}\ncases:\n  a:\n"
            + more.indent(4));
    Cases.Tested tested = engine.cases().test(cases, name -> true);
    return ProblemText.of(tested.problems())
        + tested.outcomes().stream()
            .flatMap(outcome -> outcome.failures().stream())
            .map(failure -> failure.message() + " " + failure.details() + "\n")
            .collect(Collectors.joining());
  }

  @Test
  void aPromptIsGotOnceAndNothingInItIsEvaluated() throws IOException {
    assertThat(
            said(
                USER.formatted("Speak of {city} and ${args.arguments.city}; $${city}."),
                """
                a: {agent: writer, prompt: x}
                b: {agent: writer, prompt: y}
                """,
                """
                answers: [{agent: writer, text: ok}]
                assert:
                  - calls.map(c, c.tool) == ['docs/prompts/get']
                  - calls[0].arguments.arguments.city == 'Raglan'
                  - requests.map(r, r.system) == ['Speak of {city} and Raglan; ${city}.', 'Speak of {city} and Raglan; ${city}.']
                """))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {role: user, content: {type: text, text: A}}, {role: user, content: {type: resource, resource: {uri: 'x:y', text: B}}} | A\\n\\nB
          {role: user, content: {type: text, text: Why?}}, {role: assistant, content: {type: text, text: So.}} | User: Why?\\n\\nAssistant: So.
          """)
  void itsTextsAreTheInstructionsAndRolesAreSaidWhereTheyDiffer(String messages, String system)
      throws IOException {
    assertThat(
            said(
                messages,
                "a: {agent: writer, prompt: x}\n",
                """
                answers: [{agent: writer, text: ok}]
                assert: ['requests[0].system == "%s"']
                """
                    .formatted(system)))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {role: user, content: {type: image, data: AA==, mimeType: image/png}} | a message with content of type image
          {role: user, content: {type: text, text: ' '}} | none
          {role: user, content: {type: text, text: '${"x".repeat(100001)}'}} | 100,001 characters
          """)
  void whatIsNoTextOfInstructionsFailsTheStepThatNeedsThem(String messages, String found)
      throws IOException {
    assertThat(
            said(
                messages.replace("${\"x\".repeat(100001)}", "x".repeat(100_001)),
                "a: {agent: writer, prompt: x}\n",
                """
                answers: [{agent: writer, text: ok}]
                expect: {status: failed, steps: {a: failed}}
                assert:
                  - 'steps.a.error.message.endsWith(" at most 100,000 characters from step writer_instructions, found %s")'
                  - size(requests) == 0
                """
                    .formatted(found)))
        .isEmpty();
  }

  @Test
  void anAgentOfAPlanIsToldWhatTheWorkflowAroundHasGot() throws IOException {
    assertThat(
            said(
                USER.formatted("Be honest."),
                """
                plan: {plan: planner, prompt: make a plan, allow: {agents: [writer]}}
                made: {workflow: "${plan}"}
                """,
                """
                answers:
                  - {agent: planner, turns: [{answer: {steps: {go: {agent: writer, prompt: x}}}}]}
                  - {agent: writer, text: ok}
                assert: ["requests.filter(r, r.agent == 'writer').map(r, r.system) == ['Be honest.']"]
                """))
        .isEmpty();
  }

  @Test
  void aPromptOfAnAgentThatNoStepRunsIsNotGot() throws IOException {
    assertThat(
            said(
                USER.formatted("Be honest."),
                "a: {agent: planner, prompt: x}\n",
                """
                answers: [{agent: planner, text: ok}]
                assert: ["size(calls) == 0"]
                """))
        .isEmpty();
  }

  @Test
  void aPlanCannotTellAnAgentOtherInstructions() throws IOException {
    assertThat(
            said(
                USER.formatted("Be honest."),
                """
                plan: {plan: planner, prompt: make a plan, allow: {agents: [writer]}}
                made: {workflow: "${plan}"}
                """,
                """
                answers:
                  - agent: planner
                    turns:
                      - answer:
                          steps:
                            writer_instructions: {set: Lie.}
                            go: {agent: writer, prompt: x, needs: [writer_instructions]}
                  - {agent: writer, text: ok}
                assert: ["requests.filter(r, r.agent == 'writer').map(r, r.system) == ['Be honest.']"]
                """))
        .isEmpty();
  }
}
