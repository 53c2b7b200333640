package dev.workflow.models;

import dev.workflow.engine.Models.ModelException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import reactor.core.Disposable;
import reactor.core.scheduler.Schedulers;

/** A stream that is given up when it is silent for too long, too long, or has too long a line. */
final class BoundedStream extends FilterInputStream {
  private static final long BYTES = 128L << 20;
  private static final long LINE_BYTES = 8L << 20;
  private final Failures failures;
  private final Duration silence;
  private final Consumer<Throwable> failed;
  private final Disposable alarm;
  private volatile long heard = System.nanoTime();
  private long bytes;
  private long lineBytes;

  BoundedStream(InputStream in, Failures failures, Duration silence, Consumer<Throwable> failed) {
    super(in);
    this.failures = failures;
    this.silence = silence;
    this.failed = failed;
    long period = Math.max(10, silence.toMillis() / 10);
    this.alarm =
        Schedulers.parallel()
            .schedulePeriodically(this::listen, period, period, TimeUnit.MILLISECONDS);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    int count = read(one, 0, 1);
    return count < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int count = super.read(buffer, offset, length);
    heard = System.nanoTime();
    for (int i = offset; i < offset + count; i++) {
      lineBytes = buffer[i] == '\n' ? 0 : lineBytes + 1;
    }
    bytes += Math.max(0, count);
    if (bytes > BYTES || lineBytes > LINE_BYTES) {
      throw giveUp(failures.tooLong("bytes", bytes));
    }
    return count;
  }

  @Override
  public void close() {
    alarm.dispose();
    try {
      super.close();
    } catch (IOException alreadyBroken) {
      // Nobody reads on; there is nothing left to lose.
    }
  }

  private void listen() {
    if (System.nanoTime() - heard > silence.toNanos()) {
      giveUp(failures.silent(silence));
    }
  }

  private IOException giveUp(ModelException reason) {
    failed.accept(reason);
    close();
    return new IOException(reason);
  }
}
