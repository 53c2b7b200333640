package dev.workflow.definition;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A portable piece of know-how, read from a folder.
 *
 * @param inputSchema JSON Schema of the inputs, an object
 * @param required capabilities that must be bound
 * @param optional capabilities that are bound where a tool offers them
 * @param instructions the text the model is given
 * @param outputSchema contract of the output; absent: any text
 * @param workflow the file in its folder that runs in the place of a model; absent: a model works
 *     by its instructions
 * @param folder where it was read
 * @param files what the agent may read beside the instructions, when it needs it
 */
public record Skill(
    String name,
    String version,
    String description,
    JsonNode inputSchema,
    List<String> required,
    List<String> optional,
    String instructions,
    @Nullable JsonNode outputSchema,
    Policy policy,
    @Nullable String workflow,
    String folder,
    List<SkillFile> files) {

  public Skill {
    required = List.copyOf(required);
    optional = List.copyOf(optional);
    files = List.copyOf(files);
  }

  /** The input that a prompt fills: the sole one that it requires, or that it has; a text. */
  public Optional<String> promptInput() {
    JsonNode properties = inputSchema.path("properties");
    JsonNode needed = inputSchema.path("required");
    String only =
        needed.size() == 1
            ? needed.get(0).asString("")
            : properties.size() == 1 ? properties.propertyNames().iterator().next() : "";
    JsonNode input = properties.path(only);
    boolean text = input.path("type").asString("string").equals("string");
    return needed.size() <= 1 && !input.isMissingNode() && text
        ? Optional.of(only)
        : Optional.empty();
  }

  /** Whether it declares the capability. */
  public boolean declares(String capability) {
    return required.contains(capability) || optional.contains(capability);
  }
}
