package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ChildTest {
  @Test
  void whoeverEndsAChildAgainIsNotKeptWaitingByAnEntryThatCannotBeDeleted() throws Exception {
    Process process = new ProcessBuilder("cat").start();
    Child child =
        new Child(
            "c",
            process,
            "mark",
            ProcessTree.Patience.DEFAULT,
            ended -> {
              throw new UncheckedIOException(new IOException("the home is read-only"));
            });
    assertThatThrownBy(child::end).hasMessageContaining("the home is read-only");
    CompletableFuture<Boolean> again =
        CompletableFuture.supplyAsync(
            () -> {
              child.end();
              return true;
            });
    assertThat(again.get(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.isAlive()).isFalse();
  }
}
