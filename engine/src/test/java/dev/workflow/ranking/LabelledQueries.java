package dev.workflow.ranking;

import dev.workflow.engine.Ranking.Offered;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The labelled queries of {@code ranking/README.md} and the tools they are asked of. */
public final class LabelledQueries {
  private LabelledQueries() {}

  /**
   * One query.
   *
   * @param capability whether it is the id of a capability; then {@code words} says what it is
   * @param held whether it was kept aside while the ranking was tuned
   */
  public record Query(
      String id, boolean capability, String text, String words, Set<String> accept, boolean held) {

    /** Those of the accepted tools. */
    Set<String> servers() {
      return accept.stream()
          .map(tool -> tool.substring(0, tool.indexOf('/')))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  public static List<Query> queries() {
    return list("queries.json").stream()
        .map(
            each ->
                new Query(
                    each.path("id").asString(),
                    each.path("kind").asString().equals("capability"),
                    each.path("query").asString(),
                    each.path("words").asString(""),
                    each.path("accept")
                        .valueStream()
                        .map(JsonNode::asString)
                        .collect(Collectors.toUnmodifiableSet()),
                    each.path("part").asString().equals("held")))
        .toList();
  }

  public static List<Offered> tools() {
    List<Offered> tools = new ArrayList<>();
    for (JsonNode server : list("tools.json")) {
      String alias = server.path("server").asString();
      for (JsonNode tool : server.path("tools")) {
        String name = tool.path("name").asString();
        String title = tool.path("title").asString(tool.at("/annotations/title").asString(""));
        List<String> parameters = new ArrayList<>();
        for (Map.Entry<String, JsonNode> each : tool.at("/inputSchema/properties").properties()) {
          parameters.add(each.getKey() + " " + each.getValue().path("description").asString(""));
        }
        tools.add(
            new Offered(
                alias + "/" + name,
                alias,
                name,
                (title.isEmpty() ? "" : title + ". ") + tool.path("description").asString(),
                parameters));
      }
    }
    return tools;
  }

  /** Tools and outputs that the vocabulary knows of a capability; none: it is not of it. */
  public static List<String> knownNames(String capability) {
    JsonNode known =
        read("/dev/workflow/skills/vocabulary.json").path("capabilities").path(capability);
    return Stream.concat(known.path("tools").valueStream(), known.path("outputs").valueStream())
        .map(JsonNode::asString)
        .toList();
  }

  private static List<JsonNode> list(String file) {
    return read("/ranking/" + file).valueStream().toList();
  }

  private static JsonNode read(String file) {
    try (InputStream in = Objects.requireNonNull(LabelledQueries.class.getResourceAsStream(file))) {
      return JsonMapper.shared().readTree(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }
}
