package dev.workflow.cli;

import java.io.Writer;
import java.util.function.Consumer;

/** Collects what a library prints and hands it on at each flush. */
final class Lines extends Writer {
  private final StringBuilder text = new StringBuilder();
  private final Consumer<String> sink;

  Lines(Consumer<String> sink) {
    this.sink = sink;
  }

  @Override
  public void write(char[] characters, int from, int count) {
    text.append(characters, from, count);
  }

  @Override
  public void flush() {
    String written = text.toString().stripTrailing();
    text.setLength(0);
    if (!written.isEmpty()) {
      sink.accept(written);
    }
  }

  @Override
  public void close() {
    flush();
  }
}
