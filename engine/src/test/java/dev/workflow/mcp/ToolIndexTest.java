package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Effect;
import dev.workflow.engine.ToolSpec;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolIndexTest {
  private final ToolIndex index =
      new ToolIndex(List.of(spec("files", "read"), spec("mail", "read"), spec("files", "write")));

  private static ToolSpec spec(String server, String name) {
    return new ToolSpec(
        server, name, name, "", Fakes.arguments(), null, Effect.READ, true, "digest");
  }

  @Test
  void aFullNameIsFound() {
    assertThat(index.find("mail/read")).isEqualTo(new ToolIndex.Found.One(spec("mail", "read")));
  }

  @Test
  void aBareNameIsFoundWhereOnlyOneServerOffersIt() {
    assertThat(index.find("write")).isEqualTo(new ToolIndex.Found.One(spec("files", "write")));
  }

  @Test
  void anAmbiguousNameListsItsCandidates() {
    assertThat(index.find("read"))
        .isInstanceOfSatisfying(
            ToolIndex.Found.Ambiguous.class,
            found ->
                assertThat(found.message())
                    .isEqualTo(
                        "several servers offer a tool 'read': say which: files/read, mail/read"));
  }

  @Test
  void anUnknownNameSuggestsTheNearest() {
    assertThat(index.find("files/raed"))
        .isInstanceOfSatisfying(
            ToolIndex.Found.None.class,
            found ->
                assertThat(found.message())
                    .isEqualTo("no server offers a tool 'files/raed'. Did you mean `files/read`?"));
  }
}
