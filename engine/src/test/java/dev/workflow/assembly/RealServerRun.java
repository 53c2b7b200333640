package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.engine.People;
import dev.workflow.engine.RunObserver;
import dev.workflow.engine.ServerMethods;
import dev.workflow.engine.ToolSpec;
import dev.workflow.mcp.Trust;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.run.StepPath;
import dev.workflow.run.StepStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A journaled run of a workflow of {@code real-servers}, whose server is called {@code s}, and what
 * its journal says of it.
 */
final class RealServerRun {
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final String RUN = "real";
  private static final Pattern SERVER = Pattern.compile("(?m)^  s: .*$");

  /** What the server lists, by name. */
  private final Map<String, ToolSpec> listed = new TreeMap<>();

  private final List<Event.ToolCalled> called = new ArrayList<>();
  private final Map<String, Event.ToolReturned> returned = new TreeMap<>();
  private final RunState end;

  private RealServerRun(RunState end) {
    this.end = end;
  }

  /**
   * Runs it to its end.
   *
   * @param entry of the server in the place of that which the workflow has; absent: that one
   */
  static RealServerRun of(
      String name,
      @Nullable String entry,
      Path folder,
      Map<String, String> environment,
      JsonNode inputs,
      RunObserver observer)
      throws IOException {
    Path file = folder.resolve(name + ".yaml");
    String written = Objects.requireNonNull(written(name), name);
    Files.writeString(
        file, entry == null ? written : SERVER.matcher(written).replaceFirst("  s: " + entry));
    String answers = written(name + "-answers");
    if (answers != null) {
      Files.writeString(folder.resolve(name + "-answers.yaml"), answers);
    }
    Home home = new Home(folder.resolve("home"), null, environment, List.of());
    try (WorkflowEngine engine = new WorkflowEngine(home)) {
      Set<String> approved = approved(engine, file);
      Checked checked = engine.check(CheckRequest.of(file, true), approved);
      assertThat(checked.problems()).isEmpty();
      Checked.Definition definition = Objects.requireNonNull(checked.definition());
      List<ToolSpec> tools =
          Objects.requireNonNull(
              Objects.requireNonNull(checked.tools()).list("s").block(PATIENCE), "tools");
      WorkflowEngine.Start start =
          new WorkflowEngine.Start(
              RUN, definition, inputs, definition.resolved().workflow().limits(), approved, file);
      try (Run run = engine.begin(start, checked, RealServerRun::answered, observer)) {
        RunState end = Objects.requireNonNull(run.drive().block(PATIENCE));
        RealServerRun told = new RealServerRun(end);
        tools.forEach(tool -> told.listed.put(tool.name(), tool));
        engine.journal().read(RUN, 1, told::heard);
        told.assertThatArgumentsFit(engine);
        told.assertThatAReplayIsTheSame(engine, file);
        return told;
      }
    }
  }

  private static @Nullable String written(String name) throws IOException {
    try (var text = RealServerRun.class.getResourceAsStream("/real-servers/" + name + ".yaml")) {
      return text == null ? null : new String(text.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Somebody who gives servers a name. */
  private static Mono<People.Answer> answered(People.Question question) {
    assertThat(question.complaint()).as("%s", question).isNull();
    ObjectNode answer = JsonNodeFactory.instance.objectNode().put("action", "accept");
    answer.putObject("content").put("name", "Ana");
    return Mono.just(new People.Answer(answer, "test"));
  }

  private static Set<String> approved(WorkflowEngine engine, Path file) {
    Checked checked = engine.check(CheckRequest.of(file, false), Set.of());
    return engine.untrusted(checked, Set.of()).stream()
        .map(Trust.Question::key)
        .collect(Collectors.toSet());
  }

  private void heard(Recorded recorded) {
    if (recorded.event() instanceof Event.ToolCalled call) {
      called.add(call);
    } else if (recorded.event() instanceof Event.ToolReturned answer) {
      returned.put(answer.step().toString(), answer);
    }
  }

  private void assertThatArgumentsFit(WorkflowEngine engine) {
    for (Event.ToolCalled call : called) {
      ToolSpec spec =
          ServerMethods.of("s", call.tool())
              .orElseGet(() -> Objects.requireNonNull(listed.get(call.tool()), call.tool()));
      assertThat(engine.validator().validate(spec.inputSchema(), call.arguments()))
          .as("%s", call.tool())
          .isEmpty();
    }
  }

  /** Recorded and replayed without the server, it gives the same. */
  private void assertThatAReplayIsTheSame(WorkflowEngine engine, Path file) throws IOException {
    Path cassette = file.resolveSibling("cassette.json");
    engine.cassettes().record(RUN, cassette);
    Cassettes.Wish wish = new Cassettes.Wish(file, null, Map.of(), Map.of(), limits -> limits);
    Cassettes.Replayed replayed =
        engine
            .cassettes()
            .replay(
                Objects.requireNonNull(engine.cassettes().read(cassette).cassette()),
                wish,
                RunObserver.NONE);
    assertThat(replayed.problems()).isEmpty();
    assertThat(replayed.mismatches()).isEmpty();
    RunState again = Objects.requireNonNull(replayed.run());
    assertThat(again.all())
        .allSatisfy(
            step ->
                assertThat(String.valueOf(step.output()))
                    .isEqualTo(
                        String.valueOf(Objects.requireNonNull(end.step(step.path())).output())));
  }

  /** All listed tools were called, and each call was answered with what fits its output schema. */
  void assertThatAllToolsAnswered() {
    Set<String> names = new TreeSet<>();
    called.forEach(call -> names.add(call.tool()));
    names.removeIf(ServerMethods::isOne);
    assertThat(names)
        .as("tools called by the workflow, of those listed")
        .containsExactlyInAnyOrderElementsOf(listed.keySet());
    assertThat(end.all())
        .filteredOn(step -> step.status() != StepStatus.SUCCEEDED)
        .extracting(step -> step.path() + ": " + step.status() + " " + step.reason())
        .isEmpty();
    assertThat(returned).hasSize(called.size());
    assertThat(returned.values()).allMatch(answer -> answer.violations().isEmpty());
  }

  /** How often a model was asked. */
  int modelCalls() {
    return end.modelCalls();
  }

  int calls() {
    return called.size();
  }

  int tools() {
    return listed.size();
  }

  /** What a step gave. */
  JsonNode output(String step) {
    return Objects.requireNonNull(
        Objects.requireNonNull(end.step(StepPath.parse(step)), step).output(), step);
  }
}
