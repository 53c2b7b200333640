package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.assembly.Home;
import dev.workflow.assembly.LockUse;
import dev.workflow.assembly.Run;
import dev.workflow.assembly.WorkflowEngine;
import dev.workflow.check.CheckRequest;
import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.check.Checked;
import dev.workflow.check.Locks.Mode;
import dev.workflow.engine.People;
import dev.workflow.engine.RunObserver;
import dev.workflow.mcp.ServerOrigin.Layer;
import dev.workflow.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.JsonNodeFactory;

/** Whole runs with real servers; what happens in the midst of one happens while it asks. */
final class RunWorld implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  final Path home;
  final Path workspace;
  final Queue<String> notices = new ConcurrentLinkedQueue<>();
  private WorkflowEngine engine;
  private Set<String> approved = Set.of();

  /** What happens in the midst of a run. */
  interface Midst {
    void happens() throws IOException;
  }

  RunWorld(Path folder) throws IOException {
    this.home = Files.createDirectories(folder.resolve("home"));
    this.workspace = Files.createDirectories(folder.resolve("workspace"));
    this.engine = open();
  }

  private WorkflowEngine open() {
    return new WorkflowEngine(
        new Home(home, null, Map.of("PATH", System.getenv("PATH")), List.of()));
  }

  /** Another process. */
  void restart() {
    engine.close();
    engine = open();
  }

  /** Runs that this process begins from now on are locked. */
  void lock() {
    engine.use(LockUse.of(Mode.STOP, true));
  }

  /** For the runs of this world alone. */
  void approve(ServerEntry entry) {
    approved = Set.of(new Trust(home, Map.of("PATH", System.getenv("PATH"))).key(entry));
  }

  /** Writes the user's file, or that of the workspace; quotes may be single. */
  void write(Layer layer, Map<String, String> entries) throws IOException {
    String servers =
        entries.entrySet().stream()
            .map(entry -> "'" + entry.getKey() + "':" + entry.getValue())
            .collect(Collectors.joining(","));
    Files.writeString(file(layer), Entries.json("{'mcpServers':{" + servers + "}}").toString());
  }

  Path file(Layer layer) {
    return layer == Layer.USER ? home.resolve("mcp.json") : workspace.resolve(".mcp.json");
  }

  /** Checks, as {@code run} does, and begins. */
  private Run begin(String run, String yaml, People people) throws IOException {
    Path file = Files.writeString(workspace.resolve("flow.yaml"), "name: flow\n" + yaml);
    Checked checked =
        engine.check(new CheckRequest(file, null, true, ModelWishes.NONE, Map.of()), approved);
    assertThat(checked.isOk()).as("%s", checked.problems()).isTrue();
    Checked.Definition definition = Objects.requireNonNull(checked.definition());
    return engine.begin(
        new WorkflowEngine.Start(
            run,
            definition,
            JsonNodeFactory.instance.objectNode(),
            definition.resolved().workflow().limits(),
            approved,
            file),
        checked,
        people,
        observer());
  }

  /** Runs to the end; where it asks, this happens first. */
  RunState run(String yaml, Midst midst) throws IOException {
    return drive(begin("r", yaml, approvingAfter(midst)));
  }

  /** Runs until it asks, as nobody is there. */
  RunState runAlone(String run, String yaml) throws IOException {
    return drive(begin(run, yaml, People.NOBODY));
  }

  RunState resume(String run, Midst midst) {
    return drive(engine.resume(run, null, false, null, approvingAfter(midst), observer()));
  }

  private static RunState drive(Run run) {
    try (run) {
      return Objects.requireNonNull(run.drive().block(PATIENCE));
    }
  }

  private RunObserver observer() {
    return new RunObserver() {
      @Override
      public void notice(String text) {
        notices.add(text);
      }
    };
  }

  private static People approvingAfter(Midst midst) {
    return question ->
        question.kind() == People.Kind.APPROVAL
            ? Mono.fromCallable(
                () -> {
                  midst.happens();
                  return new People.Answer(Entries.json("{'decision':'approve'}"), "Ann");
                })
            : Mono.empty();
  }

  WorkflowEngine engine() {
    return engine;
  }

  @Override
  public void close() {
    engine.close();
  }
}
