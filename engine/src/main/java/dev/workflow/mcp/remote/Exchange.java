package dev.workflow.mcp.remote;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.jspecify.annotations.Nullable;

/** One request under way, with its redirects. */
public final class Exchange {
  private final Web web;
  private final Ask ask;
  private final Runnable beforeSending;
  private final CompletableFuture<@Nullable Void> deadline = new CompletableFuture<>();
  private @Nullable HttpUriRequestBase current;
  private boolean aborted;
  private volatile boolean late;

  Exchange(Web web, Ask ask, Runnable beforeSending) {
    this.web = web;
    this.ask = ask;
    this.beforeSending = beforeSending;
  }

  /**
   * Sends the request, once; see {@link Web#send}.
   *
   * @throws InterruptedIOException when it was aborted, or its time is over
   */
  public Reply send() throws IOException {
    if (ask.answerWithin() != null) {
      var unused =
          deadline
              .completeOnTimeout(null, ask.answerWithin().toMillis(), TimeUnit.MILLISECONDS)
              .thenRun(this::expire);
    }
    boolean answered = false;
    try {
      Reply reply = web.follow(this, ask);
      answered = true;
      return reply;
    } catch (IOException e) {
      throw late ? new InterruptedIOException("there was no answer in time") : e;
    } catch (IllegalStateException e) {
      // what the library says when a request is aborted just before it is sent
      throw new InterruptedIOException(
          late ? "there was no answer in time" : "the request was aborted");
    } finally {
      if (!answered) {
        deadline.cancel(false);
      }
    }
  }

  private void expire() {
    late = true;
    abort();
  }

  /** Ends it, wherever it is; its thread gets an exception. */
  public synchronized void abort() {
    aborted = true;
    if (current != null) {
      current.abort();
    }
  }

  private synchronized void begin(HttpUriRequestBase request) throws InterruptedIOException {
    if (aborted) {
      throw new InterruptedIOException("the request was aborted");
    }
    current = request;
  }

  Reply over(CloseableHttpClient lane, Ask part) throws IOException {
    URI url = part.url();
    HttpUriRequestBase request = new HttpUriRequestBase(part.method(), Web.withoutUser(url));
    part.ownHeaders().forEach(request::setHeader);
    part.headers().forEach(request::setHeader);
    byte[] body = part.body();
    if (body != null && body.length > 0) {
      request.setEntity(new ByteArrayEntity(body, null));
    }
    begin(request);
    HttpHost target = new HttpHost(url.getScheme(), url.getHost(), url.getPort());
    HttpClientContext context = HttpClientContext.create();
    AtomicBoolean sent = new AtomicBoolean();
    Runnable sending =
        () -> {
          sent.set(true);
          beforeSending.run();
        };
    context.setAttribute(Lanes.BEFORE_SENDING, sending);
    ClassicHttpResponse response = lane.executeOpen(target, request, context);
    if (!sent.get()) {
      request.abort();
      throw new Refused("the proxy lets nothing through (HTTP " + response.getCode() + ")");
    }
    return new Reply(url, response, request::abort, () -> deadline.cancel(false));
  }
}
