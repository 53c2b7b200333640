package dev.workflow.mcp;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The write side of a child: any thread may post, one thread writes, so messages never mix and a
 * child that does not read keeps nobody waiting but that thread. What nobody here waits for, such
 * as an answer to the child's own requests, is dropped where too much of it is not read; whoever
 * posts that, the reader of the child's requests, waits a moment.
 */
final class Outbox {
  /** A message with its end of line; the ticket is null for notifications and answers. */
  @SuppressWarnings("ArrayRecordComponent") // never compared by value, never shared
  private record Letter(byte[] bytes, @Nullable Ticket ticket) {}

  private static final long PAUSE_NANOS = 1_000_000;
  private static final Letter END = new Letter(new byte[0], null);

  private final BlockingQueue<Letter> queue = new LinkedBlockingQueue<>();
  private final AtomicLong unread = new AtomicLong();
  private final int maxUnread;

  /** A box that holds so many bytes of messages without a ticket. */
  Outbox(int maxUnread) {
    this.maxUnread = maxUnread;
  }

  void post(byte[] message, @Nullable Ticket ticket) {
    if (ticket == null && unread.addAndGet(message.length) > maxUnread) {
      unread.addAndGet(-message.length);
      LockSupport.parkNanos(PAUSE_NANOS);
      return;
    }
    byte[] line = Arrays.copyOf(message, message.length + 1);
    line[message.length] = '\n';
    queue.add(new Letter(line, ticket));
  }

  /** Forgets a withdrawn request, so that its bytes do not pile up. */
  void drop(Ticket ticket) {
    queue.removeIf(letter -> letter.ticket() == ticket);
  }

  void end() {
    queue.clear();
    queue.add(END);
  }

  /** Writes until {@link #end}; throws when the other side no longer reads. */
  void writeTo(OutputStream stream) throws IOException, InterruptedException {
    for (Letter letter = queue.take(); letter.bytes().length > 0; letter = queue.take()) {
      Ticket ticket = letter.ticket();
      if (ticket == null) {
        unread.addAndGet(1L - letter.bytes().length);
      }
      if (ticket == null || ticket.send()) {
        stream.write(letter.bytes());
        if (queue.isEmpty()) {
          stream.flush();
        }
      }
    }
  }
}
