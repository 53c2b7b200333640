package dev.workflow.mcp;

import dev.workflow.engine.Elicitor.Elicitation;
import io.modelcontextprotocol.spec.McpError;
import io.modelcontextprotocol.spec.McpSchema;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a server asks a person for, held against what the protocol allows: one object whose fields
 * are texts, numbers, truth values and choices. Of the schema only what is known is taken over, so
 * that nothing else of the server decides what answers are taken.
 */
final class ElicitationForm {
  private static final int MAX_MESSAGE = 10_000;
  private static final int MAX_FIELDS = 50;
  private static final int MAX_CHOICES = 500;
  private static final int MAX_TEXT = 2_000;

  private static final Set<String> FORMATS = Set.of("email", "uri", "date", "date-time");
  private static final List<String> BOUNDS = List.of("minimum", "maximum");
  private static final List<String> COUNTS =
      List.of("minLength", "maxLength", "minItems", "maxItems");

  /** The protocol forbids to ask for these in a form. */
  private static final Pattern SECRET =
      Pattern.compile(
          "\\b(password|passwd|passphrase|passcode|secrets?|credentials?|cvv|cvc)\\b"
              + "|\\b(api|access|private|secret|signing|auth|refresh|bearer) ?(key|token)s?\\b"
              + "|^(token|pin)$");

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private ElicitationForm() {}

  /**
   * What the parameters of {@code elicitation/create} ask for.
   *
   * @throws McpError invalid parameters, saying what is wrong
   */
  static Elicitation read(JsonNode params) {
    String mode = params.path("mode").asString("form");
    if (!mode.equals("form")) {
      throw invalid("this client declared elicitation of mode form, not " + cut(mode));
    }
    String message = params.path("message").asString("");
    if (message.isBlank() || message.length() > MAX_MESSAGE) {
      throw invalid("expected a message of 1 to " + MAX_MESSAGE + " characters");
    }
    JsonNode schema = params.path("requestedSchema");
    JsonNode fields = schema.path("properties");
    if (!schema.path("type").asString("").equals("object") || !fields.isObject()) {
      throw invalid("expected a requestedSchema of type object with properties");
    }
    if (fields.size() > MAX_FIELDS) {
      throw invalid("expected at most " + MAX_FIELDS + " fields, found " + fields.size());
    }
    ObjectNode form = JSON.objectNode().put("type", "object");
    ObjectNode properties = form.putObject("properties");
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      properties.set(field.getKey(), field(field.getKey(), field.getValue()));
    }
    Set<String> required = new LinkedHashSet<>();
    for (JsonNode name : schema.path("required")) {
      if (!properties.has(name.asString(""))) {
        throw invalid("the required field " + cut(name.asString("")) + " is none of the fields");
      }
      required.add(name.asString(""));
    }
    required.forEach(form.putArray("required")::add);
    return new Elicitation(message, form.put("additionalProperties", false));
  }

  private static ObjectNode field(String name, JsonNode written) {
    String title = written.path("title").asString("");
    if (isSecret(name) || isSecret(title)) {
      throw invalid(
          "the field " + cut(name) + " asks for a secret, which no form may; nobody was asked");
    }
    ObjectNode field = JSON.objectNode();
    String type = written.path("type").asString("");
    field.put("type", type);
    String choices = "";
    switch (type) {
      case "string" -> {
        choices = choices(written, field);
        String format = written.path("format").asString("");
        if (FORMATS.contains(format)) {
          field.put("format", format);
        }
      }
      case "array" -> {
        ObjectNode items = field.putObject("items").put("type", "string");
        choices = choices(written.path("items"), items);
        if (!items.has("enum")) {
          throw invalid("the list " + cut(name) + " must say what there is to choose from");
        }
        field.put("uniqueItems", true);
      }
      case "number", "integer", "boolean" -> {}
      default ->
          throw invalid(
              "the field "
                  + cut(name)
                  + " must be a string, number, integer, boolean or a choice, found "
                  + cut(type.isEmpty() ? "no type" : type));
    }
    for (String bound : BOUNDS) {
      if (written.path(bound).isNumber()) {
        field.set(bound, written.get(bound));
      }
    }
    for (String count : COUNTS) {
      if (written.path(count).canConvertToInt() && written.path(count).intValue() >= 0) {
        field.put(count, written.path(count).intValue());
      }
    }
    describe(field, title, written.path("description").asString(""), choices);
    if (written.has("default")) {
      field.set("default", written.get("default"));
    }
    return field;
  }

  /** Takes over what there is to choose from; gives the titles of the choices. */
  private static String choices(JsonNode written, ObjectNode field) {
    StringBuilder titles = new StringBuilder();
    JsonNode plain = written.path("enum");
    JsonNode named = written.has("oneOf") ? written.path("oneOf") : written.path("anyOf");
    JsonNode all = plain.isArray() ? plain : named;
    if (!all.isArray()) {
      return "";
    }
    if (all.isEmpty() || all.size() > MAX_CHOICES) {
      throw invalid("expected 1 to " + MAX_CHOICES + " choices, found " + all.size());
    }
    for (int i = 0; i < all.size(); i++) {
      JsonNode value = plain.isArray() ? plain.get(i) : named.get(i).path("const");
      JsonNode title =
          plain.isArray() ? written.path("enumNames").path(i) : named.get(i).path("title");
      if (!value.isString()) {
        throw invalid("expected choices that are texts");
      }
      field.withArray("/enum").add(value.stringValue());
      if (title.isString() && !title.equals(value)) {
        titles.append(titles.isEmpty() ? "" : ", ");
        titles.append(value.stringValue()).append(": ").append(title.stringValue());
      }
    }
    return titles.toString();
  }

  private static void describe(ObjectNode field, String title, String description, String choices) {
    StringBuilder text = new StringBuilder(title);
    for (String part : List.of(description, choices)) {
      if (!part.isEmpty()) {
        text.append(text.isEmpty() ? "" : ". ").append(part);
      }
    }
    if (!text.isEmpty()) {
      field.put("description", Failures.cut(text.toString(), MAX_TEXT));
    }
  }

  private static boolean isSecret(String name) {
    String words = name.replaceAll("([a-z0-9])([A-Z])", "$1 $2").replaceAll("[^A-Za-z0-9]+", " ");
    return SECRET.matcher(words.strip().toLowerCase(Locale.ROOT)).find();
  }

  private static String cut(String text) {
    return Failures.cut(text, 100);
  }

  private static McpError invalid(String message) {
    return McpError.builder(McpSchema.ErrorCodes.INVALID_PARAMS).message(message).build();
  }
}
