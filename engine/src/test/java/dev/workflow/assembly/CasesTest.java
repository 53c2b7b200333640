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

/** What a case can say, and what is said when it does not hold. */
class CasesTest {
  private static final String BOOKING =
      """
      name: trip
      inputs: {place: string, budget?: number}
      models: {default: [openai/gpt-5]}
      agents:
        writer: {instructions: Write.}
      mcp:
        booking: {command: booking-server, effects: {find: read}}
      steps:
        rooms: {tool: booking/find, with: {place: "${place}"}, retry: {max: 1, on: [unavailable]}}
        dear: {when: rooms.price > 100, ask: "Book for {rooms.price}?"}
        book:
          tool: booking/reserve
          with: {room: "${rooms.id}"}
          needs: [dear?]
        letter: {agent: writer, prompt: "Thank them for {book.ref}"}
      outputs: {ref: "${book.ref}", letter: "${letter}"}
      """;
  private static final String HEAD =
      """
      answers:
        - {agent: writer, text: "Thank you for it."}
      tools:
        booking/find: {returns: {id: "room in ${args.place}", price: 80}}
        booking/reserve: {returns: {ref: "R${number}"}}
      cases:
      """;

  @TempDir private Path folder;
  private WorkflowEngine engine =
      new WorkflowEngine(new Home(Path.of(""), null, Map.of(), List.of()));

  @BeforeEach
  void anEngine() throws IOException {
    engine = new WorkflowEngine(new Home(folder.resolve("home"), null, Map.of(), List.of()));
    Files.writeString(folder.resolve("trip.yaml"), BOOKING);
  }

  @AfterEach
  void noEngine() {
    engine.close();
  }

  private Cases.Tested tested(String cases) throws IOException {
    Path file = folder.resolve("trip.cases.yaml");
    Files.writeString(file, cases);
    return engine.cases().test(file, name -> true);
  }

  /** What is said of the cases below the common head. */
  private String said(String cases) throws IOException {
    return said(tested(HEAD + cases.indent(2)));
  }

  private String said(Cases.Tested tested) {
    String problems = ProblemText.of(tested.problems());
    return problems
        + tested.outcomes().stream()
            .flatMap(outcome -> outcome.failures().stream())
            .map(CasesTest::text)
            .collect(Collectors.joining())
        + tested.shortfalls().stream().map(CasesTest::text).collect(Collectors.joining());
  }

  private static String text(CaseOutcome.Failure failure) {
    return failure.place().line()
        + ": "
        + failure.message()
        + "\n"
        + failure.details().stream()
            .map(detail -> "  " + detail + "\n")
            .collect(Collectors.joining());
  }

  @Test
  void aResourceIsMockedLikeAToolAndWithoutAMockTheCaseFails() throws IOException {
    Files.writeString(
        folder.resolve("trip.yaml"),
        """
        name: trip
        mcp: {wiki: {command: wiki-server}}
        steps:
          page: {tool: wiki/resources/read, with: {uri: "wiki://raglan"}}
          all: {tool: wiki/list}
        outputs: {text: "${page.contents[0].text}"}
        """);
    String mock = "wiki/resources/read: {returns: {contents: [{text: 'of ${args.uri}'}]}}";
    String cases =
        "tools:\n  wiki/list: {returns: []}\n  %s\ncases:\n  a:\n    expect: {outputs: {text: of wiki://raglan}}\n";

    assertThat(said(tested(cases.formatted(mock)))).isEmpty();
    assertThat(said(tested(cases.formatted("")))).contains("wiki/resources/read");
  }

  @Test
  void whatComesOutIsComputedFromTheArguments() throws IOException {
    assertThat(
            said(
                """
                a cheap room is booked at once:
                  inputs: {place: Raglan}
                  expect: {outputs: {ref: R1}, steps: {dear: skipped}}
                  assert:
                    - calls.map(c, c.tool) == ['booking/find', 'booking/reserve']
                    - calls[1].arguments.room == 'room in Raglan'
                    - calls[1].output.ref == book.ref
                    - requests[0].prompt.contains('R1') and requests[0].text == letter
                    - usage.tool_calls == 2 and status == 'succeeded'
                """))
        .isEmpty();
  }

  @Test
  void theStatusOfStepsReadsAsInTheWorkflow() throws IOException {
    Path file = folder.resolve("all.cases.yaml");
    Files.writeString(
        folder.resolve("all.yaml"),
        """
        name: all
        inputs: {n: [integer]}
        steps:
          good: {set: 1}
          each: {each: x in n, set: "${6 / (x - 1)}", on_error: continue}
        """);
    Files.writeString(
        file,
        """
        cases:
          one element fails:
            inputs: {n: [3, 1]}
            assert:
              - steps.good.error == null
              - steps.each.errors.map(e, e.key) == ['1']
              - steps.each.errors[0].kind == 'expression'
        """);
    assertThat(said(engine.cases().test(file, name -> true))).isEmpty();
  }

  @Test
  void aGuardThatIsTakenOutMakesACaseFail() throws IOException {
    String dear =
        """
        a dear room is not booked before somebody agrees:
          inputs: {place: Raglan}
          tools: {booking/find: {returns: {id: r, price: 300}}}
          expect: {status: waiting}
          assert: ["!calls.exists(c, c.tool == 'booking/reserve')"]
        """;
    assertThat(said(dear)).isEmpty();
    Files.writeString(folder.resolve("trip.yaml"), BOOKING.replace("    needs: [dear?]\n", ""));
    assertThat(said(dear))
        .isEqualTo(
            """
            11: Does not hold: !calls.exists(c, c.tool == 'booking/reserve')
              calls is [{"step":"rooms","tool":"booking/find","arguments":{"place":"Raglan"},"output":{"id":"r","price":300}},{"step":"book","tool":"booking/reserve","arguments":{"room":"r"},"output":{"ref":"R1"}}]
            """);
  }

  @Test
  void peopleAnswerAsTheCaseSays() throws IOException {
    assertThat(
            said(
                """
                agreed:
                  inputs: {place: Raglan}
                  tools: {booking/find: {returns: {id: r, price: 300}}}
                  people: {dear: {decision: approve}}
                refused:
                  inputs: {place: Raglan}
                  tools: {booking/find: {returns: {id: r, price: 300}}}
                  people: {dear: {decision: reject, note: too dear}}
                  expect: {status: failed, steps: {book: blocked}}
                """))
        .isEmpty();
  }

  @Test
  void aCallThatNothingStandsInForFailsTheCase() throws IOException {
    assertThat(
            said(
                tested(
                    """
                    answers: [{text: never asked}]
                    tools: {booking/find: {returns: {id: r, price: 1}}}
                    cases:
                      nobody reserves:
                        inputs: {place: Raglan}
                        expect: {status: failed}
                    """)))
        .isEqualTo(
            """
            5: A call of booking/reserve with {"room":"r"}: nothing stands in for booking/reserve. Mocked: booking/find.
            """);
  }

  @Test
  void rulesAnswerInTurnAndAFailureIsTriedAgain() throws IOException {
    assertThat(
            said(
                """
                the second attempt finds it:
                  inputs: {place: Raglan}
                  tools:
                    booking/find:
                      answers:
                        - {fails: {kind: unavailable, message: busy}, times: 1}
                        - {when: args.place == 'Raglan', returns: {id: r, price: 1}}
                  assert:
                    - steps.rooms.attempts == 2
                    - calls[0].error.message == 'busy'
                """))
        .isEmpty();
  }

  @Test
  void whatTakesDaysIsOverAtOnceAndWhatHangsTimesOut() throws IOException {
    Files.writeString(
        folder.resolve("slow.yaml"),
        """
        name: slow
        limits: {time: 7d}
        mcp: {s: {command: s, effects: {look: read}}}
        steps:
          patience: {wait: 3d}
          look: {tool: s/look, needs: [patience], timeout: 5s, on_error: continue}
          late: {tool: s/late, timeout: 30s, on_error: continue, effects: read}
          after: {set: "${steps.look.error.kind + ' ' + late.said}"}
        """);
    Path file = folder.resolve("slow.cases.yaml");
    Files.writeString(
        file,
        """
        tools:
          s/look: {hangs: true}
          s/late: {delay: 29s, returns: {said: done}}
        cases:
          a long one: {expect: {outputs: {after: timeout done}}}
        """);
    assertThat(said(engine.cases().test(file, name -> true))).isEmpty();
  }

  @Test
  void theEntryOfTheServerSaysHowLongACallMayTake() throws IOException {
    Files.writeString(
        folder.resolve("slow.yaml"),
        """
        name: slow
        mcp:
          long: {command: s, timeout: 3m, effects: {look: read}}
          short: {command: s, timeout: 20s, effects: {look: read}}
          plain: {command: s, effects: {look: read}}
        steps:
          a: {tool: long/look}
          b: {tool: short/look, on_error: continue}
          c: {tool: short/look, timeout: 40s}
          d: {tool: plain/look, on_error: continue}
        """);
    Path file = folder.resolve("slow.cases.yaml");
    Files.writeString(
        file,
        """
        tools:
          long/look: {delay: 90s, returns: ok}
          short/look: {delay: 30s, returns: ok}
          plain/look: {delay: 61s, returns: ok}
        cases:
          one:
            expect: {steps: {a: succeeded, b: failed, c: succeeded, d: failed}}
            assert:
              - "steps.b.error.message == 'short/look gave no answer within 20 s'"
              - "steps.d.error.message == 'plain/look gave no answer within 60 s'"
        """);
    assertThat(said(engine.cases().test(file, name -> true))).isEmpty();
  }

  @Test
  void whatIsExpectedAndNotFoundIsToldWithWhatWasFound() throws IOException {
    assertThat(
            said(
                """
                wrong:
                  inputs: {place: Raglan}
                  expect:
                    outputs: {ref: R2, reff: R1}
                    steps: {dear: succeeded, bok: succeeded}
                  assert:
                    - book.ref == 'R9'
                    - dear.decision == 'approve'
                    - size(calls) > 5
                    - calls[7].tool == 'x'
                """))
        .isEqualTo(
            """
            10: Expected another output `ref`
              expected "R2"
              found    "R1"
            10: Expected the output `reff`, found none
              Did you mean `ref`?
            11: Expected step `dear` to be succeeded, found skipped
              when: rooms.price > 100
            11: There is no step `bok`
              Did you mean `book`?
            13: Does not hold: book.ref == 'R9'
              book.ref is "R1"
            14: Cannot be decided: dear.decision == 'approve'
              step dear gave no output: it is skipped
            15: Does not hold: size(calls) > 5
              size(calls) is 2
            16: Cannot be decided: calls[7].tool == 'x'
              There is no element 7 in a list of 2 in `calls[7].tool == 'x'`.
            """);
  }

  @Test
  void aRunThatEndsOtherwiseSaysWhy() throws IOException {
    assertThat(
            said(
                """
                waits: {inputs: {place: Raglan}, tools: {booking/find: {returns: {id: r, price: 300}}}}
                fails: {inputs: {place: Raglan}, tools: {booking/find: {fails: all is full}}}
                """))
        .isEqualTo(
            """
            7: Expected the run to end as succeeded, found waiting
              step dear waits for a person: Book for 300?. Answer it in `people`.
            8: Expected the run to end as succeeded, found failed
              step rooms failed: all is full
            """);
  }

  @Test
  void aRunThatIsStoppedByALimitSaysWhich() throws IOException {
    Files.writeString(folder.resolve("trip.yaml"), BOOKING + "limits: {tool_calls: 1}\n");
    assertThat(said("one: {inputs: {place: Raglan}}\n"))
        .isEqualTo(
            """
            7: Expected the run to end as succeeded, found stopped
              limits.tool_calls is used up
            """);
  }

  @Test
  void whatCannotBeginIsToldAtItsPlace() throws IOException {
    assertThat(
            said(
                """
                no input: {}
                """))
        .contains("place");
    Files.writeString(folder.resolve("trip.yaml"), BOOKING.replace("[dear?]", "[deer?]"));
    assertThat(said("any: {inputs: {place: Raglan}}\n")).contains("deer");
  }

  @Test
  void coverageThatFallsShortIsToldWithWhatWasNotRun() throws IOException {
    Cases.Tested tested =
        tested(
            "coverage: {steps: 90, branches: 100}\n"
                + HEAD
                + "  cheap: {inputs: {place: Raglan}}\n");
    assertThat(said(tested))
        .isEqualTo(
            """
            1: Expected 90 % of the steps to be covered, found 75 %
              not: dear
            1: Expected 100 % of the branches to be covered, found 50 %
              not: `when` of dear never held
            """);
    assertThat(tested.passed()).isFalse();
  }

  @Test
  void aCapabilityIsMockedByItsNameForStepsAndSkills() throws IOException {
    Path skill = folder.resolve("skills/forecaster");
    Files.createDirectories(skill.resolve("cases"));
    Files.writeString(
        skill.resolve("skill.yaml"),
        """
        name: forecaster
        version: 1.0.0
        description: Tells the weather.
        inputs: [{name: query, type: string}]
        capabilities: {required: [weather_forecast]}
        """);
    Files.writeString(skill.resolve("instructions.md"), "Ask the forecast.");
    Path file = skill.resolve("cases/rain.yaml");
    Files.writeString(
        file,
        """
        answers:
          - turns:
              - {calls: [{tool: weather_forecast, with: {place: Raglan}}]}
              - {text: "It will be ${tools.weather_forecast.sky}."}
        tools: {weather_forecast: {returns: {sky: wet}}}
        cases:
          rain is told:
            inputs: {query: Will it rain?}
            expect: {outputs: {result: It will be wet.}}
            assert: ["calls[0].tool == 'weather_forecast'"]
        """);
    assertThat(said(engine.cases().test(file, name -> true))).isEmpty();
    assertThat(CaseFiles.at(folder)).containsExactly(file);
  }

  @Test
  void theWorkflowOfCasesMayEndInYml() throws IOException {
    Files.writeString(
        folder.resolve("short.yml"), "steps: {a: {set: 1}}\noutputs: {a: \"${a}\"}\n");
    Path file = folder.resolve("short.cases.yaml");
    Files.writeString(file, "cases: {one: {expect: {outputs: {a: 1}}}}\n");

    assertThat(said(engine.cases().test(file, name -> true))).isEmpty();

    Files.delete(folder.resolve("short.yml"));

    assertThat(said(engine.cases().test(file, name -> true)))
        .contains(
            "There is no workflow " + folder.resolve("short.yaml") + ", which these cases test.");
  }

  @Test
  void mistakesInTheFileAreToldAtTheirPlace() throws IOException {
    assertThat(
            said(
                tested(
                    """
                    tools:
                      booking/find: {returns: {id: "${arg.place}"}}
                    cases:
                      one: {inputs: {place: Raglan}, assert: ["size(call) == 1"]}
                    """)))
        .contains("trip.cases.yaml:2:", "`arg`");
    assertThat(said("one: {inputs: {place: Raglan}, started: yesterday}\n"))
        .contains("expected a time such as 2026-01-31T12:00:00Z, found \"yesterday\"");
    assertThat(said("one: {inputs: {place: Raglan}, started: \"2016-12-31T23:59:60Z\"}\n"))
        .contains(
            "trip.cases.yaml:7:",
            "Expected a time that there is, such as 2026-01-31T12:00:00Z, found"
                + " `2016-12-31T23:59:60Z`.");
    assertThat(said("one: {inputs: {place: Raglan}, assert: [\"sizes(calls) == 1\"]}\n"))
        .contains("sizes");
  }
}
