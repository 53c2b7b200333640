package dev.workflow.skills;

import dev.workflow.skills.ConversionReport.Draft;
import dev.workflow.skills.PromptText.Unsaid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * A prompt template as data: one text, or messages with roles, in the notation of f-strings or of
 * Mustache. It is read as people write it, and as LangChain writes its templates to JSON.
 */
final class PromptTemplate {
  private static final Set<String> SYSTEM = Set.of("system", "developer");
  private static final Set<String> USER = Set.of("human", "user");
  private static final Set<String> ASSISTANT = Set.of("ai", "assistant");

  /** Kinds of LangChain that are templates or messages. */
  private static final Map<String, String> ROLES =
      Map.of(
          "SystemMessagePromptTemplate", "system",
          "HumanMessagePromptTemplate", "user",
          "AIMessagePromptTemplate", "assistant",
          "SystemMessage", "system",
          "HumanMessage", "user",
          "AIMessage", "assistant");

  private static final Set<String> READ =
      Set.of(
          "_type",
          "lc",
          "type",
          "id",
          "kwargs",
          "template",
          "template_format",
          "messages",
          "partial_variables",
          "input_variables",
          "name",
          "description");

  private final Draft report;
  private final List<Message> messages = new ArrayList<>();
  private final Map<String, String> values = new LinkedHashMap<>();
  private String format = "f-string";

  private PromptTemplate(Draft report) {
    this.report = report;
  }

  /** A message; its role is {@code system}, {@code user} or {@code assistant}. */
  record Message(String role, PromptText text) {}

  /**
   * The messages of a template.
   *
   * @throws Unsaid when it cannot be read as one
   */
  static List<Message> read(JsonNode tree, Draft report) {
    PromptTemplate template = new PromptTemplate(report);
    template.top(tree);
    if (template.messages.isEmpty()) {
      throw new Unsaid("Expected a `template` or `messages`, found neither");
    }
    return template.messages.stream()
        .map(message -> new Message(message.role(), message.text().with(template.values)))
        .toList();
  }

  private void top(JsonNode node) {
    if (node.isArray()) {
      node.forEach(this::message);
      return;
    }
    String kind = kind(node);
    JsonNode fields = node.has("kwargs") ? node.path("kwargs") : node;
    boolean known =
        Set.of("", "PromptTemplate", "ChatPromptTemplate", "prompt", "chat").contains(kind);
    if (!known || !fields.isObject()) {
      throw new Unsaid(
          "Expected a prompt template, found `%s`: what runs code cannot be imported"
              .formatted(kind.isEmpty() ? node.getNodeType() : kind));
    }
    format = fields.path("template_format").asString(format);
    partial(fields.path("partial_variables"));
    if (fields.has("messages")) {
      fields.path("messages").forEach(this::message);
    } else if (fields.has("template")) {
      messages.add(new Message("user", text(fields.path("template"))));
    }
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      JsonNode value = field.getValue();
      boolean empty = value.isNull() || (value.isContainer() && value.isEmpty());
      if (!READ.contains(field.getKey()) && !empty) {
        report.lost(field.getKey(), "it has no meaning here");
      }
    }
  }

  private void partial(JsonNode partial) {
    for (Map.Entry<String, JsonNode> entry : partial.properties()) {
      if (!entry.getValue().isValueNode()) {
        throw new Unsaid(
            "Expected a text for the partial variable `%s`, found something else"
                .formatted(entry.getKey()));
      }
      values.put(entry.getKey(), entry.getValue().asString(""));
      report.mapped("partial variable " + entry.getKey(), "its value stands in the text");
    }
  }

  /** The kind of something that LangChain has written; empty: it has not. */
  private static String kind(JsonNode node) {
    if (node.has("lc")) {
      JsonNode id = node.path("id");
      String type = node.path("type").asString("");
      return type.equals("constructor") ? id.path(id.size() - 1).asString("?") : type;
    }
    return node.path("_type").asString("");
  }

  private void message(JsonNode node) {
    String kind = kind(node);
    JsonNode fields = node.has("kwargs") ? node.path("kwargs") : node;
    if (kind.equals("MessagesPlaceholder") || fields.has("variable_name")) {
      placeholder(fields.path("variable_name").asString(""));
      return;
    }
    String role;
    JsonNode content;
    if (node.isArray()) {
      role = node.path(0).asString("");
      content = node.path(1);
    } else if (node.isString()) {
      role = "user";
      content = node;
    } else {
      role =
          ROLES.getOrDefault(kind, fields.path("role").asString(fields.path("type").asString("")));
      content = fields.path("content").isMissingNode() ? fields : fields.path("content");
    }
    if (role.equals("placeholder")) {
      placeholder(content.asString("").replaceAll("[{}\\s]", ""));
      return;
    }
    boolean template = !kind.endsWith("Message");
    messages.add(new Message(role(role, kind), template ? text(content) : fixed(content)));
  }

  /** What was said before is one input, in whose place its text stands. */
  private void placeholder(String name) {
    report.mapped("messages " + name, "an input whose text stands in their place");
    messages.add(
        new Message("", new PromptText(List.of(new PromptText.Part.Variable(checked(name))))));
  }

  private static String checked(String name) {
    if (!name.matches("[A-Za-z_][A-Za-z0-9_]*")) {
      throw new Unsaid("Expected the name of a variable, found `%s`".formatted(name));
    }
    return name;
  }

  private static String role(String written, String kind) {
    String role = written.toLowerCase(Locale.ROOT);
    if (SYSTEM.contains(role)) {
      return "system";
    }
    if (USER.contains(role)) {
      return "user";
    }
    if (ASSISTANT.contains(role)) {
      return "assistant";
    }
    throw new Unsaid(
        "Expected a message of the system, a user or an assistant, found `%s`"
            .formatted(role.isEmpty() ? kind : role));
  }

  /** What a message says that is no template: a text, or a list of texts. */
  private static PromptText fixed(JsonNode content) {
    if (content.isArray()) {
      PromptText all = PromptText.literal("");
      for (JsonNode part : content) {
        all = all.then(fixed(part));
      }
      return all;
    }
    JsonNode written = content.isString() ? content : content.path("text");
    if (!written.isString() || !content.path("type").asString("text").equals("text")) {
      throw new Unsaid("Expected a text, found `%s`".formatted(content));
    }
    return PromptText.literal(written.stringValue());
  }

  private PromptText text(JsonNode content) {
    if (content.isArray()) {
      PromptText all = PromptText.literal("");
      for (JsonNode part : content) {
        all = all.then(text(part));
      }
      return all;
    }
    if (content.has("kwargs")) {
      return text(content.path("kwargs"));
    }
    if (content.has("prompt")) {
      return text(content.path("prompt"));
    }
    partial(content.path("partial_variables"));
    String own = content.path("template_format").asString(format);
    JsonNode written = content.isString() ? content : firstText(content);
    if (!written.isString()) {
      throw new Unsaid("Expected a text, found `%s`".formatted(content));
    }
    return parsed(written.stringValue(), own);
  }

  private static JsonNode firstText(JsonNode content) {
    return content.has("template") ? content.path("template") : content.path("text");
  }

  private PromptText parsed(String text, String notation) {
    return switch (notation) {
      case "f-string" -> PromptText.fString(text);
      case "mustache" -> {
        List<String> comments = new ArrayList<>();
        PromptText parsed = PromptText.mustache(text, comments);
        comments.forEach(comment -> report.lost("comment", comment));
        yield parsed;
      }
      default ->
          throw new Unsaid(
              "Expected the template_format f-string or mustache, found `%s`".formatted(notation));
    };
  }
}
