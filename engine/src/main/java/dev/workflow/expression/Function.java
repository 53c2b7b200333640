package dev.workflow.expression;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A function or an operator of the language.
 *
 * @param name as CEL's syntax tree calls it, such as {@code size}, {@code math.ceil}, {@code _+_}
 * @param phrase how to say that it does not take some types, such as {@code Cannot add %s and %s.};
 *     absent: by listing its forms
 * @param forms the narrowest first
 * @param operation does the work, whatever form the arguments turn out to have
 */
record Function(String name, @Nullable String phrase, List<Form> forms, Operation operation) {

  Function {
    forms = List.copyOf(forms);
  }

  /** What it does. Gets all values, of a member call the one before the dot first. */
  @FunctionalInterface
  interface Operation {
    JsonNode apply(JsonNode[] arguments, Frame frame);
  }

  /** The type of the result, from those of the arguments. */
  @FunctionalInterface
  interface Result {
    Type of(List<Type> arguments);
  }

  /**
   * One way to call it.
   *
   * @param member whether the first argument stands before a dot
   * @param operation what to do instead where exactly this form is meant; absent: the function's
   */
  record Form(boolean member, List<Type> parameters, Result result, @Nullable Operation operation) {

    static Form global(Type result, Type... parameters) {
      return new Form(false, List.of(parameters), arguments -> result, null);
    }

    static Form member(Type result, Type... parameters) {
      return new Form(true, List.of(parameters), arguments -> result, null);
    }

    Form giving(Result better) {
      return new Form(member, parameters, better, operation);
    }

    Form doing(Operation better) {
      return new Form(member, parameters, result, better);
    }

    boolean takes(boolean asMember, List<Type> arguments) {
      if (member != asMember || parameters.size() != arguments.size()) {
        return false;
      }
      for (int i = 0; i < arguments.size(); i++) {
        if (!parameters.get(i).accepts(arguments.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * What a call comes to: the type of its result and what is done.
   *
   * @return null when no form takes the arguments
   */
  @Nullable Chosen choose(boolean member, List<Type> arguments) {
    List<Form> fitting = forms.stream().filter(f -> f.takes(member, arguments)).toList();
    if (fitting.isEmpty()) {
      return null;
    }
    Form first = fitting.getFirst();
    if (fitting.size() == 1 || arguments.stream().noneMatch(Function::isVague)) {
      Operation own = first.operation();
      return new Chosen(first.result().of(arguments), own == null ? operation : own);
    }
    List<Type> results = fitting.stream().map(f -> f.result().of(arguments)).toList();
    return new Chosen(Type.join(results), operation);
  }

  record Chosen(Type type, Operation operation) {}

  private static boolean isVague(Type type) {
    return switch (type) {
      case Type.ListOf list -> isVague(list.element());
      case Type.MapOf map -> isVague(map.value());
      case ObjectType object -> false;
      case Simple simple -> simple == Simple.ANY;
    };
  }

  /** How it may be called, such as {@code string.charAt(integer)}. */
  String usage() {
    return forms.stream()
        .map(form -> "`" + call(form.member(), form.parameters()) + "`")
        .distinct()
        .collect(Collectors.joining(" or "));
  }

  /** A call with types in place of values. */
  String call(boolean member, List<Type> types) {
    List<String> words = types.stream().map(Function::word).toList();
    if (!member || words.isEmpty()) {
      return name + "(" + String.join(", ", words) + ")";
    }
    return words.getFirst()
        + "."
        + name
        + "("
        + String.join(", ", words.subList(1, words.size()))
        + ")";
  }

  private static String word(Type type) {
    String words = Type.words(type);
    return words.equals("anything") ? "any" : words.replaceFirst("^an? ", "");
  }
}
