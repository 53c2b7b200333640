package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What `ranking/README.md` promises of the labelled queries and of the tools they are asked of. */
class RankingDataTest {
  private static final Set<String> LICENSES = Set.of("Apache-2.0", "Apache-2.0 AND MIT", "MIT");
  private static final int DESCRIPTION_CHARS_MAX = 2_000;

  private final List<JsonNode> servers = list("tools.json");
  private final List<JsonNode> queries = list("queries.json");

  @Test
  void thereAreEnoughToolsAndQueries() {
    assertThat(servers).hasSizeGreaterThanOrEqualTo(20);
    assertThat(tools()).hasSizeGreaterThanOrEqualTo(150);
    assertThat(queries.stream().filter(query -> !accepted(query).isEmpty()).toList())
        .hasSizeGreaterThanOrEqualTo(200);
    assertThat(queries.stream().filter(query -> accepted(query).isEmpty()).toList())
        .hasSizeGreaterThanOrEqualTo(20);
  }

  @Test
  void everyServerSaysWhereItsToolsComeFromAndThatTheyMayBeKept() {
    String notice = text("NOTICE.md");
    assertThat(servers)
        .allSatisfy(
            server -> {
              assertThat(of(server, "license")).isIn(LICENSES);
              assertThat(server.has("version")).isNotEqualTo(server.has("commit"));
              assertThat(notice)
                  .contains("| %s | `%s` |".formatted(of(server, "server"), of(server, "source")));
            });
  }

  @Test
  void everyToolHasADescriptionOfBoundedLengthAndTakesAnObject() {
    assertThat(servers.stream().flatMap(server -> server.path("tools").valueStream()).toList())
        .allSatisfy(
            tool -> {
              assertThat(of(tool, "description"))
                  .isNotBlank()
                  .hasSizeLessThanOrEqualTo(DESCRIPTION_CHARS_MAX);
              assertThat(tool.at("/inputSchema/type").asString()).isEqualTo("object");
            });
  }

  @Test
  void serversAndTheirToolsAreSortedAndNoneIsThereTwice() {
    assertThat(servers.stream().map(server -> of(server, "server")).toList()).isSorted();
    assertThat(servers)
        .allSatisfy(
            server ->
                assertThat(server.path("tools").valueStream().map(t -> of(t, "name")).toList())
                    .isSorted());
    assertThat(tools()).doesNotHaveDuplicates();
  }

  @Test
  void everyAcceptedToolExists() {
    List<String> tools = tools();
    assertThat(queries).allSatisfy(query -> assertThat(accepted(query)).isSubsetOf(tools));
  }

  @Test
  void noQueryIsAskedTwiceAndNoneAcceptsAToolTwice() {
    assertThat(queries.stream().map(query -> of(query, "id")).toList()).doesNotHaveDuplicates();
    assertThat(queries.stream().map(query -> of(query, "query")).toList()).doesNotHaveDuplicates();
    assertThat(queries)
        .allSatisfy(query -> assertThat(accepted(query)).doesNotHaveDuplicates().isSorted());
  }

  @Test
  void aCapabilityBringsItsWordsAndATaskIsItsWords() {
    assertThat(queries)
        .allSatisfy(
            query -> {
              assertThat(of(query, "kind")).isIn("capability", "task");
              assertThat(query.has("words")).isEqualTo(of(query, "kind").equals("capability"));
            });
  }

  @Test
  void whatIsHeldAsideFollowsFromTheIdAlone() {
    assertThat(queries)
        .allSatisfy(query -> assertThat(of(query, "part")).isEqualTo(part(of(query, "id"))));
  }

  /** A third by chance, fixed before the first query was written. */
  private static String part(String id) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(id.getBytes(StandardCharsets.UTF_8));
      BigInteger rest = new BigInteger(1, digest).mod(BigInteger.valueOf(3));
      return rest.signum() == 0 ? "held" : "tune";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private List<String> tools() {
    List<String> names = new ArrayList<>();
    for (JsonNode server : servers) {
      for (JsonNode tool : server.path("tools")) {
        names.add(of(server, "server") + "/" + of(tool, "name"));
      }
    }
    return names;
  }

  private static List<String> accepted(JsonNode query) {
    return query.path("accept").valueStream().map(JsonNode::asString).toList();
  }

  private static String of(JsonNode node, String key) {
    return node.path(key).asString();
  }

  private static List<JsonNode> list(String file) {
    return JsonMapper.shared().readTree(text(file)).valueStream().toList();
  }

  private static String text(String file) {
    try (InputStream in =
        Objects.requireNonNull(RankingDataTest.class.getResourceAsStream("/ranking/" + file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(file + " cannot be read", e);
    }
  }
}
