package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;

/** A tool that can only be called as a task gives what any other would. */
@Isolated("How soon a failure is told depends on what else runs.")
class TaskCallsTest {
  private final McpHost host;
  private final McpTools tools;
  private final List<String> signs = new CopyOnWriteArrayList<>();

  TaskCallsTest(@TempDir Path folder) {
    this.host =
        new McpHost(
            folder.resolve("home"), Map.of("PATH", System.getenv("PATH")), McpSettings.DEFAULT);
    this.tools =
        host.tools(
            Entries.list(Layer.USER, folder, Map.of("s", Entries.fake("", "tasks"))),
            Set.of(),
            (tool, digest) -> false);
  }

  @AfterEach
  void endServers() {
    host.close();
  }

  private Tools.Call errand(String task, @Nullable Duration timeout) {
    return new Tools.Call("", "s", "errand", Fakes.text(task), "k", "", timeout, signs::add);
  }

  private String cancelled() {
    Tools.Call call =
        new Tools.Call("", "s", "cancelled", Fakes.arguments(), "k", "", null, signs::add);
    return Fakes.get(tools.call(call)).value().asString();
  }

  @Test
  void itsResultIsThatOfTheTaskAndItsStatusIsASignOfLife() {
    assertThat(Fakes.get(tools.call(errand("does", null))).value().asString()).isEqualTo("done");
    assertThat(signs).containsExactly("on my way");
  }

  @Test
  void aTaskThatOutlivesItsTimeIsCancelledAndInDoubt() {
    ToolException e = Fakes.failure(tools.call(errand("sleeps", Duration.ofMillis(200))));
    assertThat(e.error().kind()).isEqualTo(ErrorKind.TIMEOUT);
    assertThat(e).hasMessageContaining("did not answer tools/call errand within 200 ms");
    assertThat(e.possiblyExecuted()).isTrue();
    Fakes.await("both are told", () -> cancelled().equals("2"));
  }

  @Test
  void aTaskWhoseServerDiesIsInDoubtAndNotBegunAgain() {
    ToolException e = Fakes.failure(tools.call(errand("dies", null)));
    assertThat(e.error().kind()).isEqualTo(ErrorKind.UNAVAILABLE);
    assertThat(e.possiblyExecuted()).isTrue();
  }
}
