package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Elicitor.Elicitation;
import dev.workflow.engine.Elicitor.Elicited;
import dev.workflow.engine.Sampler;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.mcp.ServerOrigin.Layer;
import dev.workflow.mcp.oauth.LoginRequest;
import dev.workflow.mcp.oauth.OAuthException;
import dev.workflow.run.Event.Reaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The program that the conformance suite tests: it uses the server at the address that it is given
 * as a run does, listing its tools and calling each. The scenario's name is in {@code
 * MCP_CONFORMANCE_SCENARIO}, what else it needs to know in {@code MCP_CONFORMANCE_CONTEXT}.
 */
final class ConformanceClient {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A person who is asked again and again to log in gives up. */
  private static final int LOGINS = 3;

  private ConformanceClient() {}

  public static void main(String[] args) throws IOException {
    try {
      use(args[0]);
    } catch (Tools.ToolException | OAuthException e) {
      System.err.println(e.getMessage());
      System.exit(1);
    }
  }

  private static void use(String url) throws IOException {
    Path folder = Files.createTempDirectory("conformance");
    try (McpHost host = new McpHost(folder, System.getenv(), McpSettings.DEFAULT)) {
      ServerList servers = Entries.list(Layer.USER, folder, Map.of("suite", entry(url)));
      for (int logins = 0; ; logins++) {
        try (McpTools tools = host.tools(servers, Set.of(), (tool, digest) -> false)) {
          use(tools);
          return;
        } catch (Tools.ToolException e) {
          if (e.error().kind() != ErrorKind.LOGIN_NEEDED || logins == LOGINS) {
            throw e;
          }
          System.out.println(e.getMessage() + " " + e.error().details());
          host.logins()
              .login(
                  Objects.requireNonNull(servers.entries().get("suite")),
                  new LoginRequest(List.of(), PATIENCE, ConformanceClient::visit));
        }
      }
    }
  }

  /** What a person would have written into the entry, and {@code workflow mcp login} reads. */
  private static String entry(String url) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("url", url);
    ObjectNode oauth = entry.putObject("oauth");
    oauth.put("clientMetadataUrl", "https://conformance-test.local/client-metadata.json");
    JsonNode context =
        JsonMapper.shared().readTree(System.getenv().getOrDefault("MCP_CONFORMANCE_CONTEXT", "{}"));
    Map.of(
            "client_id", "clientId",
            "client_secret", "clientSecret",
            "private_key_pem", "privateKey")
        .forEach(
            (theirs, ours) -> {
              if (context.has(theirs)) {
                oauth.set(ours, context.get(theirs));
              }
            });
    if (context.path("name").asString("").contains("client-credentials")) {
      oauth.put("grantType", "client_credentials");
    }
    return entry.toString();
  }

  /** A person with a browser, who agrees to everything. */
  private static void visit(LoginRequest.Invitation invitation) {
    try (HttpClient browser =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build()) {
      browser.send(HttpRequest.newBuilder(invitation.address()).build(), BodyHandlers.discarding());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void use(McpTools tools) {
    for (ToolSpec tool : Fakes.get(tools.list("suite"))) {
      Tools.Answer answer = Fakes.get(tools.call(call(tool)));
      System.out.println(tool.name() + ": " + answer.value());
    }
  }

  private static Tools.Call call(ToolSpec tool) {
    return new Tools.Call(
        "",
        "suite",
        tool.name(),
        arguments(tool.inputSchema()),
        "key",
        tool.digest(),
        PATIENCE,
        ignored -> {},
        "",
        ConformanceClient::agree,
        Sampler.NONE);
  }

  /** Whoever is asked leaves all as it is. */
  private static Mono<Elicited> agree(Elicitation wanted) {
    return Mono.just(
        new Elicited(Reaction.ACCEPT, wanted.completed(JsonNodeFactory.instance.objectNode())));
  }

  private static JsonNode arguments(JsonNode schema) {
    ObjectNode arguments = JsonNodeFactory.instance.objectNode();
    for (JsonNode required : schema.path("required")) {
      String name = required.asString();
      switch (schema.path("properties").path(name).path("type").asString("")) {
        case "number", "integer" -> arguments.put(name, 2);
        case "boolean" -> arguments.put(name, true);
        case "array" -> arguments.putArray(name);
        case "object" -> arguments.putObject(name);
        default -> arguments.put(name, "text");
      }
    }
    return arguments;
  }
}
