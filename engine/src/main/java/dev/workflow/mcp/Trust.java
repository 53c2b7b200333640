package dev.workflow.mcp;

import dev.workflow.definition.Effect;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.DurableFile;
import dev.workflow.engine.Workspace;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which servers of workspace and workflow files the user has approved. An approval is bound to the
 * whole entry with its claimed effect classes, the workspace, and the content of the workspace's
 * own files that the command line names; after any change the question comes again. Kept in {@code
 * $WORKFLOW_HOME/trust.json}, where no workspace can write it.
 */
public final class Trust {
  /** What is risky about an entry with {@code allowPrivateNetwork}. */
  public static final String PRIVATE_NETWORKS =
      "it may be, and may lead, in private networks and on this machine";

  private static final JsonMapper MAPPER = JsonMapper.shared();

  /** File locks exclude other processes, this excludes other threads. */
  private static final Object IN_PROCESS = new Object();

  /** Larger files of a workspace are bound by size and time of change. */
  private static final long MAX_HASHED_BYTES = 64L << 20;

  private final Path file;
  private final Map<String, String> environment;

  /**
   * The approvals kept in this home folder.
   *
   * @param environment in which variables of command lines are looked up
   */
  public Trust(Path home, Map<String, String> environment) {
    this.file = home.resolve("trust.json");
    this.environment = Map.copyOf(environment);
  }

  /**
   * A server that must be approved before it may start.
   *
   * @param key what an approval is bound to; {@code --trust} keeps it with the run
   * @param explanation for the person who decides: the whole command line, argument by argument,
   *     and what is risky about it
   */
  public record Question(ServerEntry entry, String key, List<String> explanation) {
    public Question {
      explanation = List.copyOf(explanation);
    }
  }

  /**
   * The servers among these that still need an approval.
   *
   * @param approvedForRun keys that were approved for this run alone
   */
  public List<Question> decide(Collection<ServerEntry> servers, Set<String> approvedForRun) {
    JsonNode approved = approved();
    List<Question> questions = new ArrayList<>();
    for (ServerEntry entry : servers) {
      if (needsApproval(entry)) {
        String key = key(entry);
        if (!approved.has(key) && !approvedForRun.contains(key)) {
          questions.add(new Question(entry, key, explanation(entry)));
        }
      }
    }
    return questions;
  }

  /** What approving an entry means, and what is risky about it. */
  public List<String> explanation(ServerEntry entry) {
    return new TrustQuestion(environment).of(entry, workspaceFiles(entry));
  }

  /** Whether an entry may start: it is the user's own, a plain builtin, or approved. */
  public boolean allows(ServerEntry entry, Set<String> approvedForRun) {
    return decide(List.of(entry), approvedForRun).isEmpty();
  }

  /** Whether an entry is of the kind that must be approved at all. */
  public static boolean needsApproval(ServerEntry entry) {
    return !entry.origin().layer().isUsersOwn() && !entry.isPlainBuiltin();
  }

  /** Approves what was asked about, for all runs; what has changed since then is not approved. */
  public void approve(Question question) {
    ServerOrigin origin = question.entry().origin();
    change(
        approved ->
            approved
                .putObject(question.key())
                .put("server", question.entry().alias())
                .put("file", origin.file())
                .put("workspace", Workspace.real(origin.workspace()).toString())
                .put("approved", Instant.now().toString()));
  }

  /** Takes back every approval of a server of this name in a workspace; returns how many. */
  public int revoke(String alias, Path workspace) {
    Path meant = Workspace.real(workspace);
    int[] revoked = new int[1];
    change(
        approved -> {
          for (String key : List.copyOf(approved.propertyNames())) {
            JsonNode entry = approved.path(key);
            if (entry.path("server").asString("").equals(alias)
                && Workspace.real(Path.of(entry.path("workspace").asString(""))).equals(meant)) {
              approved.remove(key);
              revoked[0]++;
            }
          }
        });
    return revoked[0];
  }

  /**
   * The effect classes that an approved server claimed for its tools when it was first seen; claims
   * made later are no part of the approval.
   */
  Optional<Map<String, Effect>> claims(String key) {
    JsonNode claims = approved().path(key).path("claims");
    if (!claims.isObject()) {
      return Optional.empty();
    }
    Map<String, Effect> classes = new TreeMap<>();
    claims.properties().forEach(e -> classes.put(e.getKey(), Effect.of(e.getValue().asString())));
    return Optional.of(classes);
  }

  /** Binds the claims seen first to an approval; without one nothing is kept. */
  void bindClaims(String key, Map<String, Effect> claims) {
    change(
        approved -> {
          if (approved.get(key) instanceof ObjectNode approval && !approval.has("claims")) {
            ObjectNode kept = approval.putObject("claims");
            new TreeMap<>(claims).forEach((tool, effect) -> kept.put(tool, effect.word()));
          }
        });
  }

  /** What an approval is bound to. */
  public String key(ServerEntry entry) {
    ObjectNode bound = JsonNodeFactory.instance.objectNode();
    bound.put("server", entry.alias());
    bound.put("workspace", Workspace.real(entry.origin().workspace()).toString());
    bound.put("folder", Workspace.real(entry.origin().folder()).toString());
    bound.set("entry", entry.written());
    ObjectNode files = bound.putObject("files");
    workspaceFiles(entry).forEach(path -> files.put(path.toString(), digest(path)));
    return Canonical.hash(bound);
  }

  /** The files of the workspace that the command line names, and the file of its variables. */
  private List<Path> workspaceFiles(ServerEntry entry) {
    Path workspace = Workspace.real(entry.origin().workspace());
    Set<Path> found = new LinkedHashSet<>();
    for (Path path : BoundFiles.of(entry, environment)) {
      // A link in the workspace is a file of the workspace, wherever it leads.
      boolean inside =
          path.startsWith(workspace)
              || path.startsWith(entry.origin().workspace())
              || Workspace.real(path).startsWith(workspace);
      if (inside) {
        found.add(Workspace.real(path));
      }
    }
    return List.copyOf(found);
  }

  private static String digest(Path path) {
    if (path.toFile().length() > MAX_HASHED_BYTES) {
      return path.toFile().length() + " bytes of " + path.toFile().lastModified();
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      try (InputStream in = new DigestInputStream(Files.newInputStream(path), digest)) {
        in.transferTo(OutputStream.nullOutputStream());
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private ObjectNode approved() {
    if (!Files.exists(file)) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      JsonNode kept = MAPPER.readTree(Files.readString(file)).path("approved");
      return kept instanceof ObjectNode object ? object : JsonNodeFactory.instance.objectNode();
    } catch (IOException | JacksonException e) {
      throw new IllegalStateException(
          "cannot read the approvals in " + file + "; delete the file to approve again", e);
    }
  }

  private void change(Consumer<ObjectNode> edit) {
    synchronized (IN_PROCESS) {
      try (FileChannel channel = DurableFile.openPrivate(file.resolveSibling("trust.lock"))) {
        channel.lock();
        ObjectNode approved = approved();
        edit.accept(approved);
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        root.put("version", 1).set("approved", approved);
        PrivateFiles.write(file, MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(root));
      } catch (IOException e) {
        throw new UncheckedIOException("cannot write " + file, e);
      }
    }
  }
}
