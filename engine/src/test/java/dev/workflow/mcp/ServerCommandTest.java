package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.mcp.ServerOrigin.Layer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a person is told to type, from another folder than the one that a file was named in. */
class ServerCommandTest {
  private static List<String> words(Layer layer, String file, Path folder) {
    var tree = JsonFile.parse(file, "{\"notes\": {\"url\": \"https://mcp.example.com/mcp\"}}");
    ServerEntry entry =
        Objects.requireNonNull(
            new ServerReader(
                    tree.source(), new ServerOrigin(layer, file, folder, folder), new ArrayList<>())
                .read(Objects.requireNonNull(tree.value()), "")
                .get("notes"));
    return ServerCommand.words("login", entry);
  }

  @ParameterizedTest
  @CsvSource({"COMMAND_LINE, --mcp-config", "WORKFLOW, --from"})
  void aFileOfAnotherFolderIsNamedWhereItLies(Layer layer, String option, @TempDir Path elsewhere) {
    Path file = elsewhere.resolve("servers.json");
    for (String typed : List.of("servers.json", "../x/./servers.json", file.toString())) {
      assertThat(words(layer, typed, elsewhere))
          .containsExactly("mcp", "login", "notes", option, file.toString());
    }
  }

  @Test
  void aFileBelowThePresentFolderIsNamedFromThere() {
    Path here = Path.of("").toAbsolutePath();
    assertThat(words(Layer.WORKFLOW, "../flow.yaml", here.resolve("flows")))
        .endsWith("--from", Path.of("flows", "flow.yaml").toString());
    assertThat(words(Layer.WORKFLOW, here.resolve("flow.yaml").toString(), here))
        .endsWith("--from", "flow.yaml");
  }
}
