package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.mcp.ServerOrigin.Layer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerReaderTest {
  private final Path workspace;

  ServerReaderTest(@TempDir Path workspace) {
    this.workspace = workspace;
  }

  private List<String> problems(String alias, String entry) {
    return Entries.list(Layer.WORKSPACE, workspace, Map.of(alias, entry)).problems().stream()
        .map(problem -> problem.message())
        .toList();
  }

  /** Such an entry would end a command that only looks at it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'command':'/'|command: expected a program, found a folder",
        "'command':'//'|command: expected a program, found a folder",
        "'command':'a\\u0000b'|command: no program can be given the character U+0000",
        "'command':'x','args':['a','b\\u0000']|args.1: no program can be given the character"
            + " U+0000",
        "'command':'x','cwd':'\\u0000'|cwd: no program can be given the character U+0000",
        "'builtin':'travel','cwd':'a\\u0000'|cwd: no program can be given the character U+0000",
        "'command':'x','envFile':'\\u0000.env'|envFile: no program can be given the character"
            + " U+0000",
        "'command':'x','env':{'A':'\\u0000'}|env.A: no program can be given the character U+0000",
        "'command':'x','env':{'A=B':'c'}|env.A=B: expected the name of a variable",
        "'command':'x','env':{'':'c'}|env.: expected the name of a variable",
        "'command':'x','env':{'A\\u0000':'c'}|env.A\u0000: expected the name of a variable",
      })
  void whatNoProgramCanBeStartedWithIsRefused(String entry, String message) {
    assertThat(problems("s", "{" + entry + "}")).containsExactly("server 's', field " + message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\u007fb", "\u009b2J", "a\\u0085", "a\\u0000", "a/b", " "})
  void aNameHasNoCharactersThatSteer(String alias) {
    assertThat(problems(alias, "{'command':'x'}"))
        .singleElement()
        .asString()
        .startsWith("a server name is text without '/' and control characters, found '");
  }
}
