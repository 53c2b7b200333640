package dev.workflow.travel.protocol;

import dev.workflow.travel.protocol.Lines.Line;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Serves one session over a pair of streams. The calling thread reads, one other answers, in the
 * order of the requests; so a client may send much before it reads, and answers are never mixed.
 * After the end of input what was asked is still answered, as long as the client takes it.
 */
public final class StdioServer {
  static final int LINE_BYTES_MAX = 64 * 1024;
  private static final int LINES_WAITING_MAX = 2048;

  /** After the end of input the server ends when no answer has left for so long. */
  private static final Duration STALL = Duration.ofMillis(800);

  private final McpSession session;
  private final OutputStream out;
  private final BlockingQueue<Optional<Line>> waiting = new ArrayBlockingQueue<>(LINES_WAITING_MAX);
  private volatile @Nullable IOException broken;
  private volatile long written; // lines dealt with; the answering thread alone counts

  public StdioServer(McpSession session, OutputStream out) {
    this.session = session;
    this.out = new BufferedOutputStream(out, 32 * 1024);
  }

  /**
   * Serves until the end of {@code in} or until the output is closed.
   *
   * @throws IOException if a stream failed
   */
  public void serve(InputStream in) throws IOException, InterruptedException {
    Thread answering = new Thread(this::answer, "answering");
    answering.setDaemon(true);
    answering.start();
    var lines = new Lines(in, LINE_BYTES_MAX);
    for (Line line = lines.next(); line != null && broken == null; line = lines.next()) {
      if (!line.isBlank()) {
        waiting.put(Optional.of(line));
      }
    }
    if (waiting.offer(Optional.empty(), STALL.toNanos(), TimeUnit.NANOSECONDS)) {
      awaitLastAnswers(answering);
    }
    IOException failure = broken;
    if (failure != null) {
      throw failure;
    }
  }

  private void awaitLastAnswers(Thread answering) throws InterruptedException {
    long before = -1;
    while (answering.isAlive() && written != before) {
      before = written;
      answering.join(STALL.toMillis());
    }
  }

  private void answer() {
    long count = 0;
    try {
      for (Optional<Line> line = waiting.take(); line.isPresent(); line = waiting.take()) {
        write(line.get());
        count++;
        written = count;
        if (waiting.isEmpty()) {
          out.flush();
        }
      }
      out.flush();
    } catch (IOException e) {
      broken = e;
      waiting.clear();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(Line line) throws IOException {
    Optional<byte[]> answer =
        line.cut() ? Optional.of(session.tooLong(LINE_BYTES_MAX)) : session.answer(line.bytes());
    if (answer.isPresent()) {
      out.write(answer.get());
      out.write('\n');
    }
  }
}
