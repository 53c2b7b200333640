package dev.workflow.expression;

import dev.workflow.engine.Expressions.ExpressionException;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Wanted;
import dev.workflow.engine.Pointers;
import dev.workflow.expression.Holes.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Compiles texts and values with expressions inside. */
final class Texts {
  private final Programs programs;
  private final Types types;

  Texts(Programs programs, Types types) {
    this.programs = programs;
    this.types = types;
  }

  /** A value: {@code ${…}} counts in each of its texts, and alone keeps its type. */
  Template value(JsonNode value, String pointer) {
    if (value.isString()) {
      return within(pointer, () -> text(value.stringValue()));
    }
    if (value.isObject()) {
      List<String> names = new ArrayList<>();
      List<Template> values = new ArrayList<>();
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        names.add(entry.getKey());
        values.add(value(entry.getValue(), Pointers.child(pointer, entry.getKey())));
      }
      return Template.ofObject(names, values);
    }
    if (value.isArray()) {
      List<Template> elements = new ArrayList<>();
      for (int i = 0; i < value.size(); i++) {
        elements.add(value(value.get(i), pointer + "/" + i));
      }
      return Template.ofList(elements);
    }
    return Template.fixed(value);
  }

  /** A text for people or models: {@code {path}} counts too, and the result is always text. */
  Template prompt(String text) {
    return Template.joined(templates(Holes.in(text, true)));
  }

  private Template text(String text) {
    List<Part> parts = Holes.in(text, false);
    return parts.size() == 1 && parts.getFirst() instanceof Part.Hole hole
        ? hole(hole)
        : Template.joined(templates(parts));
  }

  private List<Template> templates(List<Part> parts) {
    List<Template> templates = new ArrayList<>();
    for (Part part : parts) {
      templates.add(
          switch (part) {
            case Part.Literal literal -> Template.fixed(Args.of(literal.text()));
            case Part.Hole hole -> hole(hole);
          });
    }
    return templates;
  }

  private Template hole(Part.Hole hole) {
    try {
      return Template.of(programs.of(hole.source(), types, Wanted.ANY));
    } catch (ExpressionException e) {
      throw new ExpressionException(
          String.valueOf(e.getMessage()), "", hole.offset() + e.offset(), hint(hole, e));
    }
  }

  /** A path in single braces may be meant as it stands. */
  private static @Nullable String hint(Part.Hole hole, ExpressionException e) {
    if (!hole.brief() || e.offset() > 0) {
      return e.hint();
    }
    String asItIs = "Write {{" + hole.source() + "}} to print the braces.";
    return e.hint() == null ? asItIs : e.hint() + " " + asItIs;
  }

  private interface Compilation {
    Template run();
  }

  private static Template within(String pointer, Compilation compilation) {
    try {
      return compilation.run();
    } catch (ExpressionException e) {
      throw new ExpressionException(String.valueOf(e.getMessage()), pointer, e.offset(), e.hint());
    }
  }
}
