package dev.workflow.assembly;

import dev.workflow.engine.UserHome;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where an engine keeps its state and what it sees of the machine.
 *
 * @param folder {@code $WORKFLOW_HOME}, by default {@code ~/.workflow}
 * @param distribution folder of the installed product, which holds shipped skills and servers;
 *     absent: there is none
 * @param environment variables, for providers and for {@code ${VAR}} of server entries
 * @param mcpConfigs files of {@code --mcp-config}; a later one wins
 */
public record Home(
    Path folder,
    @Nullable Path distribution,
    Map<String, String> environment,
    List<Path> mcpConfigs) {
  public Home {
    environment = Map.copyOf(environment);
    mcpConfigs = List.copyOf(mcpConfigs);
  }

  /** The home that the environment and the system properties name. */
  public static Home of(Map<String, String> environment, List<Path> mcpConfigs) {
    String named = environment.get("WORKFLOW_HOME");
    Path folder =
        named == null || named.isBlank()
            ? UserHome.of(environment).resolve(".workflow")
            : Path.of(named);
    String distribution = System.getProperty("workflow.dist");
    return new Home(
        folder.toAbsolutePath().normalize(),
        distribution == null ? null : Path.of(distribution),
        environment,
        mcpConfigs);
  }
}
