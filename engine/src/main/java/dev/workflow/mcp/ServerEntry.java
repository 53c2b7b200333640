package dev.workflow.mcp;

import dev.workflow.definition.Effect;
import dev.workflow.definition.Label;
import dev.workflow.definition.Place;
import dev.workflow.engine.Canonical;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One server as its file defines it; variables are not expanded.
 *
 * @param place of its alias
 * @param written the whole entry as it stands in the file
 * @param envFile of variables for the program, one {@code K=V} a line; {@code env} wins
 * @param required whether no run that could use it may start without it; else it starts when it is
 *     first used
 * @param timeout of one call; absent: {@link McpSettings#callTimeout}
 * @param startupTimeout until it has answered the greeting; absent: {@link
 *     McpSettings#startupTimeout}
 * @param includeTools the only tools to offer; empty: all
 * @param excludeTools never to offer
 * @param effects effect class by tool name, overriding what the server claims
 * @param labels what a tool means for the flow of information, by tool name
 * @param roots folders that the server is told to work in; relative ones count from the workspace
 * @param sampling what it may have models asked; absent: nothing
 */
public record ServerEntry(
    String alias,
    ServerOrigin origin,
    Place place,
    JsonNode written,
    Target target,
    @Nullable String envFile,
    boolean enabled,
    boolean required,
    @Nullable Duration timeout,
    @Nullable Duration startupTimeout,
    Set<String> includeTools,
    Set<String> excludeTools,
    String description,
    Map<String, Effect> effects,
    Map<String, Set<Label>> labels,
    List<String> roots,
    @Nullable SamplingEntry sampling) {

  public ServerEntry {
    includeTools = Set.copyOf(includeTools);
    excludeTools = Set.copyOf(excludeTools);
    effects = Map.copyOf(effects);
    labels = Map.copyOf(labels);
    roots = List.copyOf(roots);
  }

  /** How the server is reached. */
  public sealed interface Target {

    /** A command that speaks MCP on its standard streams. */
    record Command(String command, List<String> args, Map<String, String> env, @Nullable String cwd)
        implements Target {
      public Command {
        args = List.copyOf(args);
        env = Map.copyOf(env);
      }

      @Override
      public String toString() {
        return "Command[" + command + "]";
      }
    }

    /**
     * A URL behind which MCP is spoken over HTTP.
     *
     * @param privateAllowed whether it may be, and may lead, in private networks
     * @param env variables that name proxies, over those of our environment
     * @param oauth how to log in there
     */
    record Url(
        String url,
        Map<String, String> headers,
        HttpDialect dialect,
        boolean privateAllowed,
        Map<String, String> env,
        OAuthEntry oauth)
        implements Target {
      public Url {
        headers = Map.copyOf(headers);
        env = Map.copyOf(env);
      }

      @Override
      public String toString() {
        return "Url[" + dialect + "]";
      }
    }

    /** A server that comes with this product. */
    record Builtin(String name, List<String> args, Map<String, String> env, @Nullable String cwd)
        implements Target {
      public Builtin {
        args = List.copyOf(args);
        env = Map.copyOf(env);
      }

      @Override
      public String toString() {
        return "Builtin[" + name + "]";
      }
    }
  }

  /** Whether it is a server of this product that runs exactly as shipped. */
  boolean isPlainBuiltin() {
    return target instanceof Target.Builtin builtin
        && builtin.args().isEmpty()
        && builtin.env().isEmpty()
        && builtin.cwd() == null
        && envFile == null
        && sampling == null;
  }

  /** Whether a tool of this name is offered. */
  public boolean offers(String tool) {
    return (includeTools.isEmpty() || includeTools.contains(tool)) && !excludeTools.contains(tool);
  }

  /**
   * The folder that its program starts in; a relative {@code cwd} counts from the folder of the
   * entry's file.
   *
   * @param expanded replaces the variables of a text
   */
  Path folder(UnaryOperator<String> expanded) {
    String cwd = cwd();
    return cwd == null
        ? origin.workspace()
        : origin.folder().resolve(expanded.apply(cwd)).normalize();
  }

  /** The folder to start in, as it is written; absent: the workspace. */
  @Nullable String cwd() {
    return switch (target) {
      case Target.Command command -> command.cwd();
      case Target.Builtin builtin -> builtin.cwd();
      case Target.Url url -> null;
    };
  }

  /**
   * The variables that it sets for its program or its proxies, without those of {@code envFile}.
   */
  Map<String, String> environment() {
    return switch (target) {
      case Target.Command command -> command.env();
      case Target.Builtin builtin -> builtin.env();
      case Target.Url url -> url.env();
    };
  }

  /** The values of environment and headers by field name, such as {@code env.API_KEY}. */
  Map<String, String> values() {
    Map<String, String> values = new TreeMap<>();
    environment().forEach((name, value) -> values.put("env." + name, value));
    if (target instanceof Target.Url url) {
      url.headers().forEach((name, value) -> values.put("headers." + name, value));
    }
    return values;
  }

  /** The entry as it is written, fit to be shown: a mask stands for whatever may be a secret. */
  public JsonNode shown() {
    return Redaction.of(written);
  }

  /** SHA-256 of the entry as it is written, with a mask in the place of each secret. */
  public String hash() {
    return "sha256:" + Canonical.hash(WrittenSecrets.without(written));
  }

  /** Values may be secrets: they never stand in a text made of this entry. */
  @Override
  public String toString() {
    return "ServerEntry[" + alias + ", " + origin.layer().word() + ", " + origin.file() + "]";
  }
}
