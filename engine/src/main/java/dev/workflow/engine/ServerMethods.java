package dev.workflow.engine;

import dev.workflow.definition.Effect;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What the protocol lets anybody ask of a server beside its tools: its resources and its prompts.
 * Each is used like a tool, under the name of its method, by who names it; nobody else is offered
 * it. No tool of a server has such a name.
 */
public final class ServerMethods {
  public static final String READ_RESOURCE = "resources/read";
  public static final String GET_PROMPT = "prompts/get";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Map<String, ServerMethods> ALL = new TreeMap<>();

  static {
    ObjectNode uri = text(JSON.objectNode(), "uri");
    uri.putArray("required").add("uri");
    ObjectNode contents =
        list("contents", text(JSON.objectNode(), "uri", "mimeType", "text", "blob"));
    ALL.put(
        READ_RESOURCE,
        new ServerMethods(
            "resources", "Read a resource", "Reads a resource of the server.", uri, contents));
    ObjectNode prompt = text(JSON.objectNode(), "name");
    prompt.withObject("properties").putObject("arguments").put("type", "object");
    prompt
        .withObject("/properties/arguments")
        .putObject("additionalProperties")
        .put("type", "string");
    prompt.putArray("required").add("name");
    ObjectNode message = text(JSON.objectNode(), "role");
    message.withObject("properties").putObject("content").put("type", "object");
    ObjectNode messages = list("messages", message);
    messages.withObject("properties").putObject("description").put("type", "string");
    ALL.put(
        GET_PROMPT,
        new ServerMethods(
            "prompts", "Get a prompt", "Fills in a prompt of the server.", prompt, messages));
  }

  private final String capability;
  private final String title;
  private final String description;
  private final JsonNode input;
  private final JsonNode output;

  private ServerMethods(
      String capability, String title, String description, JsonNode input, JsonNode output) {
    this.capability = capability;
    this.title = title;
    this.description = description;
    this.input = input;
    this.output = output;
  }

  private static ObjectNode text(ObjectNode schema, String... names) {
    schema.put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (String name : names) {
      properties.putObject(name).put("type", "string");
    }
    return schema;
  }

  private static ObjectNode list(String name, JsonNode element) {
    ObjectNode schema = JSON.objectNode().put("type", "object");
    schema.putObject("properties").putObject(name).put("type", "array").set("items", element);
    schema.putArray("required").add(name);
    return schema;
  }

  /** Whether a tool of that name is one of these methods. */
  public static boolean isOne(String tool) {
    return ALL.containsKey(tool);
  }

  /** What a server says at its greeting when it knows the method. */
  public static String capability(String method) {
    ServerMethods found = ALL.get(method);
    if (found == null) {
      throw new IllegalArgumentException("There is no method " + method);
    }
    return found.capability;
  }

  /** The method as a tool of a server; empty: it is none of these. */
  public static Optional<ToolSpec> of(String server, String name) {
    return Optional.ofNullable(ALL.get(name)).map(method -> method.spec(server, name));
  }

  /** By the protocol it only reads. Nobody tells who writes what it gives. */
  private ToolSpec spec(String server, String name) {
    ObjectNode defined = JSON.objectNode().put("name", name).put("description", description);
    defined.set("inputSchema", input);
    defined.set("outputSchema", output);
    return new ToolSpec(
        server,
        name,
        title,
        description,
        input,
        output,
        Effect.READ,
        true,
        Canonical.hash(defined));
  }
}
