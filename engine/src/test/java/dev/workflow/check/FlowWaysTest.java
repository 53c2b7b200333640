package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Problem;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways on which what is in one step comes into another, one by one. */
class FlowWaysTest {
  private static final String SOURCES =
      """
        page: {tool: in/read}
        plan: {tool: house/look}
        letter: {agent: writer, prompt: "{page} {plan}", output: {text: string, secret: string}}
      """;

  private static final String GO = "  go: {ask: \"Send {letter.text}?\"}\n";

  @TempDir Path folder = Path.of("unset");
  private CheckWorld world = new CheckWorld(Path.of("unset"));

  @BeforeEach
  void world() {
    world = FlowWorld.in(folder);
  }

  private List<Problem> leaks(String steps) {
    return FlowWorld.leaks(world, SOURCES + steps);
  }

  /** Who is revised is told the verdict, and may send it. */
  @Test
  void whatAJudgeSaysGoesToWhoIsRevisedAndToAllAgentsInIt() {
    String judge =
        """
          judge:
            agent: writer
            prompt: "judge {post} by {letter}"
            output: {again: boolean%s}
            revise: {step: post, when: judge.again, max: 2}
        """;
    String alone = "  post: {agent: sender, prompt: write, output: {text: string}}\n";
    String group =
        "  post: {steps: {a: {steps: {b: {agent: sender, prompt: write}}}}, outputs: {t: 1}}\n";

    assertThat(leaks(alone + judge.formatted(", why: string")))
        .singleElement()
        .satisfies(leak -> assertThat(leak.message()).contains("letter -> judge -> post"));
    assertThat(leaks(group + judge.formatted(", why: string")))
        .singleElement()
        .satisfies(leak -> assertThat(leak.message()).contains("letter -> judge -> post/a/b"));
    assertThat(leaks(alone + judge.formatted(""))).isEmpty();
    assertThat(leaks(group + judge.formatted(""))).isEmpty();
  }

  @Test
  void aVerdictIsNotClearedByAQuestionThatShowsTheRest() {
    assertThat(
            leaks(
                """
                  go: {ask: "Send {letter}?"}
                  post: {agent: sender, prompt: "{letter}", needs: [go], output: {text: string}}
                  judge:
                    agent: writer
                    prompt: "judge {post}"
                    output: {again: boolean, why: string}
                    revise: {step: post, when: judge.again, max: 2}
                """))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "  bad: {fail: \"cannot: {letter.text}\"}\n",
        "  bad: {steps: {inner: {fail: \"no: {letter.text}\"}}, outputs: {n: 1}}\n",
        "  bad: {steps: {mid: {steps: {inner: {tool: in/read, with: {q: \"${letter.text}\"}}}}}, outputs: {n: 1}}\n",
        "  bad: {steps: {mid: {agent: writer, prompt: \"{letter}\"}}, outputs: {n: 1}}\n"
      })
  void anErrorHoldsWhatFailedWithIt(String steps) {
    String mail = "  mail: {tool: out/send, with: {text: \"- ${steps.bad.%s}\"}%s}\n";

    assertThat(leaks(steps + mail.formatted("error.message", ""))).hasSize(1);
    assertThat(leaks(steps + mail.formatted("status", ""))).isEmpty();
  }

  @Test
  void theContentThatAToolGaveIsWhatItGaveHoweverSmallItsOutput() {
    String own = "  own: {tool: house/look, output: {n: number}}\n";
    String mail = "  mail: {tool: out/send, with: {text: \"${page} ${%s}\"}}\n";

    assertThat(leaks(own + mail.formatted("steps.own.content[0].text"))).hasSize(1);
    assertThat(leaks(own + mail.formatted("own.n"))).isEmpty();
  }

  @Test
  void whatIsReadFromAServerBesideItsToolsIsTakenForTheWorst() {
    String read = "  own: {tool: house/resources/read, with: {uri: \"x:y\"}}\n";
    String mail = "  mail: {tool: out/send, with: {text: \"${own.contents[0].text}\"}}\n";

    assertThat(leaks(read + mail)).hasSize(1);
  }

  @Test
  void aPromptOfAServerThatInstructsAnAgentIsTakenForTheWorst() {
    String steps = "  own: {agent: {model: openai/gpt-5%s}, prompt: write}\n";
    String mail = "  mail: {tool: out/send, with: {text: \"${own}\"}}\n";

    assertThat(leaks(steps.formatted(", instructions: {prompt: house/style}") + mail))
        .singleElement()
        .satisfies(leak -> assertThat(leak.message()).contains("own_instructions"));
    assertThat(leaks(steps.formatted(", instructions: Be brief.") + mail)).isEmpty();
  }

  @Test
  void theTextOfAFailureIsSeenByWhoSeesWhatIsInIt() {
    assertThat(
            leaks(
                GO
                    + "  bad: {fail: \"cannot: {letter.text}\", needs: [go]}\n"
                    + "  mail: {tool: out/send, with: {text: \"- ${steps.bad.error}\"}, needs: [go]}\n"))
        .isEmpty();
  }

  /** In each of them what is sent holds the secret, and the question shows the text alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "  both: {set: {x: {text: \"${letter}\"}}}\n",
        "  both: {set: {x: \"${ {'text': letter} }\"}}\n",
        "  one: {set: {text: \"${letter}\"}}\n  both: {set: {x: \"${one}\"}}\n",
        "  both: {set: {x: \"${coalesce(page, {'text': letter})}\"}}\n"
      })
  void whatIsPutIntoAnotherObjectIsNotShownByAFieldOfTheSameName(String steps) {
    assertThat(
            leaks(
                GO
                    + steps
                    + "  mail: {tool: out/send, with: {text: \"- ${both.x.text}\"}, needs: [go]}\n"))
        .hasSize(1);
  }

  @Test
  void anElementOfSomeIsNotShownByThatOfAll() {
    String letters =
        "  letters: {agent: writer, prompt: \"{letter}\", output: {all: [{text: string}]}}\n";
    String go = "  go: {ask: \"Send ${letters.all[0].text}?\"}\n";
    String mail = "  mail: {tool: out/send, with: {text: \"- ${some[0].text}\"}, needs: [go]}\n";

    assertThat(
            leaks(
                letters
                    + go
                    + "  some: {set: \"${letters.all.filter(x, x.text != '')}\"}\n"
                    + mail))
        .hasSize(1);
    assertThat(leaks(letters + go + "  some: {set: \"${letters.all}\"}\n" + mail)).isEmpty();
  }

  @Test
  void oneFieldOfAnObjectDoesNotShowWhatIsInAnother() {
    String both =
        "  both: {set: {x: {a: hello, b: \"${letter.text}\"}}}\n  go: {ask: \"Send {both.x.%s}?\"}\n";
    String mail = "  mail: {tool: out/send, with: {text: \"- ${both.x.b}\"}, needs: [go]}\n";

    assertThat(leaks(both.formatted("a") + mail)).hasSize(1);
    assertThat(leaks(both.formatted("b") + mail)).isEmpty();
  }

  @Test
  void oneElementDoesNotShowAnother() {
    String each =
        """
          each: {each: "x in [letter.text, letter.secret]", set: {text: "${x}"}}
          go: {ask: "Send ${%s}?"}
          mail: {tool: out/send, with: {text: "- ${each[1].text}"}, needs: [go]}
        """;

    assertThat(leaks(each.formatted("each[0].text"))).hasSize(1);
    assertThat(leaks(each.formatted("each"))).isEmpty();
    assertThat(leaks(each.formatted("each.map(x, x.text)"))).isEmpty();
  }

  @Test
  void anElementOfAListThatIsWrittenOutIsNotAPartOfWhatIsWrittenInIt() {
    assertThat(
            leaks(
                """
                  lists: {agent: writer, prompt: "{letter}", output: {all: [[string]]}}
                  go: {each: "x in [lists.all]", ask: "Send ${x[0]}?"}
                  mail: {each: "x in lists.all", tool: out/send, with: {text: "- ${x[0]}"}, needs: [go]}
                """))
        .hasSize(1);
  }

  @Test
  void aFieldOfWhatIsPassedOnAsItIsIsShownByThatField() {
    assertThat(
            leaks(
                GO
                    + "  same: {set: {x: \"${letter}\"}}\n"
                    + "  mail: {tool: out/send, with: {text: \"- ${same.x.text}\"}, needs: [go]}\n"))
        .isEmpty();
  }

  /** Beside numbers there is room for a text in each of them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "type: object, properties: {n: {type: integer}}, additionalProperties: false, patternProperties: {\"^x\": {type: string}}",
        "type: object, properties: {n: {type: integer}}, unevaluatedProperties: {type: string}, additionalProperties: true",
        "type: object, properties: {n: {type: array, maxItems: 3, prefixItems: [{type: string}], items: {type: integer}}}, additionalProperties: false",
        "type: object, properties: {n: {anyOf: [{type: integer}, {type: object, properties: {a: {type: integer}}}]}}, additionalProperties: false",
        "type: object, properties: {n: {type: [integer, string]}}, additionalProperties: false"
      })
  void aTypeThatMayHoldATextIsNotSmall(String output) {
    assertThat(
            leaks(
                "  small: {agent: writer, prompt: \"{letter}\", output: {"
                    + output
                    + "}}\n"
                    + "  mail: {tool: out/send, with: {text: \"- ${small}\"}}\n"))
        .hasSize(1);
  }

  @Test
  void whatAGroupGivesInPlaceOfAFailureIsInItsOutputs() {
    String group =
        """
          g:
            on_error: {output: {x: "${letter.%s}"}}
            steps:
              x: {set: "${letter.text}"}
        """;
    String mail = "  mail: {tool: out/send, with: {text: \"- ${g.x}\"}, needs: [go]}\n";

    assertThat(leaks(GO + group.formatted("secret") + mail)).hasSize(1);
    assertThat(leaks(GO + group.formatted("text") + mail)).isEmpty();
  }

  @Test
  void whoIsInvitedIsToldOfIt() {
    world.described(
        "house",
        CheckWorld.json(
            "{'name':'plan_event','description':'Keeps a note.','inputSchema':"
                + "{'type':'object','properties':{'attendees':{'type':'array'}}}}"));

    assertThat(
            leaks(
                "  mail: {tool: house/plan_event, with: {attendees: [a], title: \"${letter.text}\"}}\n"))
        .singleElement()
        .satisfies(leak -> assertThat(leak.message()).contains("parameter `attendees`"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"send_snapshot", "upload_export", "sendSearch"})
  void aToolThatSendsWhatItReadsSends(String tool) {
    world.tool("far", tool, Effect.WRITE, "{'type':'object'}", null);

    assertThat(leaks("  mail: {tool: far/" + tool + ", with: {a: \"${letter.text}\"}}\n"))
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"comments_list", "list_posts", "get_shared_answers"})
  void aToolThatReadsWhatWasSentDoesNotSend(String tool) {
    world.tool("far", tool, Effect.WRITE, "{'type':'object'}", null);

    assertThat(leaks("  mail: {tool: far/" + tool + ", with: {a: \"${letter.text}\"}}\n"))
        .isEmpty();
  }

  @Test
  void aWarningNamesNoMoreThanAFewQuestionsAndParts() {
    StringBuilder steps = new StringBuilder();
    StringBuilder names = new StringBuilder();
    StringBuilder sent = new StringBuilder();
    for (int i = 10; i < 40; i++) {
      steps.append("  l%d: {agent: writer, prompt: \"{letter}\"}\n".formatted(i));
      steps.append("  q%d: {ask: Shall it go on?}\n".formatted(i));
      names.append(i == 10 ? "" : ", ").append('q').append(i);
      sent.append("${l%d} ".formatted(i));
    }

    assertThat(
            leaks(
                steps
                    + "  mail: {tool: out/send, with: {text: \"%s\"}, needs: [%s]}\n"
                        .formatted(sent, names)))
        .singleElement()
        .satisfies(
            leak ->
                assertThat(leak.hint())
                    .startsWith(
                        "`q10`, `q11`, `q12`, `q13`, `q14` and 25 more do not show all of"
                            + " `l10`, `l11`, `l12`, `l13`, `l14` and 25 more."));
  }

  @Test
  void whatUndoesAStepSendsWhatItIsGiven() {
    String undo =
        "  bk: {tool: house/keep, effects: write, undo: {tool: out/send, with: {text: \"- ${%s}\"}}}\n";

    assertThat(leaks(undo.formatted("letter.text"))).hasSize(1);
    assertThat(leaks(undo.formatted("page"))).isEmpty();
  }
}
