package dev.workflow.mcp;

import dev.workflow.definition.Problem;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Server entries made from JSON text. */
final class Entries {
  private Entries() {}

  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  /** The entry that a text defines in a file of this layer. */
  static ServerEntry entry(Layer layer, Path workspace, String alias, String text) {
    return Objects.requireNonNull(list(layer, workspace, Map.of(alias, text)).entries().get(alias));
  }

  /** The list that these entries make, all of one layer. */
  static ServerList list(Layer layer, Path workspace, Map<String, String> texts) {
    StringBuilder servers = new StringBuilder();
    texts.forEach(
        (alias, text) ->
            servers.append(servers.isEmpty() ? "" : ",").append("'" + alias + "':" + text));
    var tree =
        JsonFile.parse(
            workspace.resolve(".mcp.json").toString(),
            "{" + servers.toString().replace('\'', '"') + "}");
    List<Problem> problems = new ArrayList<>();
    ServerOrigin origin =
        new ServerOrigin(layer, workspace.resolve(".mcp.json").toString(), workspace, workspace);
    Map<String, ServerEntry> entries =
        new ServerReader(tree.source(), origin, problems)
            .read(Objects.requireNonNull(tree.value()), "");
    return new ServerList(entries, List.of(), Set.of(), problems);
  }

  /** An entry that starts a fake server. */
  static String fake(String more, String... habits) {
    List<String> command = Fakes.command(habits);
    StringBuilder args = new StringBuilder();
    command
        .subList(1, command.size())
        .forEach(arg -> args.append(args.isEmpty() ? "" : ",").append("'" + arg + "'"));
    return "{'command':'" + command.getFirst() + "','args':[" + args + "]" + more + "}";
  }

  /** A problem as people see it. */
  static String text(Problem problem) {
    String place =
        Path.of(problem.place().file()).getFileName()
            + ":"
            + problem.place().line()
            + ":"
            + problem.place().column();
    String hint = problem.hint() == null ? "" : " " + problem.hint();
    return place + ": " + problem.severity() + " " + problem.message() + hint;
  }
}
