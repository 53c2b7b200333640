package dev.workflow.mcp.remote;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;

/** What came back, after all redirects; the connection is its until it is closed. */
public final class Reply implements AutoCloseable {
  private final URI url;
  private final ClassicHttpResponse response;
  private final Runnable abort;
  private final Runnable over;

  /**
   * A reply whose body is yet to be read.
   *
   * @param abort ends the connection
   * @param over ends the time of the whole exchange
   */
  Reply(URI url, ClassicHttpResponse response, Runnable abort, Runnable over) {
    this.url = url;
    this.response = response;
    this.abort = abort;
    this.over = over;
  }

  /** Who answered. */
  public URI url() {
    return url;
  }

  public int status() {
    return response.getCode();
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(response.getFirstHeader(name)).map(Header::getValue);
  }

  public List<String> headers(String name) {
    return Stream.of(response.getHeaders(name)).map(Header::getValue).toList();
  }

  /** The media type without its parameters, in lower case; empty when there is none. */
  public String mediaType() {
    String type = header("Content-Type").orElse("");
    return type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
  }

  /**
   * The body as it is sent. An encoding was not asked for: what is packed may unpack without end.
   *
   * @throws IOException when it is encoded all the same
   */
  public InputStream body() throws IOException {
    String encoding = header("Content-Encoding").orElse("identity").strip();
    if (!encoding.equalsIgnoreCase("identity")) {
      throw new Unreadable("is encoded as " + encoding + ", which was not asked for");
    }
    HttpEntity entity = response.getEntity();
    return entity == null ? InputStream.nullInputStream() : entity.getContent();
  }

  /**
   * The whole body.
   *
   * @throws Unreadable when it is larger
   */
  public byte[] bytes(int max) throws IOException {
    byte[] bytes = body().readNBytes(max);
    if (bytes.length == max && body().read() >= 0) {
      throw new Unreadable("exceeds the maximum allowed size of " + max + " bytes");
    }
    return bytes;
  }

  /** The beginning of the body as text; empty when it cannot be read. */
  public String beginning(int max) {
    try {
      return new String(body().readNBytes(max), UTF_8);
    } catch (IOException e) {
      return "";
    }
  }

  /** Ends the connection unless all was read: what is left may have no end. */
  @Override
  public void close() {
    over.run();
    abort.run();
  }

  /** Ends the connection alone: the exchange goes on elsewhere, and so does its time. */
  void leave() {
    abort.run();
  }
}
