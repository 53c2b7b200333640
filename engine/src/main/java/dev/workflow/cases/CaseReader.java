package dev.workflow.cases;

import dev.workflow.definition.Durations;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ErrorKind;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents.Tree;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Expressions.Expression;
import dev.workflow.engine.Expressions.ExpressionException;
import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Wanted;
import dev.workflow.engine.Pointers;
import dev.workflow.run.RunStatus;
import dev.workflow.run.StepError;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Reads what fits {@code cases.schema.json}; what that cannot see is checked here. */
final class CaseReader {
  private static final JsonNode ANY = JsonNodeFactory.instance.objectNode();

  /** The names of a mock. */
  private static final Types CALL =
      new Types(
          Map.of(), Map.of(), Map.of("args", ANY, MockTools.NUMBER, ANY, MockTools.INPUTS, ANY));

  private final Tree tree;
  private final Expressions expressions;
  private final List<Problem> problems;

  CaseReader(Tree tree, Expressions expressions) {
    this.tree = tree;
    this.expressions = expressions;
    this.problems = new ArrayList<>(tree.problems());
  }

  CaseFile.Reading read(Path path) {
    JsonNode file = tree.value();
    if (file == null || !problems.isEmpty()) {
      return new CaseFile.Reading(null, problems);
    }
    Map<String, Mock> shared = mocks(file.path("tools"), "/tools");
    List<Case> cases = new ArrayList<>();
    for (Map.Entry<String, JsonNode> written : file.path("cases").properties()) {
      String pointer = Pointers.child("/cases", written.getKey());
      cases.add(read(written.getKey(), written.getValue(), pointer, file.get("answers"), shared));
    }
    CaseFile read =
        new CaseFile(
            path,
            text(file, "workflow"),
            percent(file, "steps"),
            percent(file, "branches"),
            cases,
            tree.source());
    return new CaseFile.Reading(problems.isEmpty() ? read : null, problems);
  }

  private Case read(
      String name,
      JsonNode written,
      String pointer,
      @Nullable JsonNode sharedAnswers,
      Map<String, Mock> shared) {
    Map<String, Mock> mocks = new LinkedHashMap<>(shared);
    mocks.putAll(mocks(written.path("tools"), pointer + "/tools"));
    JsonNode answers = written.has("answers") ? written.get("answers") : sharedAnswers;
    JsonNode expected = written.path("expect");
    List<String> assertions = new ArrayList<>();
    written.path("assert").forEach(each -> assertions.add(each.asString()));
    Map<String, String> steps = new LinkedHashMap<>();
    expected
        .path("steps")
        .properties()
        .forEach(e -> steps.put(e.getKey(), e.getValue().asString()));
    return new Case(
        name,
        written.path("inputs").isMissingNode() ? ANY : written.path("inputs"),
        started(written, pointer + "/started"),
        answers != null && answers.isArray() ? rules(answers) : null,
        answers != null && answers.isString() ? answers.asString() : null,
        mocks,
        values(written.path("people")),
        text(written, "cassette"),
        status(expected),
        expected.isMissingNode() ? null : values(expected.path("outputs")),
        steps,
        assertions,
        pointer);
  }

  /** A second that was put in fits the schema, and is no time for the platform. */
  private @Nullable Instant started(JsonNode written, String pointer) {
    String started = text(written, "started");
    try {
      return started == null ? null : OffsetDateTime.parse(started).toInstant();
    } catch (DateTimeParseException e) {
      problems.add(
          Problem.invalid(
              Rule.WRONG_VALUE,
              tree.source().place(pointer),
              "Expected a time that there is, such as 2026-01-31T12:00:00Z, found `"
                  + started
                  + "`.",
              null));
      return null;
    }
  }

  private static @Nullable RunStatus status(JsonNode expected) {
    String status = text(expected, "status");
    return status == null ? null : RunStatus.valueOf(status.toUpperCase(Locale.ROOT));
  }

  private static ObjectNode rules(JsonNode answers) {
    ObjectNode file = JsonNodeFactory.instance.objectNode();
    file.set("answers", answers);
    return file;
  }

  private Map<String, Mock> mocks(JsonNode written, String pointer) {
    Map<String, Mock> mocks = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : written.properties()) {
      String at = Pointers.child(pointer, entry.getKey());
      mocks.put(entry.getKey(), mock(entry.getKey(), entry.getValue(), at));
    }
    return mocks;
  }

  private Mock mock(String name, JsonNode written, String pointer) {
    List<Mock.Rule> rules = new ArrayList<>();
    JsonNode listed = written.path("answers");
    for (int i = 0; i < listed.size(); i++) {
      rules.add(rule(listed.get(i), pointer + "/answers/" + i));
    }
    if (listed.isMissingNode()) {
      rules.add(rule(written, pointer));
    }
    String effect = text(written, "effects");
    return new Mock(
        name,
        rules,
        written.get("input"),
        written.get("output"),
        effect == null ? null : Effect.of(effect));
  }

  private Mock.Rule rule(JsonNode written, String pointer) {
    String when = text(written, "when");
    Duration delay = Durations.parse(written.path("delay").asString("")).orElse(Duration.ZERO);
    return new Mock.Rule(
        when == null ? null : condition(when, pointer + "/when"),
        written.path("times").asInt(0),
        delay,
        reply(written, pointer));
  }

  private Mock.Reply reply(JsonNode written, String pointer) {
    if (written.has("hangs")) {
      return new Mock.Reply.Hangs();
    }
    JsonNode fails = written.path("fails");
    if (fails.isMissingNode()) {
      return new Mock.Reply.Returns(template(written.path("returns"), pointer + "/returns"));
    }
    String message = fails.isString() ? fails.asString() : fails.path("message").asString("");
    return new Mock.Reply.Fails(
        StepError.of(ErrorKind.of(fails.path("kind").asString("tool_error")), message),
        fails.path("executed").asBoolean(false));
  }

  private @Nullable Expression condition(String text, String pointer) {
    try {
      return expressions.compile(text, CALL, Wanted.BOOLEAN);
    } catch (ExpressionException e) {
      problems.add(mistake(e, pointer));
      return null;
    }
  }

  private Expression template(JsonNode value, String pointer) {
    try {
      return expressions.template(value, CALL);
    } catch (ExpressionException e) {
      problems.add(mistake(e, pointer + e.pointer()));
      return expressions.template(JsonNodeFactory.instance.nullNode(), CALL);
    }
  }

  private Problem mistake(ExpressionException e, String pointer) {
    return Problem.invalid(
        Rule.EXPRESSION,
        tree.source().inside(pointer, e.offset()),
        String.valueOf(e.getMessage()),
        e.hint());
  }

  private static Map<String, JsonNode> values(JsonNode object) {
    Map<String, JsonNode> values = new LinkedHashMap<>();
    object.properties().forEach(entry -> values.put(entry.getKey(), entry.getValue()));
    return values;
  }

  private static @Nullable Double percent(JsonNode file, String of) {
    JsonNode percent = file.path("coverage").path(of);
    return percent.isNumber() ? Double.valueOf(percent.asDouble()) : null;
  }

  private static @Nullable String text(JsonNode object, String key) {
    return object.path(key).isString() ? object.path(key).asString() : null;
  }
}
