package dev.workflow.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The expression language. Names are inputs and steps by id, {@code inputs}, {@code steps}, {@code
 * run}, {@code call}, and the variable of an {@code each}. Compiling reports every mistake;
 * evaluating never changes anything and is bounded.
 */
public interface Expressions {

  /**
   * Compiles one expression, such as {@code check.unsafe and days.size() > 2}.
   *
   * @param wanted the type the result must have
   * @throws ExpressionException at the first mistake
   */
  Expression compile(String source, Types types, Wanted wanted);

  /**
   * Compiles every {@code ${...}} in the texts of a value. A text that is one {@code ${...}} keeps
   * the type of its expression; a doubled dollar sign makes the braces literal.
   *
   * @throws ExpressionException at the first mistake, its pointer saying in which text
   */
  Expression template(JsonNode value, Types types);

  /**
   * Compiles a text for people or models: {@code ${...}}, and a path in single braces as short for
   * it; doubled braces print single ones, other braces are literal; values that are not text print
   * as compact JSON.
   *
   * @throws ExpressionException at the first mistake; an unknown {@code {name}} is one
   */
  Expression text(String text, Types types);

  /**
   * The names an expression may use, each with a JSON Schema that gives its type; the empty schema
   * is a value of any type.
   *
   * @param inputs by name
   * @param steps output schema by step id; of an {@code each}: of the whole list or map
   * @param locals such as the variable of an {@code each}
   */
  record Types(
      Map<String, JsonNode> inputs, Map<String, JsonNode> steps, Map<String, JsonNode> locals) {}

  /** The type a context asks for. */
  enum Wanted {
    ANY,
    BOOLEAN,
    /** A list or a map, to go over. */
    COLLECTION,
    /** Text or a number, as a map key. */
    KEY,
    /** A time or a duration. */
    TIME
  }

  /** A compiled expression. Immutable and safe for several threads. */
  interface Expression {
    /** The ids of the steps whose outputs are read. */
    Set<String> outputs();

    /**
     * The ids of the steps whose {@code steps.id.status}, {@code error}, {@code attempts} or {@code
     * content} is read.
     */
    Set<String> endings();

    /** The local names that are read. */
    Set<String> locals();

    /** JSON Schema of the result as far as it is known; the empty schema: anything. */
    JsonNode type();

    /** What its value is made of. What only decides, or is only counted, is left out. */
    List<Taken> taken();

    /** The names without whose value it has none. */
    Set<String> required();

    /**
     * Of a condition, the names without whose value it does not hold; of a step whose {@code
     * steps.id.status} has to be a success, the id.
     */
    Set<String> requiredWhenTrue();

    /** Evaluates on the values of a moment. */
    Outcome evaluate(Values values);
  }

  /** How much of a part there is in a value that is made of it. */
  enum Share {
    /** The value is that part: what is below the one is below the other. */
    ITSELF,
    /** All of it is to be seen there, nothing left out; maybe with other things, or inside them. */
    ALL,
    /** Some of it. */
    SOME;

    /** Of a part of which there is this much in what is then put among other things. */
    public Share among() {
      return this == SOME ? SOME : ALL;
    }

    /** Of a part of which there is this much in something, of which there is another share. */
    public Share of(Share other) {
      return compareTo(other) < 0 ? other : this;
    }
  }

  /**
   * A part of another value that a value is made of.
   *
   * @param pointer of the text inside a template that takes it; empty: the text itself
   * @param path a name, then properties; a position is written {@code [0]}
   * @param share how much of it is in what stands at the pointer
   */
  record Taken(String pointer, List<String> path, Share share) {
    /** Each element of a list, or each value of a map. */
    public static final String ELEMENT = "[*]";

    public Taken {
      path = List.copyOf(path);
    }

    /** A property of it, or a position in it. */
    public Taken below(String part) {
      List<String> longer = new ArrayList<>(path);
      longer.add(part);
      return new Taken(pointer, longer, share);
    }

    /** Some of it. */
    public Taken cut() {
      return new Taken(pointer, path, Share.SOME);
    }

    /** The same with other things, or inside them. */
    public Taken among() {
      return new Taken(pointer, path, share.among());
    }

    /** The same in a larger value. */
    public Taken inside(String key) {
      return new Taken(key + pointer, path, share);
    }

    /** Written out, as {@link #hashCode()} is: every start of a check would pay for making them. */
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Taken(String place, List<String> way, Share much)
          && pointer.equals(place)
          && path.equals(way)
          && share == much;
    }

    @Override
    public int hashCode() {
      return (pointer.hashCode() * 31 + path.hashCode()) * 31 + share.hashCode();
    }
  }

  /**
   * The values of a moment. A null says that the name has no value: a skipped, failed or blocked
   * step, or an optional input that was not given.
   */
  interface Values {
    /** The inputs of the run, an object. */
    JsonNode inputs();

    /** The output of a step. */
    @Nullable JsonNode output(String step);

    /** {@code {status, error, attempts, errors}} of a step. */
    JsonNode ending(String step);

    /** The blocks of content that the tool of a step gave; none where there are no tools. */
    default JsonNode content(String step) {
      return JsonNodeFactory.instance.arrayNode();
    }

    /** A local name, {@code run} or {@code call} among them. */
    @Nullable JsonNode local(String name);
  }

  /** What came out. */
  sealed interface Outcome {
    /** A value. */
    record Value(JsonNode value) implements Outcome {}

    /** It cannot be decided without these steps, which have no output. */
    record Missing(Set<String> steps) implements Outcome {}

    /** It failed, such as by a division by zero. */
    record Failed(String message) implements Outcome {}
  }

  /** A mistake in an expression. */
  final class ExpressionException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String pointer;
    private final int offset;
    private final @Nullable String hint;

    /**
     * A mistake.
     *
     * @param pointer JSON pointer of the text inside a template; empty: the text itself
     * @param offset of the mistake in that text, in UTF-16 units from 0
     * @param hint what to do next; absent: the message says it all
     */
    public ExpressionException(String message, String pointer, int offset, @Nullable String hint) {
      super(message);
      this.pointer = pointer;
      this.offset = offset;
      this.hint = hint;
    }

    public String pointer() {
      return pointer;
    }

    public int offset() {
      return offset;
    }

    public @Nullable String hint() {
      return hint;
    }
  }
}
