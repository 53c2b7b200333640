package dev.workflow.cli;

import dev.workflow.check.RunInputs;
import dev.workflow.check.RunInputs.Given;
import dev.workflow.check.RunInputs.Inputs;
import dev.workflow.engine.People.Kind;
import dev.workflow.engine.People.Question;
import dev.workflow.engine.Validator;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Asks for one answer, field by field. What is typed is checked and asked for again. */
final class Conversation {
  private final Keyboard keyboard;
  private final RunInputs reader;

  Conversation(Keyboard keyboard, Validator validator) {
    this.keyboard = keyboard;
    this.reader = new RunInputs(validator);
  }

  /** The end of input: nobody answers. */
  private static final class Gone extends RuntimeException {
    private static final long serialVersionUID = 1;

    Gone() {
      super("end of input", null, false, false);
    }
  }

  /** The answer; empty when the person left. */
  Optional<JsonNode> about(Question question) {
    keyboard.show("");
    keyboard.show("◎ " + question.step() + (failed(question) ? " failed:" : " asks:"));
    question.text().lines().forEach(line -> keyboard.show("  " + line));
    if (question.complaint() != null) {
      keyboard.show("  ! The last answer was not taken: " + question.complaint());
    }
    try {
      return Optional.of(
          switch (question.kind()) {
            case APPROVAL -> approval();
            case IN_DOUBT -> decision();
            case FAILURE -> wayOut();
            case TOOL_CHANGED -> again();
            case ELICITATION -> reaction(question.form());
            case FORM -> form(question.answerSchema());
          });
    } catch (Gone gone) {
      keyboard.show("");
      return Optional.empty();
    }
  }

  private static boolean failed(Question question) {
    return question.kind() == Kind.FAILURE || question.kind() == Kind.TOOL_CHANGED;
  }

  private String line(String prompt) {
    String line = keyboard.line(prompt);
    if (line == null) {
      throw new Gone();
    }
    return line.strip();
  }

  private JsonNode approval() {
    while (true) {
      switch (word(line("  [a]pprove or [r]eject? "))) {
        case "a", "approve" -> {
          return noted("approve");
        }
        case "r", "reject" -> {
          return noted("reject");
        }
        default -> keyboard.show("  Type a or r.");
      }
    }
  }

  private static String word(String line) {
    return line.toLowerCase(Locale.ROOT);
  }

  private ObjectNode noted(String decision) {
    ObjectNode answer = decided(decision);
    String note = line("  note (Enter: none): ");
    return note.isEmpty() ? answer : answer.put("note", note);
  }

  private JsonNode decision() {
    keyboard.show("  retry: make the call again, which may do it twice");
    keyboard.show("  done:  it took effect; you tell what it gave");
    keyboard.show("  fail:  count it as failed");
    while (true) {
      switch (word(line("  [r]etry, [d]one or [f]ail? "))) {
        case "r", "retry" -> {
          return decided("retry");
        }
        case "f", "fail" -> {
          return decided("fail");
        }
        case "d", "done" -> {
          return withOutput("done", "  its output as JSON (Enter: none): ", true);
        }
        default -> keyboard.show("  Type r, d or f.");
      }
    }
  }

  private JsonNode again() {
    keyboard.show("  retry: you have looked at the difference and locked it (workflow lock)");
    keyboard.show("  fail:  the step has failed");
    while (true) {
      switch (word(line("  [r]etry or [f]ail? "))) {
        case "r", "retry" -> {
          return decided("retry");
        }
        case "f", "fail" -> {
          return decided("fail");
        }
        default -> keyboard.show("  Type r or f.");
      }
    }
  }

  private JsonNode reaction(@Nullable JsonNode form) {
    keyboard.show(
        "  What you give goes to the server and into the journal: no passwords, no keys.");
    while (true) {
      switch (word(line("  [a]nswer, [d]ecline or [c]ancel? "))) {
        case "a", "answer", "accept" -> {
          ObjectNode answer = acted("accept");
          return form == null || form.path("properties").isEmpty()
              ? answer
              : answer.set("content", form(form));
        }
        case "d", "decline" -> {
          return acted("decline");
        }
        case "c", "cancel" -> {
          return acted("cancel");
        }
        default -> keyboard.show("  Type a, d or c.");
      }
    }
  }

  private static ObjectNode acted(String action) {
    return JsonNodeFactory.instance.objectNode().put("action", action);
  }

  private JsonNode wayOut() {
    keyboard.show("  retry:    try it once more");
    keyboard.show("  output:   it succeeds; you give its output");
    keyboard.show("  continue: it has failed, and the run goes on without it");
    keyboard.show("  fail:     it has failed, and the run fails with it");
    while (true) {
      switch (word(line("  [r]etry, [o]utput, [c]ontinue or [f]ail? "))) {
        case "r", "retry" -> {
          return decided("retry");
        }
        case "o", "output" -> {
          return withOutput("output", "  its output as JSON: ", false);
        }
        case "c", "continue" -> {
          return decided("continue");
        }
        case "f", "fail" -> {
          return decided("fail");
        }
        default -> keyboard.show("  Type r, o, c or f.");
      }
    }
  }

  private static ObjectNode decided(String decision) {
    return JsonNodeFactory.instance.objectNode().put("decision", decision);
  }

  private JsonNode withOutput(String decision, String prompt, boolean optional) {
    ObjectNode answer = decided(decision);
    while (true) {
      String text = line(prompt);
      if (text.isEmpty() && optional) {
        return answer;
      }
      try {
        return answer.set("output", JsonMapper.shared().readTree(text));
      } catch (JacksonException e) {
        keyboard.show("  That is no JSON; texts stand in double quotes.");
      }
    }
  }

  private JsonNode form(JsonNode schema) {
    if (schema.path("properties").isEmpty()) {
      return Objects.requireNonNull(value("answer", schema, schema, true));
    }
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : schema.path("properties").properties()) {
      boolean required =
          schema
              .path("required")
              .valueStream()
              .anyMatch(r -> field.getKey().equals(r.asString("")));
      JsonNode value = value(field.getKey(), field.getValue(), schema, required);
      if (value != null) {
        answer.set(field.getKey(), value);
      }
    }
    return answer;
  }

  private @Nullable JsonNode value(String name, JsonNode schema, JsonNode root, boolean required) {
    String description = schema.path("description").asString("");
    if (!description.isEmpty()) {
      keyboard.show("  " + description);
    }
    JsonNode standard = schema.get("default");
    while (true) {
      String text = line("  " + name + " " + kind(schema, required, standard) + ": ");
      if (text.isEmpty() && (standard != null || !required)) {
        return standard;
      }
      Inputs read = reader.check(alone(name, schema, root), Map.of(name, new Given.Text(text)));
      if (read.problems().isEmpty() && !(text.isEmpty() && required)) {
        return read.values().get(name);
      }
      read.problems().forEach(problem -> keyboard.show("  ! " + problem.message()));
      if (read.problems().isEmpty()) {
        keyboard.show("  ! An answer is required.");
      }
    }
  }

  private static String kind(JsonNode schema, boolean required, @Nullable JsonNode standard) {
    StringBuilder kind = new StringBuilder("(");
    if (schema.path("enum").size() > 0) {
      schema
          .path("enum")
          .forEach(each -> kind.append(kind.length() > 1 ? "|" : "").append(text(each)));
    } else {
      String type = schema.path("type").asString("value");
      kind.append(type.equals("array") || type.equals("object") ? type + " as JSON" : type);
    }
    if (standard != null) {
      kind.append(", Enter: ").append(text(standard));
    } else if (!required) {
      kind.append(", Enter: none");
    }
    return kind.append(")").toString();
  }

  private static String text(JsonNode value) {
    return value.isString() ? value.stringValue() : value.toString();
  }

  private static JsonNode alone(String name, JsonNode schema, JsonNode root) {
    ObjectNode alone = JsonNodeFactory.instance.objectNode().put("type", "object");
    alone.putObject("properties").set(name, schema);
    for (String definitions : new String[] {"$defs", "definitions"}) {
      if (root.has(definitions)) {
        alone.set(definitions, root.get(definitions));
      }
    }
    return alone;
  }
}
