package dev.workflow.check;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Validator;
import dev.workflow.engine.Validator.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Makes the inputs of a run from what its caller gave, or says what is wrong with them. */
public final class RunInputs {
  private final Validator validator;

  /** Validates with the given port. */
  public RunInputs(Validator validator) {
    this.validator = validator;
  }

  /** One input as its caller gave it. */
  public sealed interface Given {
    /** A text such as {@code --input days=3} gives, to be read as the declared type says. */
    record Text(String text) implements Given {}

    /** A value, such as of a file of inputs. */
    record Value(JsonNode value) implements Given {}
  }

  /**
   * The inputs of a run.
   *
   * @param values an object; with problems only those that fit
   */
  public record Inputs(JsonNode values, List<Problem> problems) {
    public Inputs {
      problems = List.copyOf(problems);
    }
  }

  /** Reads, completes by defaults and validates the inputs; every mistake is told. */
  public Inputs check(JsonNode inputSchema, Map<String, Given> given) {
    JsonNode declared = inputSchema.path("properties");
    ObjectNode values = JsonNodeFactory.instance.objectNode();
    List<Problem> problems = new ArrayList<>();
    for (Map.Entry<String, JsonNode> input : declared.properties()) {
      Given one = given.get(input.getKey());
      if (one != null) {
        take(input.getKey(), input.getValue(), inputSchema, one, values, problems);
      } else if (input.getValue().has("default")) {
        values.set(input.getKey(), input.getValue().get("default"));
      } else if (isRequired(inputSchema, input.getKey())) {
        problems.add(absent(input.getKey(), input.getValue()));
      }
    }
    for (String name : given.keySet()) {
      if (!declared.has(name)) {
        problems.add(
            problem(
                Rule.UNKNOWN_INPUT,
                name,
                "There is no input `" + name + "`.",
                Nearest.hint(name, declared.propertyNames())));
      }
    }
    if (problems.isEmpty()) {
      validator.validate(inputSchema, values).stream()
          .map(violation -> whole(violation))
          .forEach(problems::add);
    }
    return new Inputs(values, problems.stream().sorted(Problem.ORDER).toList());
  }

  private void take(
      String name,
      JsonNode schema,
      JsonNode root,
      Given given,
      ObjectNode values,
      List<Problem> problems) {
    JsonNode rooted = Shapes.rooted(root, schema);
    JsonNode value =
        switch (given) {
          case Given.Value one -> one.value();
          case Given.Text one -> Typed.read(one.text(), Shapes.resolve(rooted, rooted));
        };
    List<Violation> violations = validator.validate(rooted, value);
    if (violations.isEmpty()) {
      values.set(name, value);
    }
    for (Violation violation : violations) {
      problems.add(
          problem(
              Rule.WRONG_INPUT,
              name,
              "Input `%s` does not fit: %s.".formatted(name, violation.text()),
              schema.path("description").asString(null)));
    }
  }

  private static boolean isRequired(JsonNode inputSchema, String name) {
    return inputSchema
        .path("required")
        .valueStream()
        .anyMatch(each -> name.equals(each.asString("")));
  }

  private static Problem absent(String name, JsonNode schema) {
    String description = schema.path("description").asString("");
    return problem(
        Rule.MISSING_INPUT,
        name,
        "Input `%s` (%s) is required.".formatted(name, Shapes.word(schema)),
        "Give it: --input %s=VALUE.%s"
            .formatted(name, description.isEmpty() ? "" : " " + name + ": " + description));
  }

  private static Problem whole(Violation violation) {
    return Problem.invalid(
        Rule.WRONG_INPUT,
        Place.file("--input"),
        "The inputs do not fit: " + violation.text() + ".",
        null);
  }

  private static Problem problem(Rule rule, String input, String message, @Nullable String hint) {
    return Problem.invalid(rule, Place.file("--input " + input), message, hint);
  }
}
