package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Tools;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

class RootsTest {
  private final Path workspace;
  private final Path home;

  RootsTest(@TempDir Path folder) throws IOException {
    this.home = folder.resolve("home");
    this.workspace = Files.createDirectories(folder.resolve("my workspace"));
  }

  private static String entry(String more) {
    List<String> command = Fakes.command(AskingServer.class);
    String args =
        command.stream().skip(1).map(arg -> "'" + arg + "'").collect(Collectors.joining(","));
    return "{'command':'" + command.getFirst() + "','args':[" + args + "]" + more + "}";
  }

  private ServerEntry server(Layer layer, String more) {
    return Entries.entry(layer, workspace, "asking", entry(more));
  }

  private String told(String more, String tool) {
    ServerEntry entry = server(Layer.USER, more);
    ServerList list = new ServerList(Map.of("asking", entry), List.of(), Set.of(), List.of());
    try (McpHost host = new McpHost(home, System.getenv(), McpSettings.DEFAULT);
        McpTools tools = host.tools(list, Set.of(), (name, digest) -> false)) {
      Tools.Call call =
          new Tools.Call("", "asking", tool, Fakes.arguments(), "key", "", null, ignored -> {});
      return Fakes.get(tools.call(call)).value().stringValue();
    }
  }

  @Test
  void aServerIsToldTheFoldersOfItsEntry() {
    String told = told(",'roots':['.','docs','${userHome}']", "roots");
    assertThat(JsonMapper.shared().readTree(told).path("result").toString())
        .isEqualTo(
            "{\"roots\":[{\"uri\":\""
                + workspace.toUri().toString().replaceAll("/$", "")
                + "\",\"name\":\"my workspace\"},{\"uri\":\""
                + workspace.resolve("docs").toUri()
                + "\",\"name\":\"docs\"},{\"uri\":\"file://"
                + System.getenv("HOME")
                + "\",\"name\":\""
                + Path.of(System.getenv("HOME")).getFileName()
                + "\"}]}")
        .contains("my%20workspace");
  }

  @Test
  void onlyAnEntryWithFoldersDeclaresThem() {
    assertThat(told(",'roots':['.']", "declared")).contains("\"roots\":{}");
    assertThat(told("", "declared")).doesNotContain("roots");
  }

  @Test
  void aServerThatIsToldNothingAndAsksAllTheSameLearnsThatThereIsNoSuchMethod() {
    assertThat(told("", "roots")).contains("\"error\"", "-32601").doesNotContain("file:");
  }

  @Test
  void entriesThatDifferInTheirFoldersShareNoSession() {
    Map<String, String> none = Map.of();
    Startable plain = Startable.of(server(Layer.USER, ""), none);
    Startable docs = Startable.of(server(Layer.USER, ",'roots':['docs']"), none);
    assertThat(docs.key()).isNotEqualTo(plain.key());
    assertThat(docs.key())
        .isEqualTo(Startable.of(server(Layer.USER, ",'roots':['./docs']"), none).key());
    assertThat(plain.key()).as("what was cached stays valid").isEqualTo(plain.launch().key());
  }

  @Test
  void theQuestionOfAnApprovalShowsThemAndNamesThoseOutsideTheWorkspace() {
    Trust trust = new Trust(home, Map.of());
    String risk = "risk: it is told to work in a folder outside the workspace";
    assertThat(trust.explanation(server(Layer.WORKSPACE, ",'roots':['docs','${workspaceFolder}']")))
        .contains("root: \"docs\"", "root: \"${workspaceFolder}\"")
        .doesNotContain(risk);
    for (String root : List.of("..", "/etc", "docs/../..", "${userHome}", "${X:-/}")) {
      assertThat(trust.explanation(server(Layer.WORKSPACE, ",'roots':['" + root + "']")))
          .as(root)
          .contains(risk);
    }
  }
}
