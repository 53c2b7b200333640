package dev.workflow.check.flow;

import dev.workflow.check.flow.Given.Part;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Label;
import dev.workflow.engine.Expressions.Share;
import dev.workflow.engine.ToolSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Files, and what servers keep: what is written there comes out again, now or in a later run. Files
 * are one space whatever server writes them, as servers see the same disk; all else is kept by its
 * server.
 */
final class Memory {
  /** Beyond this many different paths all are taken for one. */
  private static final int PATHS_MAX = 300;

  private static final Set<String> PATHS =
      Set.of("path", "paths", "file", "filename", "filepath", "file_path", "file_name", "filePath");

  /** A tool with one of these means files of a repository or a store on the net. */
  private static final Set<String> ELSEWHERE = Set.of("repo", "repository", "owner", "bucket");

  private static final Set<String> FILES = Set.of("file", "folder", "directory", "disk");
  private static final Set<String> WRITING =
      Set.of(
          "write",
          "create",
          "edit",
          "save",
          "append",
          "download",
          "move",
          "copy",
          "put",
          "update",
          "replace",
          "insert");

  /** What a tool is named for that runs what it is given, and may touch any file. */
  private static final Set<String> CODE =
      Set.of("command", "shell", "code", "script", "python", "bash", "terminal");

  private static final String DISK = "the files";

  private final FlowGraph graph;
  private final Values values;
  private final Map<String, Space> spaces = new TreeMap<>();

  /** What comes from what is kept into calls that send it, by the nodes of what they are given. */
  private final Map<Integer, List<Part>> sent = new HashMap<>();

  Memory(FlowGraph graph, Values values) {
    this.graph = graph;
    this.values = values;
  }

  /**
   * A call that may touch what is kept.
   *
   * @param with its arguments; absent: anything
   * @param given the node of what it is given
   * @param gives the node of what it gives
   * @param parts of what it is given; absent: not known apart
   */
  record Call(
      ToolSpec tool,
      ToolLabels labels,
      @Nullable JsonNode with,
      int given,
      int gives,
      @Nullable List<Part> parts) {}

  private static final class Space {
    final Map<String, Integer> written = new LinkedHashMap<>();
    final Map<String, List<Call>> readers = new LinkedHashMap<>();
    final Map<Integer, List<Part>> parts = new LinkedHashMap<>();
    final Set<Integer> unknown = new HashSet<>();
  }

  void call(Call call) {
    ToolSpec tool = call.tool();
    boolean reads = ToolWords.isReading(tool);
    if (isOfFiles(tool)) {
      boolean writes =
          tool.effect() != Effect.READ
              && ToolWords.words(tool.name()).stream().anyMatch(WRITING::contains);
      for (String path : paths(tool, call.with())) {
        touch(call, DISK, path, !writes, writes);
      }
    } else if (runsCode(tool)) {
      touch(call, DISK, "", true, true);
    } else if (!isOfTheWeb(call.labels())) {
      touch(
          call,
          "what `" + tool.server() + "` keeps",
          "",
          reads || call.labels().has(Label.PRIVATE),
          !reads);
    }
  }

  private static boolean isOfTheWeb(ToolLabels labels) {
    return labels.has(Label.UNTRUSTED) && labels.has(Label.EXTERNAL);
  }

  private static boolean runsCode(ToolSpec tool) {
    return !ToolWords.isReading(tool)
        && ToolWords.words(tool.name()).stream().anyMatch(CODE::contains);
  }

  private static boolean isOfFiles(ToolSpec tool) {
    List<String> parameters = List.copyOf(tool.inputSchema().path("properties").propertyNames());
    List<String> words = new ArrayList<>(ToolWords.words(tool.name()));
    words.addAll(ToolWords.words(tool.description()));
    return parameters.stream().anyMatch(PATHS::contains)
        && parameters.stream().noneMatch(ELSEWHERE::contains)
        && words.stream().anyMatch(FILES::contains);
  }

  /** The paths as they are written; an empty one is any. */
  private static List<String> paths(ToolSpec tool, @Nullable JsonNode with) {
    List<String> paths = new ArrayList<>();
    for (String parameter : tool.inputSchema().path("properties").propertyNames()) {
      if (PATHS.contains(parameter) && with != null) {
        JsonNode value = with.path(parameter);
        value.forEach(each -> paths.add(each.asString("")));
        if (value.isString()) {
          paths.add(value.stringValue());
        }
      }
    }
    return paths.isEmpty() ? List.of("") : paths.stream().map(Memory::plain).distinct().toList();
  }

  private static String plain(String path) {
    String plain = path.strip();
    while (plain.startsWith("./")) {
      plain = plain.substring(2);
    }
    return plain;
  }

  private void touch(Call call, String where, String path, boolean reads, boolean writes) {
    Space space = spaces.computeIfAbsent(where, each -> new Space());
    if (writes) {
      String name = where.equals(DISK) && !path.isEmpty() ? "file " + path : where;
      int kept = space.written.computeIfAbsent(path, each -> graph.node(name));
      graph.flow(call.given(), kept);
      List<Part> parts = call.parts();
      if (parts == null || call.labels().has(Label.UNTRUSTED)) {
        space.unknown.add(kept);
      } else {
        space.parts.computeIfAbsent(kept, each -> new ArrayList<>()).addAll(parts);
      }
      if (call.labels().has(Label.UNTRUSTED)) {
        graph.flow(call.gives(), kept);
      }
    }
    if (reads) {
      space.readers.computeIfAbsent(path, each -> new ArrayList<>()).add(call);
    }
  }

  /** Connects who writes with who reads. To be called once, after all calls. */
  void connect() {
    spaces.values().forEach(this::connect);
  }

  /** What of all that is kept a call sends besides what its step gives it. */
  List<Part> sent(int given) {
    return sent.getOrDefault(given, List.of());
  }

  private void connect(Space space) {
    space.parts.keySet().removeAll(space.unknown);
    space.parts.forEach(values::known);
    boolean many = space.written.size() > PATHS_MAX || space.readers.size() > PATHS_MAX;
    if (many) {
      int all = graph.node(DISK);
      space.written.values().forEach(kept -> graph.flow(kept, all));
      space.readers.values().forEach(calls -> calls.forEach(call -> read(all, call)));
      return;
    }
    space.written.forEach(
        (written, kept) ->
            space.readers.forEach(
                (read, calls) -> {
                  if (mayBeOne(written, read)) {
                    calls.forEach(call -> read(kept, call));
                  }
                }));
  }

  /** What is kept comes out in the answer; a call that sends it is given it. */
  private void read(int kept, Call call) {
    graph.flow(kept, call.gives());
    if (call.labels().has(Label.EXTERNAL)) {
      graph.flow(kept, call.given());
      if (call.parts() != null) {
        sent.computeIfAbsent(call.given(), each -> new ArrayList<>())
            .add(new Part(kept, List.of(), Share.ALL));
      }
    }
  }

  /**
   * Whether two paths may name the same: texts with expressions may where their texts do not
   * differ.
   */
  static boolean mayBeOne(String one, String other) {
    if (one.isEmpty() || other.isEmpty() || one.equals(other)) {
      return true;
    }
    int same = 0;
    while (same < Math.min(one.length(), other.length())
        && one.charAt(same) == other.charAt(same)) {
      same++;
    }
    int begin = one.lastIndexOf("${", same);
    if (begin >= 0 && one.indexOf('}', begin) >= same) {
      same = begin;
    }
    String rest = one.substring(same);
    String otherRest = other.substring(same);
    boolean computed = rest.contains("${") || otherRest.contains("${");
    return computed && (rest.startsWith("${") || otherRest.startsWith("${"));
  }
}
