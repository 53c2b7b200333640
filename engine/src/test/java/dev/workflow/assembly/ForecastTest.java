package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.assembly.Forecast.Planned;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class ForecastTest {
  @TempDir private Path folder;

  /** The forecast as text: a line for each step, then what it will cost. */
  private String forecast(String workflow, String inputs) throws IOException {
    Path file = Files.writeString(folder.resolve("flow.yaml"), "name: flow\n" + workflow);
    Home home = new Home(folder.resolve("home"), null, Map.of("OPENAI_API_KEY", "k"), List.of());
    try (WorkflowEngine engine = new WorkflowEngine(home)) {
      Checked checked =
          engine.check(new CheckRequest(file, null, false, ModelWishes.NONE, Map.of()), Set.of());
      assertThat(checked.isOk()).as("%s", checked.problems()).isTrue();
      Forecast forecast =
          engine.forecast(
              Objects.requireNonNull(checked.definition()),
              JsonMapper.shared().readTree(inputs.replace('\'', '"')));
      return forecast.steps().stream().map(ForecastTest::line).collect(Collectors.joining())
          + "calls: %d tool, %d model%s\n"
              .formatted(
                  forecast.toolCalls(), forecast.modelCalls(), forecast.open() ? ", or more" : "");
    }
  }

  private static String line(Planned step) {
    return "%s %s %s after %s%s%s %s\n"
        .formatted(
            step.id(),
            step.verb(),
            step.target(),
            step.after(),
            step.each() == null ? "" : " each " + step.each() + " x " + step.elements(),
            step.condition() == null ? "" : " when " + step.condition(),
            step.work());
  }

  @Test
  void whatTheInputsDecideIsComputedAndTheRestStandsAsWritten() throws IOException {
    assertThat(
            forecast(
                """
                inputs: {place: string, days: integer}
                mcp: {t: {command: t}}
                steps:
                  last: {tool: t/book, with: {what: "${look.name}", where: "${place}"}}
                  look: {tool: t/look, with: {at: "${upper}", days: "${days + 1}"}}
                  upper: {set: "${place.upperAscii()}"}
                """,
                "{'place':'Raglan','days':2}"))
        .isEqualTo(
            """
            upper set  after [] "RAGLAN"
            look tool t/look after [upper] {"at":"RAGLAN","days":3}
            last tool t/book after [look] {"what":"${look.name}","where":"Raglan"}
            calls: 2 tool, 0 model
            """);
  }

  @Test
  void anEachOfKnownElementsCountsThemAndOneOfUnknownElementsIsOpen() throws IOException {
    String workflow =
        """
        inputs: {names: [string]}
        mcp: {t: {command: t}}
        steps:
          read: {each: n in names, tool: t/read, with: {name: "${n}"}}
        """;
    assertThat(forecast(workflow, "{'names':['a','b','c']}"))
        .isEqualTo(
            """
            read tool t/read after [] each n in names x 3 {"name":"${n}"}
            calls: 3 tool, 0 model
            """);
    assertThat(
            forecast(
                workflow + "  more: {each: m in read, tool: t/read, with: {name: \"${m}\"}}\n",
                "{'names':[]}"))
        .isEqualTo(
            """
            read tool t/read after [] each n in names x 0 {"name":"${n}"}
            more tool t/read after [read] each m in read x null {"name":"${m}"}
            calls: 1 tool, 0 model, or more
            """);
  }

  @Test
  void anEachThatMayEndEarlyMakesAtLeastOneOfItsCalls() throws IOException {
    assertThat(
            forecast(
                """
                inputs: {names: [string]}
                mcp: {t: {command: t}}
                steps:
                  read: {each: n in names, enough: size(read) > 1, tool: t/read, with: {name: "${n}"}}
                """,
                "{'names':['a','b','c']}"))
        .isEqualTo(
            """
            read tool t/read after [] each n in names x 3 {"name":"${n}"}
            calls: 1 tool, 0 model, or more
            """);
  }

  @Test
  void aConditionThatIsKnownIsDecidedAndASkippedStepCallsNothing() throws IOException {
    assertThat(
            forecast(
                """
                inputs: {far: boolean}
                mcp: {t: {command: t}}
                agents: {writer: {model: openai/gpt-5}}
                steps:
                  fly: {tool: t/fly, with: {}, when: far}
                  walk: {agent: writer, prompt: "Walk {far}", when: not far}
                  rest: {ask: "Rest after {walk}?", when: walk != ""}
                """,
                "{'far':false}"))
        .isEqualTo(
            """
            fly tool t/fly after [] when false {}
            walk agent writer (openai/gpt-5) after [] when true "Walk false"
            rest ask approve or reject after [walk] when walk != "" "Rest after {walk}?"
            calls: 0 tool, 1 model, or more
            """);
  }
}
