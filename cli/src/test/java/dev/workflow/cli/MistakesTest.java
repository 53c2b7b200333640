package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MistakesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "vaildate a.yaml | workflow: there is no command vaildate. Did you mean validate?",
        "mcp | workflow mcp: expected one of add, add-json, edit, get, show, list, remove, enable,"
            + " disable, test, trust, untrust, login, logout, import, migrate, doctor, found nothing.",
        "trace | workflow trace: expected graph, found nothing.",
        "trace cost last | workflow trace: cost is not supported yet.",
        "trace graph | workflow trace graph: missing required parameter: 'RUN'",
        "runs | workflow runs: expected one of list, show, diff, cancel, delete, export, record, save, found nothing.",
        "runs watch last | workflow runs: watch is not supported yet.",
        "runs shwo last | workflow runs: there is no command shwo. Did you mean show?",
        "run | \"workflow run: missing required parameter: 'FILE|PLAN'\"",
        "run --inptu a=b a.yaml | workflow run: there is no option --inptu. Did you mean --input?",
        "plan | workflow plan: expected one of create, list, show, run, resume, delete, found"
            + " nothing.",
        "plan run | workflow plan run: missing required parameter: 'PLAN'",
        "run a.yaml b.yaml | workflow run: b.yaml is one argument too many.",
        "run a.yaml --model x | workflow run: --model: expected ALIAS=PROVIDER/MODEL, found x.",
        "validate | workflow validate: missing required parameter: 'PATH'",
      })
  void aWrongCommandLineSaysWhatIsWrongWithIt(String line, String message) {
    CommandWorld.Result result = new CommandWorld(folder).run(line.split(" ", -1));

    String command = message.substring(0, message.indexOf(':'));
    assertThat(result)
        .isEqualTo(new CommandWorld.Result(2, "", message + "\nSee " + command + " --help.\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run -o json",
        "run a.yaml --inptu x -o json",
        "resume -ojson",
        "runs show --output=json",
        "runs shwo -o json",
        "validate -o JSON",
      })
  void aWrongCommandLineIsOneObjectWhereJsonWasAskedFor(String line) {
    CommandWorld.Result result = new CommandWorld(folder).run(line.split(" ", -1));

    assertThat(result.code()).isEqualTo(2);
    assertThat(result.json().at("/errors/0/kind").asString()).isEqualTo("usage");
    assertThat(result.err()).startsWith(result.json().at("/errors/0/message").asString() + "\n");
  }
}
