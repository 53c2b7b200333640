package dev.workflow.check;

import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whether a tool gets all the arguments that it requires. */
final class SchemaFit {
  private static final Pattern PARTS = Pattern.compile("[^\\p{L}\\p{N}]+|(?<=[a-z0-9])(?=[A-Z])");

  /** What says how something is to be done; whoever calls can choose it. */
  private static final Set<String> MANNERS =
      Set.of(
          "count",
          "format",
          "lang",
          "language",
          "limit",
          "locale",
          "max",
          "mode",
          "num",
          "options",
          "page",
          "size",
          "sort",
          "timezone",
          "type",
          "unit",
          "units");

  private SchemaFit() {}

  /**
   * Whether all that is required can be supplied.
   *
   * @param given the names of the arguments that there are; absent: a model writes them
   * @param inputs words for what a model usually knows; empty: anything
   */
  static boolean suppliesAll(
      JsonNode inputSchema, @Nullable Set<String> given, Set<String> inputs) {
    return inputSchema
        .path("required")
        .valueStream()
        .map(name -> name.asString(""))
        .allMatch(
            name ->
                given != null
                    ? given.contains(name)
                    : inputs.isEmpty()
                        || isChoice(inputSchema.path("properties").path(name))
                        || says(name, inputs));
  }

  /** One of a few values, or one that is there unless another is given. */
  private static boolean isChoice(JsonNode schema) {
    return schema.has("enum")
        || schema.has("const")
        || schema.has("default")
        || schema.path("type").asString("").equals("boolean");
  }

  private static boolean says(String name, Set<String> inputs) {
    return Arrays.stream(PARTS.split(name))
        .map(part -> part.toLowerCase(Locale.ROOT))
        .anyMatch(part -> MANNERS.contains(part) || inputs.contains(part));
  }
}
