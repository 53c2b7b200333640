package dev.workflow.engine;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A scripted language for tests: dotted paths such as {@code research.options}; what stands between
 * them counts for nothing. A path alone has the type of what it names, anything else any type.
 */
final class PathExpressions implements Expressions {
  private static final Pattern PATH =
      Pattern.compile("(?<![.\\w])[a-zA-Z_]\\w*(?:\\.[a-zA-Z_]\\w*)*");
  private static final Pattern HOLE = Pattern.compile("\\$\\{([^}]*)}");
  private static final Set<String> WORDS = Set.of("and", "or", "not", "true", "false");

  @Override
  public Expression compile(String source, Types types, Wanted wanted) {
    Compiled compiled = Compiled.empty();
    JsonNode type = scan(source, 0, types, compiled);
    return compiled.typed(type);
  }

  @Override
  public Expression template(JsonNode value, Types types) {
    Compiled compiled = Compiled.empty();
    return compiled.typed(template(value, "", types, compiled));
  }

  @Override
  public Expression text(String text, Types types) {
    return template(JsonNodeFactory.instance.stringNode(text), types);
  }

  private static JsonNode template(JsonNode value, String at, Types types, Compiled compiled) {
    if (value.isString()) {
      return holes(value.stringValue(), at, types, compiled);
    }
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    if (value.isObject()) {
      ObjectNode fields = schema.put("type", "object").putObject("properties");
      for (Map.Entry<String, JsonNode> entry : value.properties()) {
        fields.set(
            entry.getKey(), template(entry.getValue(), at + "/" + entry.getKey(), types, compiled));
      }
    }
    for (int i = 0; value.isArray() && i < value.size(); i++) {
      template(value.get(i), at + "/" + i, types, compiled);
    }
    return schema;
  }

  private static JsonNode holes(String text, String at, Types types, Compiled compiled) {
    Matcher matcher = HOLE.matcher(text);
    JsonNode type = Schemas.TEXT;
    while (matcher.find()) {
      try {
        JsonNode found = scan(matcher.group(1), matcher.start(1), types, compiled);
        type = matcher.group().equals(text) ? found : Schemas.TEXT;
      } catch (ExpressionException e) {
        throw new ExpressionException(String.valueOf(e.getMessage()), at, e.offset(), e.hint());
      }
    }
    return type;
  }

  private static JsonNode scan(String source, int shift, Types types, Compiled compiled) {
    Matcher matcher = PATH.matcher(source);
    JsonNode type = Schemas.ANY;
    while (matcher.find()) {
      if (!WORDS.contains(matcher.group())) {
        JsonNode found =
            path(List.of(matcher.group().split("\\.")), shift + matcher.start(), types, compiled);
        type = matcher.group().equals(source) ? found : Schemas.ANY;
      }
    }
    return type;
  }

  private static JsonNode path(List<String> path, int offset, Types types, Compiled compiled) {
    String name = path.get(0);
    JsonNode root =
        Stream.of(types.locals(), types.steps(), types.inputs())
            .filter(names -> names.containsKey(name))
            .map(names -> names.get(name))
            .findFirst()
            .orElse(null);
    if (name.equals("steps")) {
      compiled.endings.add(path.get(1));
      return Schemas.ANY;
    }
    if (root == null) {
      throw new ExpressionException("There is no `" + name + "`.", "", offset, null);
    }
    if (types.locals().containsKey(name)) {
      compiled.locals.add(name);
    } else if (types.steps().containsKey(name)) {
      compiled.outputs.add(name);
    }
    JsonNode type = root;
    int at = offset + name.length() + 1;
    for (String field : path.subList(1, path.size())) {
      if (type.has("properties") && !type.get("properties").has(field)) {
        throw new ExpressionException("There is no field `" + field + "`.", "", at, null);
      }
      type = type.path("properties").has(field) ? type.get("properties").get(field) : Schemas.ANY;
      at += field.length() + 1;
    }
    return type;
  }

  private record Compiled(
      Set<String> outputs, Set<String> endings, Set<String> locals, JsonNode type)
      implements Expression {
    static Compiled empty() {
      return new Compiled(new HashSet<>(), new HashSet<>(), new HashSet<>(), Schemas.ANY);
    }

    Compiled typed(JsonNode found) {
      return new Compiled(outputs, endings, locals, found);
    }

    @Override
    public List<Taken> taken() {
      return List.of();
    }

    @Override
    public Set<String> required() {
      return outputs;
    }

    @Override
    public Set<String> requiredWhenTrue() {
      return outputs;
    }

    @Override
    public Outcome evaluate(Values values) {
      return new Outcome.Failed("The scripted language is never evaluated.");
    }
  }
}
