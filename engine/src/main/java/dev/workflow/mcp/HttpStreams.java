package dev.workflow.mcp;

import dev.workflow.mcp.HttpSession.Watch;
import dev.workflow.mcp.remote.EventStream;
import dev.workflow.mcp.remote.EventStream.Event;
import dev.workflow.mcp.remote.Exchange;
import dev.workflow.mcp.remote.Refused;
import dev.workflow.mcp.remote.Reply;
import dev.workflow.mcp.remote.Unreadable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The streams of events of one session: answers, the server's own messages, the older way. */
final class HttpStreams {
  /** How long a server that refused the newer transport may take to speak the older one. */
  static final Duration TRIAL = Duration.ofSeconds(5);

  /** A server that does not say how long to wait after a break is asked again so soon. */
  private static final Duration SHORTEST = Duration.ofMillis(100);

  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final int FRUITLESS = 5;

  /** A server that is gone is told soon; one that is exchanged is away for a moment. */
  private static final int UNREACHED = 2;

  /** So many messages of the largest size may come that answer nothing. */
  private static final long USELESS_MESSAGES = 16;

  private final HttpSession session;
  private final Delivery delivery;
  private final BooleanSupplier closed;
  private final int maxBytes;
  private final Duration standing;
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private @Nullable CompletableFuture<@Nullable Void> endpoint;

  HttpStreams(HttpSession session, Delivery delivery, BooleanSupplier closed, int maxBytes) {
    this(session, delivery, closed, maxBytes, LONGEST);
  }

  /**
   * Streams of one session.
   *
   * @param standing a stream that stood longer was fruitful, even if the server had nothing to say:
   *     gateways cut what is idle
   */
  HttpStreams(
      HttpSession session,
      Delivery delivery,
      BooleanSupplier closed,
      int maxBytes,
      Duration standing) {
    this.standing = standing;
    this.session = session;
    this.delivery = delivery;
    this.closed = closed;
    this.maxBytes = maxBytes;
  }

  /** Takes the text of one or more messages. */
  interface Delivery {
    /**
     * Hands them over.
     *
     * @throws Unreadable for what is none
     */
    void accept(byte[] text) throws IOException;
  }

  /** Ends all streams but those of calls. */
  void end() {
    ended.complete(null);
  }

  /** Reads the stream that answers a call, and goes on after breaks as the server allows. */
  void follow(Reply first, HttpCall call) throws IOException {
    Followed so = new Followed();
    Reply reply = first;
    while (true) {
      if (reply != null) {
        read(reply, call, so);
      }
      if (call.isOver()) {
        return;
      }
      if (so.lastId == null) {
        throw so.broke;
      }
      if (so.fruitless == FRUITLESS) {
        throw new EOFException(
            "it broke the stream "
                + FRUITLESS
                + " times in a row"
                + (reply == null ? ", at last: " + HttpFaults.words(so.broke) : ""));
      }
      Duration pause = pause(so.retry, so.wait);
      call.pause(so.rest.compareTo(pause) > 0 ? so.rest : pause);
      so.wait = so.wait.multipliedBy(2);
      if (call.isOver()) {
        return;
      }
      so.fruitless++;
      reply = resumed(call, so);
    }
  }

  /** How far the stream of one call was read. */
  private static final class Followed {
    private IOException broke = new EOFException("it ended the stream before it answered");
    private @Nullable String lastId;
    private @Nullable Long retry;
    private Duration wait = SHORTEST;

    /** For how long the server asked to be left alone when it was asked last. */
    private Duration rest = Duration.ZERO;

    private long useless;

    /** How often it was taken up again since the last event. */
    private int fruitless;

    /** How often nobody was there in that time. */
    private int unreached;
  }

  /** Until the call is over or the stream ends; what it ended with is kept. */
  @SuppressWarnings("try") // A reply is closed here, and read through its events.
  private void read(Reply reply, HttpCall call, Followed so) throws IOException {
    so.broke = new EOFException("it ended the stream before it answered");
    try (reply) {
      EventStream events = new EventStream(reply.body(), maxBytes);
      try {
        for (Event event = events.next(); event != null; event = events.next()) {
          so.fruitless = 0;
          so.unreached = 0;
          so.wait = SHORTEST;
          take(event);
          if (call.isOver()) {
            return;
          }
          if (so.useless + events.read() > USELESS_MESSAGES * maxBytes) {
            throw new Unreadable(
                "is not among " + USELESS_MESSAGES * maxBytes + " bytes of other messages");
          }
        }
      } finally {
        so.useless += events.read();
        so.lastId = events.lastId() == null ? so.lastId : events.lastId();
        so.retry = events.retryMillis() == null ? so.retry : events.retryMillis();
      }
    } catch (Unreadable e) {
      throw e;
    } catch (IOException e) {
      so.broke = e;
    }
  }

  /** The stream where it broke; null where the server may give it in a while. */
  private @Nullable Reply resumed(HttpCall call, Followed so) throws IOException {
    so.rest = Duration.ZERO;
    try {
      return session.listen(so.lastId, call.watch());
    } catch (Unreadable | Refused e) {
      throw e;
    } catch (HttpRefusal e) {
      if (!e.mayPass()) {
        throw e;
      }
      so.broke = e;
      so.rest = e.retryAfter();
    } catch (IOException e) {
      if (HttpFaults.unreachable(e) && ++so.unreached == UNREACHED) {
        throw e;
      }
      so.broke = e;
    }
    return null;
  }

  private void take(Event event) throws IOException {
    if (event.data().length > 0 && event.name().equals("message")) {
      delivery.accept(event.data());
    }
  }

  private static Duration pause(@Nullable Long said, Duration otherwise) {
    Duration wanted = said == null ? otherwise : Duration.ofMillis(said);
    Duration least = wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
    return least.compareTo(LONGEST) > 0 && said == null ? LONGEST : least;
  }

  /** Reads what the server says of its own accord, if it offers that, until all is over. */
  void listen() {
    String lastId = null;
    Duration wait = SHORTEST;
    for (int fruitless = 0; fruitless < FRUITLESS && !closed.getAsBoolean(); fruitless++) {
      EventStream events = null;
      long began = System.nanoTime();
      try (Reply open = session.listen(lastId, new Watch(() -> {}, this::endWith))) {
        events = new EventStream(open.body(), maxBytes);
        for (Event event = events.next(); event != null; event = events.next()) {
          fruitless = 0;
          wait = SHORTEST;
          tryTake(event);
        }
      } catch (HttpRefusal e) {
        if (!e.mayPass()) {
          return; // it does not offer a stream
        }
      } catch (Unreadable e) {
        return; // it offers none that can be read
      } catch (RuntimeException e) {
        return; // it lets nobody in: calls, which somebody waits for, tell that
      } catch (IOException e) {
        // it may be back later
      }
      if (events != null) {
        if (System.nanoTime() - began > standing.toNanos()) {
          fruitless = 0;
          wait = SHORTEST;
        }
        lastId = events.lastId() == null ? lastId : events.lastId();
        wait = pause(events.retryMillis(), wait);
      }
      HttpCall.pause(ended, wait);
      wait = wait.multipliedBy(2);
    }
  }

  private void tryTake(Event event) throws IOException {
    try {
      take(event);
    } catch (Unreadable e) {
      // nobody waits for it
    }
  }

  private void endWith(Exchange exchange) {
    var unused = ended.thenRun(exchange::abort);
  }

  /**
   * Opens the stream of the older transport, unless it is open, and waits until the server has said
   * where it takes messages.
   *
   * @param broke runs when the stream ends; there is no other way for answers
   * @param patience absent: as long as whoever waits for the greeting
   */
  void openOlder(Consumer<Exception> broke, @Nullable Duration patience) throws IOException {
    CompletableFuture<@Nullable Void> found = older(broke);
    try {
      if (patience == null) {
        found.get();
      } else {
        found.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (TimeoutException e) {
      end();
      throw new InterruptedIOException("it names no address for messages");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException known) {
        throw known;
      }
      if (e.getCause() instanceof RuntimeException known) {
        throw known;
      }
      throw new IOException(e.getCause());
    }
  }

  private synchronized CompletableFuture<@Nullable Void> older(Consumer<Exception> broke) {
    if (endpoint == null) {
      CompletableFuture<@Nullable Void> found = new CompletableFuture<>();
      endpoint = found;
      Thread.ofVirtual().name("mcp-events").start(() -> readOlder(found, broke));
    }
    return endpoint;
  }

  private void readOlder(CompletableFuture<@Nullable Void> found, Consumer<Exception> broke) {
    Exception end = new EOFException("it ended its stream of events");
    try (Reply open = session.listen(null, new Watch(() -> {}, this::endWith))) {
      EventStream events = new EventStream(open.body(), maxBytes);
      for (Event event = events.next(); event != null; event = events.next()) {
        if (event.name().equals("endpoint")) {
          session.moveTo(new String(event.data(), StandardCharsets.UTF_8));
          found.complete(null);
        } else {
          tryTake(event);
        }
      }
    } catch (IOException | RuntimeException e) {
      end = e;
    }
    if (!found.completeExceptionally(end)) {
      broke.accept(end);
    }
  }
}
