package dev.workflow.expression;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The type of a block of content, as MCP describes it. */
final class ContentTypes {

  /** Text, an image, audio, a link to a resource or an embedded one: only its type is sure. */
  static final Type BLOCK = SchemaTypes.of(block());

  private ContentTypes() {}

  private static ObjectNode block() {
    ObjectNode block = texts("type", "text", "data", "mimeType", "uri", "name", "title");
    ObjectNode properties = (ObjectNode) block.path("properties");
    properties.putObject("description").put("type", "string");
    properties.putObject("size").put("type", "integer");
    properties.set("resource", texts("uri", "mimeType", "text", "blob"));
    properties.putObject("annotations");
    properties.putObject("icons");
    properties.putObject("_meta");
    block.putArray("required").add("type");
    return block;
  }

  private static ObjectNode texts(String... names) {
    ObjectNode schema = JsonNodeFactory.instance.objectNode().put("type", "object");
    ObjectNode properties = schema.putObject("properties");
    for (String name : names) {
      properties.putObject(name).put("type", "string");
    }
    return schema.put("additionalProperties", false);
  }
}
