package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Problem;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A run whose servers' file is changed before it is resumed. */
class WrittenSecretsTest {
  private static final String WRITTEN =
      "{'command':'x','args':['--fast','--token','canary-1','--key','canary-2'],"
          + "'env':{'K':'canary 3','M':'fast'}}";

  private final Path file;

  WrittenSecretsTest(@TempDir Path workspace) {
    this.file = workspace.resolve(".mcp.json");
  }

  private ServerList read(String entry) throws IOException {
    Files.writeString(file, ("{'mcpServers': {'s': " + entry + "}}").replace('\'', '"'));
    return ServerLayers.read(Layer.USER, file, Objects.requireNonNull(file.getParent()));
  }

  private ServerList resumed(String changed) throws IOException {
    JsonNode kept = read(WRITTEN).toJson();
    read(changed);
    return ServerList.fromJson(kept);
  }

  @Test
  void aTokenInAHeaderIsASecretWithAndWithoutItsScheme() {
    JsonNode entry =
        Entries.json("{'url':'https://h/mcp','headers':{'Authorization':'Bearer canary-77'}}");
    assertThat(WrittenSecrets.of(entry)).contains("canary-77", "Bearer canary-77");
  }

  private static List<String> errors(ServerList list) {
    return list.problems().stream()
        .filter(problem -> problem.severity() == Problem.Severity.ERROR)
        .map(Problem::message)
        .toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'--fast'|'--fast','--slow'|args.2 args.4",
        "'--fast',||args.2 args.4",
        "'--token','canary-1','--key','canary-2'|'--key','canary-2','--token','canary-1'"
            + "|args.2 args.4",
        "'--key'|'--other','x','--key'|args.4",
        "'canary-2'|'-v'|args.4",
        "'canary 3'|'fast'|env.K",
      })
  void aSecretThatStandsElsewhereNowIsNotTakenForAnother(String from, String to, String fields)
      throws IOException {
    String changed = WRITTEN.replace(from, to == null ? "" : to);
    assertThat(changed).isNotEqualTo(WRITTEN);
    assertThat(errors(resumed(changed)))
        .containsExactlyElementsOf(
            List.of(fields.split(" ", -1)).stream()
                .map(
                    field ->
                        "server 's': the secret "
                            + field
                            + " is not kept with a run, and its file no longer has it")
                .toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"'canary-2'|'canary-2','more'", "'canary-1'|'canary-9'", "'fast'|'slow'"})
  void aSecretThatStandsWhereItStoodIsTakenAsItIsNow(String change) throws IOException {
    String[] parts = change.split("\\|", -1);
    ServerList list = resumed(WRITTEN.replace(parts[0], parts[1]));
    assertThat(errors(list)).isEmpty();
    assertThat(list.entries().get("s"))
        .extracting(entry -> entry.written().toString())
        .asString()
        .contains("canary 3", parts[1].contains("canary-9") ? "canary-9" : "canary-1")
        .contains("\"M\":\"fast\"")
        .doesNotContain("more");
  }
}
