package dev.workflow.skills;

import dev.workflow.definition.Rule;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.eclipse.jgit.transport.http.HttpConnection;
import org.eclipse.jgit.transport.http.HttpConnectionFactory;
import org.eclipse.jgit.transport.http.JDKHttpConnection;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one git server, each looked at before it is made, also after redirections:
 * nothing but the smart protocol, no other scheme than that of the repository, no more bytes than
 * the limit in all. Git's own ways of signing in are not used.
 */
final class GitConnections implements HttpConnectionFactory {
  private static final String FETCH = "git-upload-pack";
  private static final String PUSH = "git-receive-pack";
  private static final int CONNECT_MILLIS = 20_000;
  private static final int READ_MILLIS = 60_000;

  private final String where;
  private final String scheme;
  private final String host;
  private final @Nullable String token;
  private final long bytesMax;
  private final Deadline deadline;
  private final AtomicLong received = new AtomicLong();

  /**
   * For one use of one repository.
   *
   * @param token of the user, sent to the host of the repository alone
   */
  GitConnections(
      String where, URL repository, @Nullable String token, long bytesMax, Deadline deadline) {
    this.where = where;
    this.scheme = repository.getProtocol();
    this.host = repository.getAuthority();
    this.token = token;
    this.bytesMax = bytesMax;
    this.deadline = deadline;
  }

  @Override
  public HttpConnection create(URL url) throws IOException {
    return new Watched(looked(url));
  }

  @Override
  public HttpConnection create(URL url, Proxy proxy) throws IOException {
    return new Watched(looked(url), proxy);
  }

  private URL looked(URL url) {
    if (!url.getProtocol().toLowerCase(Locale.ROOT).equals(scheme)) {
      throw SkillPackageException.refused(
          Rule.PACKAGE_SOURCE,
          where,
          "Expected %s, was sent on to `%s`.".formatted(scheme, url.getProtocol()),
          "Nothing was fetched from there.");
    }
    if (scheme.equals("http") && !url.getAuthority().equals(host)) {
      throw SkillPackageException.refused(
          Rule.PACKAGE_SOURCE,
          where,
          "Expected the server of this machine, was sent on to `%s`.".formatted(url.getAuthority()),
          "Nothing was fetched from there.");
    }
    String path = url.getPath();
    String query = url.getQuery() == null ? "" : url.getQuery();
    boolean smart =
        path.endsWith("/" + FETCH)
            || path.endsWith("/" + PUSH)
            || (path.endsWith("/info/refs") && query.startsWith("service=git-"));
    if (!smart) {
      throw SkillPackageException.missing(
          Rule.PACKAGE_UNREACHABLE,
          where,
          "Expected a git repository, found a server that does not speak git's smart protocol.",
          null);
    }
    return url;
  }

  private void count(int bytes) {
    deadline.check();
    if (bytes > 0 && received.addAndGet(bytes) > bytesMax) {
      throw SkillPackageException.refused(
          Rule.PACKAGE_SIZE,
          where,
          "Expected a download of at most %s, found more.".formatted(Sizes.of(bytesMax)),
          "Nothing was installed.");
    }
  }

  /** Counts what arrives and signs in with the user's token, if there is one. */
  private final class Watched extends JDKHttpConnection {
    Watched(URL url) throws IOException {
      super(url);
      prepare();
    }

    Watched(URL url, Proxy proxy) throws IOException {
      super(url, proxy);
      prepare();
    }

    private void prepare() {
      super.setConnectTimeout(CONNECT_MILLIS);
      super.setReadTimeout(READ_MILLIS);
      if (token != null && getURL().getAuthority().equals(host)) {
        String pair = "x-access-token:" + token;
        super.setRequestProperty(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)));
      }
    }

    @Override
    public void setConnectTimeout(int millis) {}

    @Override
    public void setReadTimeout(int millis) {}

    @Override
    public int getResponseCode() throws IOException {
      int code = super.getResponseCode();
      if (code == HTTP_UNAUTHORIZED || code == HTTP_FORBIDDEN || code == HTTP_NOT_FOUND) {
        throw SkillPackageException.missing(
            Rule.PACKAGE_UNREACHABLE,
            where,
            "There is no such repository, or it may not be read: the server says %d."
                .formatted(code),
            "Look at the address. For a private repository name the variable that holds its token"
                + " by --token-env.");
      }
      return code;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new FilterInputStream(super.getInputStream()) {
        @Override
        public int read() throws IOException {
          int read = super.read();
          count(read < 0 ? 0 : 1);
          return read;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
          int read = super.read(bytes, from, length);
          count(read);
          return read;
        }
      };
    }
  }
}
