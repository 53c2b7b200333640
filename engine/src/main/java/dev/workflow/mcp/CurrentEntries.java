package dev.workflow.mcp;

import dev.workflow.definition.Problem;
import dev.workflow.engine.Workspace;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The entries of a run as their files have them now. A file is read when it has changed since it
 * was read last; one that is gone or cannot be read counts as it last was. What stands in the
 * workflow itself never changes.
 */
final class CurrentEntries {
  private final List<Watched> files;
  private final Map<String, ServerEntry> ofWorkflow = new LinkedHashMap<>();
  private final Consumer<String> news;
  private volatile Snapshot snapshot;

  /**
   * The entries as they were at some time.
   *
   * @param number of the changes until then
   */
  record Snapshot(Map<String, ServerEntry> entries, long number) {
    Snapshot {
      entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
    }
  }

  /** What tells whether a file is still the same, without reading it. */
  private record Stamp(FileTime changed, long size, @Nullable Object key) {
    static @Nullable Stamp of(Path file) {
      try {
        BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
        return new Stamp(found.lastModifiedTime(), found.size(), found.fileKey());
      } catch (IOException e) {
        return null;
      }
    }
  }

  private static final class Watched {
    private final Layer layer;
    private final Path file;
    private final Path workspace;
    private Map<String, ServerEntry> entries;
    private volatile @Nullable Stamp seen;

    Watched(Layer layer, Path file, Path workspace, Map<String, ServerEntry> entries) {
      this.layer = layer;
      this.file = file;
      this.workspace = workspace;
      this.entries = entries;
    }

    boolean isChanged() {
      Stamp now = Stamp.of(file);
      return now != null && !now.equals(seen);
    }
  }

  /**
   * The entries that a run began with.
   *
   * @param home where the user's file is
   * @param news is told what is of interest to a person: which server is another one now, which
   *     file cannot be read
   */
  CurrentEntries(Path home, Collection<ServerEntry> began, Consumer<String> news) {
    this.news = news;
    Map<Path, Watched> commandLine = new LinkedHashMap<>();
    Map<String, ServerEntry> ofWorkspace = new LinkedHashMap<>();
    Map<String, ServerEntry> ofUser = new LinkedHashMap<>();
    Map<String, ServerEntry> all = new LinkedHashMap<>();
    for (ServerEntry entry : began) {
      all.put(entry.alias(), entry);
      switch (entry.origin().layer()) {
        case COMMAND_LINE ->
            commandLine
                .computeIfAbsent(
                    entry.origin().path(),
                    file ->
                        new Watched(
                            Layer.COMMAND_LINE,
                            file,
                            entry.origin().workspace(),
                            new LinkedHashMap<>()))
                .entries
                .put(entry.alias(), entry);
        case WORKFLOW -> ofWorkflow.put(entry.alias(), entry);
        case WORKSPACE -> ofWorkspace.put(entry.alias(), entry);
        case USER -> ofUser.put(entry.alias(), entry);
      }
    }
    this.files = new ArrayList<>(commandLine.values());
    began.stream()
        .map(entry -> entry.origin().workspace())
        .distinct()
        .limit(1)
        .forEach(
            workspace -> {
              Path shared = workspace.resolve(Workspace.SERVERS);
              Path own = home.resolve(ServerLayers.USER_FILE);
              files.add(new Watched(Layer.WORKSPACE, shared, workspace, ofWorkspace));
              files.add(new Watched(Layer.USER, own, workspace, ofUser));
            });
    this.snapshot = new Snapshot(all, 0);
  }

  /** As they were when they were looked at last. */
  Snapshot last() {
    return snapshot;
  }

  /** As they are now. Costs a look at each file, and reads only what has changed. */
  Snapshot now() {
    return files.stream().anyMatch(Watched::isChanged) ? again() : snapshot;
  }

  private synchronized Snapshot again() {
    Snapshot before = snapshot;
    files.stream().filter(Watched::isChanged).forEach(this::read);
    Map<String, ServerEntry> now = new LinkedHashMap<>();
    for (Watched watched : files) {
      if (watched.layer != Layer.COMMAND_LINE) {
        ofWorkflow.forEach(now::putIfAbsent);
      }
      watched.entries.forEach(now::putIfAbsent);
    }
    now.replaceAll((alias, entry) -> same(before.entries().get(alias), entry));
    if (!now.equals(before.entries())) {
      snapshot = new Snapshot(now, before.number() + 1);
      tell(before.entries(), now);
    }
    return snapshot;
  }

  private void read(Watched watched) {
    watched.seen = Stamp.of(watched.file);
    ServerList found = ServerLayers.read(watched.layer, watched.file, watched.workspace);
    Problem wrong =
        found.problems().stream()
            .filter(problem -> problem.severity() == Problem.Severity.ERROR)
            .findFirst()
            .orElse(null);
    if (wrong == null) {
      watched.entries = found.entries();
    } else if (Files.exists(watched.file)) {
      news.accept(
          "%s cannot be read as it is now, its servers stay as they were: %s"
              .formatted(wrong.place().file(), wrong.message()));
    }
  }

  /** A file that names itself in another way is none that has changed. */
  private static ServerEntry same(@Nullable ServerEntry before, ServerEntry now) {
    return before != null
            && before.written().equals(now.written())
            && before.origin().layer() == now.origin().layer()
            && before.origin().folder().equals(now.origin().folder())
        ? before
        : now;
  }

  private void tell(Map<String, ServerEntry> before, Map<String, ServerEntry> now) {
    Set<String> aliases = new TreeSet<>(before.keySet());
    aliases.retainAll(now.keySet());
    for (String alias : aliases) {
      ServerEntry entry = Objects.requireNonNull(now.get(alias));
      if (!entry.equals(before.get(alias))) {
        news.accept(
            "server '%s' is another one now, by %s: this counts from the next call on"
                .formatted(alias, entry.origin().file()));
      }
    }
    before.forEach(
        (alias, entry) -> {
          if (!now.containsKey(alias)) {
            news.accept("server '%s' was taken out of %s".formatted(alias, entry.origin().file()));
          }
        });
  }
}
