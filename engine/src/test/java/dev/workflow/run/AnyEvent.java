package dev.workflow.run;

import java.lang.reflect.Constructor;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Draws events of every kind from the declarations of the records themselves, so that a new kind or
 * field is covered the day it is written.
 */
public final class AnyEvent {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private final Arbitrary<Integer> numbers;
  private final Arbitrary<Long> bigNumbers;
  private final Arbitrary<JsonNode> values = json(3);

  private AnyEvent(Arbitrary<Integer> numbers, Arbitrary<Long> bigNumbers) {
    this.numbers = numbers;
    this.bigNumbers = bigNumbers;
  }

  /** Events whose numbers may be anything at all. */
  public static Arbitrary<Event> wild() {
    return new AnyEvent(Arbitraries.integers(), Arbitraries.longs())
        .of(Event.class)
        .map(Event.class::cast);
  }

  /** Events whose numbers count something, as those of real runs do. */
  public static Arbitrary<Event> sound() {
    return new AnyEvent(
            Arbitraries.integers().between(1, 1000), Arbitraries.longs().between(0, 1_000_000))
        .of(Event.class)
        .map(Event.class::cast);
  }

  /** All kinds of events. */
  public static List<Class<?>> kinds() {
    return leaves(Event.class).toList();
  }

  /** JSON values of all types, numbers of every width among them. */
  public static Arbitrary<JsonNode> json() {
    return json(3);
  }

  private Arbitrary<?> of(Class<?> type) {
    if (type.isSealed()) {
      return Arbitraries.oneOf(leaves(type).map(this::of).toList());
    }
    if (type.isEnum()) {
      return Arbitraries.of(type.getEnumConstants());
    }
    return type.isRecord() ? record(type) : atom(type);
  }

  private Arbitrary<?> record(Class<?> type) {
    List<Arbitrary<Optional<Object>>> parts = new ArrayList<>();
    RecordComponent[] components = type.getRecordComponents();
    for (RecordComponent component : components) {
      Arbitrary<Object> part = generic(component.getGenericType()).map(value -> value);
      boolean nullable = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
      parts.add(nullable ? part.optional(0.7) : part.map(Optional::of));
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return Combinators.combine(parts).as(values -> construct(type, types, values));
  }

  private Arbitrary<?> generic(Type type) {
    if (type instanceof ParameterizedType generic) {
      Type[] parts = generic.getActualTypeArguments();
      Arbitrary<?> last = generic(parts[parts.length - 1]);
      if (generic.getRawType() == List.class) {
        return last.list().ofMaxSize(3);
      }
      if (generic.getRawType() == Set.class) {
        return last.set().ofMaxSize(3);
      }
      if (generic.getRawType() == Map.class) {
        return Arbitraries.maps(text(), last).ofMaxSize(3);
      }
    }
    if (type instanceof Class<?> raw) {
      return of(raw);
    }
    throw unknown(type);
  }

  private Arbitrary<?> atom(Class<?> type) {
    if (type == int.class || type == Integer.class) {
      return numbers;
    }
    if (type == long.class) {
      return bigNumbers;
    }
    if (type == boolean.class) {
      return Arbitraries.of(true, false);
    }
    if (type == String.class) {
      return text();
    }
    if (type == JsonNode.class) {
      return values;
    }
    if (type == StepPath.class) {
      return paths();
    }
    if (type == Instant.class) {
      return times();
    }
    if (type == Duration.class) {
      return durations();
    }
    throw unknown(type);
  }

  /** Times of two centuries to the nanosecond. */
  public static Arbitrary<Instant> times() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 7_000_000_000L),
            Arbitraries.longs().between(0, 999_999_999))
        .as(Instant::ofEpochSecond);
  }

  private static Arbitrary<Duration> durations() {
    return Combinators.combine(
            Arbitraries.longs().between(0, 100_000_000),
            Arbitraries.longs().between(0, 999_999_999))
        .as(Duration::ofSeconds);
  }

  private static Arbitrary<String> text() {
    return Arbitraries.oneOf(
        Arbitraries.strings().alpha().ofMaxLength(8),
        Arbitraries.strings().all().ofMaxLength(8),
        Arbitraries.of("", "é", "\ud83c\udf0a", "\ud800", "\u0000", "\"\\\n"));
  }

  private static Arbitrary<StepPath> paths() {
    Arbitrary<String> ids = Arbitraries.of("a", "days", "plan_2", "X-y");
    return Combinators.combine(ids, text(), Arbitraries.integers().between(0, 3), ids)
        .as(
            (id, key, revision, inner) -> {
              StepPath path = StepPath.of(id).revision(revision);
              return switch (key.length() % 4) {
                case 0 -> path;
                case 1 -> path.element(key);
                case 2 -> path.element(key).child(StepPath.UNDO).revision(revision).child(inner);
                default -> path.element(key).child(inner);
              };
            });
  }

  private static Arbitrary<JsonNode> json(int depth) {
    Arbitrary<JsonNode> scalars =
        Arbitraries.oneOf(
            Arbitraries.integers().map(JSON::numberNode),
            Arbitraries.longs().map(JSON::numberNode),
            Arbitraries.doubles().map(JSON::numberNode),
            Arbitraries.of(0.0, -0.0, 1.0, 1e300, Double.MIN_VALUE).map(JSON::numberNode),
            Arbitraries.bigIntegers()
                .between(BigInteger.TEN.pow(30).negate(), BigInteger.TEN.pow(30))
                .map(JSON::numberNode),
            Arbitraries.bigDecimals()
                .between(BigDecimal.TEN.pow(12).negate(), BigDecimal.TEN.pow(12))
                .ofScale(9)
                .map(JSON::numberNode),
            text().map(JSON::stringNode),
            Arbitraries.of(JSON.booleanNode(true), JSON.booleanNode(false), JSON.nullNode()));
    if (depth == 0) {
      return scalars;
    }
    Arbitrary<JsonNode> inner = Arbitraries.lazy(() -> json(depth - 1));
    return Arbitraries.frequencyOf(
        Tuple.of(5, scalars),
        Tuple.of(1, inner.list().ofMaxSize(3).map(AnyEvent::array)),
        Tuple.of(1, Arbitraries.maps(text(), inner).ofMaxSize(3).map(AnyEvent::object)));
  }

  private static JsonNode array(List<JsonNode> items) {
    return JSON.arrayNode().addAll(items);
  }

  private static JsonNode object(Map<String, JsonNode> fields) {
    return JSON.objectNode().setAll(fields);
  }

  private static Stream<Class<?>> leaves(Class<?> type) {
    return type.isSealed()
        ? Arrays.stream(type.getPermittedSubclasses()).flatMap(AnyEvent::leaves).distinct()
        : Stream.of(type);
  }

  private static Object construct(Class<?> type, Class<?>[] types, List<Optional<Object>> values) {
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values.stream().map(value -> value.orElse(null)).toArray());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot draw a " + type, e);
    }
  }

  private static IllegalStateException unknown(Type type) {
    return new IllegalStateException("No way to draw a " + type + ": teach AnyEvent");
  }
}
