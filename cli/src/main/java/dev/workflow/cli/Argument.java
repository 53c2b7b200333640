package dev.workflow.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/**
 * An option or a parameter of a command, and its value after the command line was parsed. Its usage
 * is written as the help shows it: {@code --strict}, {@code --prices=FILE} or {@code -o,
 * --output=FORMAT}, and a parameter by its label alone.
 *
 * <p>Values are enums, {@link String}, {@link Path} or what else picocli can convert.
 */
final class Argument<T extends @Nullable Object> implements Arguments {
  private final ArgSpec spec;

  private Argument(ArgSpec unparsed) {
    this.spec = unparsed;
  }

  private Argument(ArgSpec unparsed, T unlessGiven) {
    this(unparsed);
    spec.setValue(unlessGiven);
  }

  /** An option without a value: whether it is given. */
  static Argument<Boolean> flag(String usage, String description) {
    return new Argument<>(named(usage, description).type(boolean.class).build(), false);
  }

  /** An option with a value, and what stands where it is not given. */
  static <T> Argument<T> option(String usage, T unlessGiven, String description) {
    return new Argument<>(
        named(usage, description).type(unlessGiven.getClass()).build(), unlessGiven);
  }

  /** An option with a value; null where it is not given. */
  static <T> Argument<@Nullable T> optionOrNull(String usage, Class<T> type, String description) {
    return new Argument<>(named(usage, description).type(type).build());
  }

  /** An option that may be given more than once. */
  static <T> Argument<List<T>> options(String usage, Class<T> type, String description) {
    return new Argument<>(
        named(usage, description).type(List.class).auxiliaryTypes(type).build(), List.of());
  }

  /** An option {@code KEY=VALUE} that may be given more than once; keys in the order given. */
  static Argument<Map<String, String>> pairs(String usage, String description) {
    return new Argument<>(
        named(usage, description)
            .type(Map.class)
            .auxiliaryTypes(String.class, String.class)
            .build(),
        Map.of());
  }

  /** The first parameter, which has to be given. */
  static <T> Argument<T> parameter(String label, Class<T> type, String description) {
    return new Argument<>(
        labelled(label, description).type(type).index("0").required(true).build());
  }

  /** A parameter; null where it is not given. */
  static <T> Argument<@Nullable T> parameterOrNull(
      String label, Class<T> type, String description) {
    return new Argument<>(labelled(label, description).type(type).arity("0..1").build());
  }

  /** A parameter behind one that has to be given; null where it is not given. */
  static <T> Argument<@Nullable T> secondOrNull(String label, Class<T> type, String description) {
    return new Argument<>(labelled(label, description).type(type).index("1").arity("0..1").build());
  }

  /** A parameter behind one that has to be given, which has to be given, too. */
  static <T> Argument<T> second(String label, Class<T> type, String description) {
    return new Argument<>(
        labelled(label, description).type(type).index("1").required(true).build());
  }

  /** Parameters behind one that has to be given, or none. */
  static Argument<List<String>> rest(String label, String description) {
    return new Argument<>(
        labelled(label, description)
            .type(List.class)
            .auxiliaryTypes(String.class)
            .index("1..*")
            .arity("0..*")
            .hasInitialValue(false)
            .build(),
        List.of());
  }

  /** One parameter or more. */
  static <T> Argument<List<T>> parameters(String label, Class<T> type, String description) {
    return new Argument<>(
        labelled(label, description)
            .type(List.class)
            .auxiliaryTypes(type)
            .arity("1..*")
            .required(true)
            .build());
  }

  /** Parameters, or none. */
  static <T> Argument<List<T>> parametersOrNone(String label, Class<T> type, String description) {
    return new Argument<>(
        labelled(label, description)
            .type(List.class)
            .auxiliaryTypes(type)
            .arity("0..*")
            .hasInitialValue(false)
            .build(),
        List.of());
  }

  private static OptionSpec.Builder named(String usage, String description) {
    int end = usage.indexOf('=');
    String names = end < 0 ? usage : usage.substring(0, end);
    OptionSpec.Builder option = OptionSpec.builder(names.split(", "));
    return option
        .paramLabel(end < 0 ? "" : usage.substring(end + 1))
        .description(description)
        .hasInitialValue(false); // The constructor has set it.
  }

  private static PositionalParamSpec.Builder labelled(String label, String description) {
    return PositionalParamSpec.builder().paramLabel(label).description(description);
  }

  /** What the command line gives, else what stands in its place. */
  T value() {
    return spec.getValue();
  }

  ArgSpec spec() {
    return spec;
  }

  @Override
  public List<Argument<?>> each() {
    return List.of(this);
  }
}
