package dev.workflow.engine;

import dev.workflow.definition.Rule;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.ExpressionException;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Wanted;
import dev.workflow.engine.WorkflowCompiler.Mistake;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Compiles the texts of a document one by one and keeps the mistakes with their places. */
final class Texts {
  private static final Rule RULE = Rule.EXPRESSION;

  private final Expressions expressions;
  private final String workflow;
  private final JsonNode document;
  private final List<Mistake> mistakes = new ArrayList<>();

  /**
   * The texts of one document.
   *
   * @param workflow its name, for the mistakes
   */
  Texts(Expressions expressions, String workflow, JsonNode document) {
    this.workflow = workflow;
    this.expressions = expressions;
    this.document = document;
  }

  List<Mistake> mistakes() {
    return mistakes;
  }

  /** An expression that is a text of its own or the end of one, as in {@code x in EXPR}. */
  Expression bare(String source, String pointer, Types types, Wanted wanted) {
    try {
      return expressions.compile(source, types, wanted);
    } catch (ExpressionException e) {
      return broken(e, pointer, offsetOf(source, pointer));
    }
  }

  /** A text for people or models. */
  Expression text(String text, String pointer, Types types) {
    try {
      return expressions.text(text, types);
    } catch (ExpressionException e) {
      return broken(e, pointer, 0);
    }
  }

  /** A duration as written, or one {@code ${...}} that gives a time. */
  Expression time(String until, String pointer, Types types) {
    if (until.startsWith("${") && until.endsWith("}") && until.indexOf("${", 2) < 0) {
      return bare(until.substring(2, until.length() - 1), pointer, types, Wanted.TIME);
    }
    return template(JsonNodeFactory.instance.stringNode(until), pointer, types);
  }

  /** A value; a mistake in one of its texts does not hide those in the others. */
  Expression template(JsonNode value, String pointer, Types types) {
    try {
      return expressions.template(value, types);
    } catch (ExpressionException e) {
      return value.isContainer() ? parts(e, value, pointer, types) : broken(e, pointer, 0);
    }
  }

  private Expression parts(ExpressionException whole, JsonNode value, String pointer, Types types) {
    int before = mistakes.size();
    Set<String> outputs = new HashSet<>();
    Set<String> endings = new HashSet<>();
    Set<String> locals = new HashSet<>();
    for (Part part : partsOf(value, pointer)) {
      Expression compiled = template(part.value, part.pointer, types);
      outputs.addAll(compiled.outputs());
      endings.addAll(compiled.endings());
      locals.addAll(compiled.locals());
    }
    if (mistakes.size() == before) {
      add(whole, pointer, 0);
    }
    return new BrokenExpression(message(whole), outputs, endings, locals);
  }

  private record Part(JsonNode value, String pointer) {}

  private static List<Part> partsOf(JsonNode value, String pointer) {
    List<Part> parts = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      parts.add(new Part(entry.getValue(), pointer + "/" + Pointers.escape(entry.getKey())));
    }
    if (value.isArray()) {
      for (int i = 0; i < value.size(); i++) {
        parts.add(new Part(value.get(i), pointer + "/" + i));
      }
    }
    return parts;
  }

  private Expression broken(ExpressionException e, String pointer, int shift) {
    add(e, pointer, shift);
    return new BrokenExpression(message(e), Set.of(), Set.of(), Set.of());
  }

  private void add(ExpressionException e, String pointer, int shift) {
    mistakes.add(
        new Mistake(
            workflow, RULE, pointer + e.pointer(), shift + e.offset(), message(e), e.hint()));
  }

  private static String message(ExpressionException e) {
    String message = e.getMessage();
    return message == null ? "The expression cannot be compiled." : message;
  }

  private int offsetOf(String source, String pointer) {
    JsonNode text = document.at(pointer);
    return text.isString() ? Math.max(0, text.stringValue().lastIndexOf(source)) : 0;
  }
}
