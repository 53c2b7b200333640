package dev.workflow.definition;

import java.util.List;
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
 * @param folder where it was read, for messages
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
    String folder,
    List<SkillFile> files) {

  public Skill {
    required = List.copyOf(required);
    optional = List.copyOf(optional);
    files = List.copyOf(files);
  }
}
