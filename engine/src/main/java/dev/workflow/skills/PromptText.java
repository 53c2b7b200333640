package dev.workflow.skills;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A text with variables, in one of the notations that are read here. */
record PromptText(List<Part> parts) {
  private static final Pattern F_STRING = Pattern.compile("\\{\\{|}}|\\{([^{}]*)}|[{}]");
  private static final Pattern MUSTACHE =
      Pattern.compile("\\{\\{\\{\\s*([^{}]*?)\\s*}}}|\\{\\{([#^/>!=&$<]?)\\s*([^{}]*?)\\s*}}");
  private static final Pattern CODEX =
      Pattern.compile("\\$\\$|\\$(ARGUMENTS|[1-9]|[A-Z][A-Z0-9_]*)");
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern PATH =
      Pattern.compile("[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*");

  /** What a prompt of ours would take for an expression. */
  private static final Pattern READ_HERE = Pattern.compile("\\$\\{|\\{[A-Za-z_][^{}]*}");

  private static final Pattern SPECIAL = Pattern.compile("[${]");

  PromptText {
    parts = List.copyOf(parts);
  }

  /** A stretch of a text. */
  sealed interface Part {
    /** Printed as it is. */
    record Literal(String text) implements Part {}

    /** The value of an input, or of a property of one. */
    record Variable(String path) implements Part {
      String input() {
        int dot = path.indexOf('.');
        return dot < 0 ? path : path.substring(0, dot);
      }
    }
  }

  /** A text that cannot be said here; the message tells what and why. */
  static final class Unsaid extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unsaid(String message) {
      super(message, null, false, false);
    }
  }

  static PromptText literal(String text) {
    return new PromptText(text.isEmpty() ? List.of() : List.of(new Part.Literal(text)));
  }

  /** As {@code str.format} of Python reads it. */
  static PromptText fString(String text) {
    return split(
        text,
        F_STRING,
        found -> {
          String all = found.group();
          if (all.equals("{{") || all.equals("}}")) {
            return new Part.Literal(all.substring(1));
          }
          String name = found.group(1);
          if (name == null || !NAME.matcher(name).matches()) {
            throw new Unsaid(
                "Expected a variable such as `{topic}`, or `{{` for a brace, found `%s`"
                    .formatted(all));
          }
          return new Part.Variable(name);
        });
  }

  /** Variables and comments of Mustache; values are inserted as they are, never as HTML. */
  static PromptText mustache(String text, List<String> comments) {
    return split(
        text,
        MUSTACHE,
        found -> {
          String kind = found.group(2) == null ? "" : found.group(2);
          String name = found.group(1) == null ? found.group(3) : found.group(1);
          if (kind.equals("!")) {
            comments.add(name);
            return new Part.Literal("");
          }
          if (!(kind.isEmpty() || kind.equals("&")) || !PATH.matcher(name).matches()) {
            throw new Unsaid(
                "Expected a variable such as `{{topic}}`, found `%s`: sections, partials and other"
                        .formatted(found.group())
                    + " delimiters are not read");
          }
          return new Part.Variable(name);
        });
  }

  /** Arguments of a prompt of Codex: {@code $1}, {@code $ARGUMENTS}, {@code $FILE}. */
  static PromptText codex(String text) {
    return split(
        text,
        CODEX,
        found -> {
          String name = found.group(1);
          return name == null
              ? new Part.Literal("$")
              : new Part.Variable(
                  name.length() == 1 ? "arg" + name : name.toLowerCase(Locale.ROOT));
        });
  }

  private static PromptText split(String text, Pattern pattern, Function<Matcher, Part> reading) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = pattern.matcher(text);
    int at = 0;
    while (matcher.find()) {
      add(parts, new Part.Literal(text.substring(at, matcher.start())));
      add(parts, reading.apply(matcher));
      at = matcher.end();
    }
    add(parts, new Part.Literal(text.substring(at)));
    return new PromptText(parts);
  }

  /** Neighbouring literals are one, so that what is written next to each other is read so. */
  private static void add(List<Part> parts, Part part) {
    Part last = parts.isEmpty() ? null : parts.getLast();
    if (part instanceof Part.Literal literal) {
      if (literal.text().isEmpty()) {
        return;
      }
      if (last instanceof Part.Literal before) {
        parts.set(parts.size() - 1, new Part.Literal(before.text() + literal.text()));
        return;
      }
    }
    parts.add(part);
  }

  /** Both, one after the other. */
  PromptText then(PromptText other) {
    List<Part> all = new ArrayList<>(parts);
    other.parts.forEach(part -> add(all, part));
    return new PromptText(all);
  }

  /** With values in the place of some variables. */
  PromptText with(Map<String, String> values) {
    List<Part> all = new ArrayList<>();
    for (Part part : parts) {
      String value = part instanceof Part.Variable named ? values.get(named.path()) : null;
      add(all, value == null ? part : new Part.Literal(value));
    }
    return new PromptText(all);
  }

  /** The same with other names for some inputs. */
  PromptText renamed(Map<String, String> names) {
    List<Part> all = new ArrayList<>();
    for (Part part : parts) {
      if (part instanceof Part.Variable variable) {
        String input = variable.input();
        String name = names.getOrDefault(input, input);
        all.add(new Part.Variable(name + variable.path().substring(input.length())));
      } else {
        all.add(part);
      }
    }
    return new PromptText(all);
  }

  boolean isBlank() {
    return parts.stream()
        .allMatch(part -> part instanceof Part.Literal literal && literal.text().isBlank());
  }

  /** The text, where it has no variables. */
  @Nullable String plain() {
    if (parts.isEmpty()) {
      return "";
    }
    return parts.size() == 1 && parts.getFirst() instanceof Part.Literal literal
        ? literal.text()
        : null;
  }

  /** Its inputs: each with whether properties of it are read. */
  Map<String, Boolean> inputs() {
    Map<String, Boolean> inputs = new LinkedHashMap<>();
    for (Part part : parts) {
      if (part instanceof Part.Variable variable) {
        inputs.merge(variable.input(), variable.path().contains("."), Boolean::logicalOr);
      }
    }
    return inputs;
  }

  /** As a prompt of a workflow, which prints the same. */
  String prompt() {
    StringBuilder prompt = new StringBuilder();
    for (int i = 0; i < parts.size(); i++) {
      switch (parts.get(i)) {
        case Part.Literal literal -> {
          boolean beforeVariable = i + 1 < parts.size();
          prompt.append(escaped(literal.text(), beforeVariable));
        }
        case Part.Variable variable ->
            prompt.append("${inputs.").append(variable.path()).append('}');
      }
    }
    return prompt.toString();
  }

  /** Where something would be read as an expression, all that could be is printed by one. */
  private static String escaped(String text, boolean beforeVariable) {
    boolean read = READ_HERE.matcher(text).find() || (beforeVariable && text.endsWith("$"));
    return read ? SPECIAL.matcher(text).replaceAll("\\${'$0'}") : text;
  }
}
