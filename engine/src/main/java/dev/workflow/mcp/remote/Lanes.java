package dev.workflow.mcp.remote;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolConcurrencyPolicy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one entry. A lane looks up names by itself, and connects to none of their
 * addresses but those that the rules admitted a moment ago: nothing can change in between.
 */
final class Lanes implements AutoCloseable {
  /** Names what runs in the context of a request before it is sent. */
  static final String BEFORE_SENDING = "before-sending";

  private static final Timeout CONNECT = Timeout.ofSeconds(10);

  /** A server closes idle connections when it likes; a call on such a one is in doubt. */
  private static final TimeValue CHECK_AFTER = TimeValue.ofMilliseconds(500);

  private static final TimeValue KEEP_AT_MOST = TimeValue.ofSeconds(20);

  /** How many calls a server gets at once is not decided here. */
  private static final int MAX_CONNECTIONS = 10_000;

  private static final Http1Config HEADS =
      Http1Config.custom().setMaxLineLength(16_384).setMaxHeaderCount(200).build();

  private final AddressRules rules;
  private final Names names;
  private final @Nullable SSLContext tls;
  private final Map<Lane, CloseableHttpClient> lanes = new HashMap<>();
  private boolean closed;

  /**
   * Lanes of one entry.
   *
   * @param names who looks up names
   * @param tls whom to trust; absent: whom this Java trusts
   */
  Lanes(AddressRules rules, Names names, @Nullable SSLContext tls) {
    this.rules = rules;
    this.names = names;
    this.tls = tls;
  }

  /** Looks up the addresses of a host. */
  interface Names {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  private record Lane(boolean encrypted, Proxies.@Nullable Proxy proxy) {
    boolean isForwarded() {
      return proxy != null && !proxy.socks();
    }
  }

  /**
   * The connections that lead there in that way.
   *
   * @throws IOException when all are closed: what is late opens no new ones
   */
  synchronized CloseableHttpClient lane(boolean encrypted, Proxies.@Nullable Proxy proxy)
      throws IOException {
    if (closed) {
      throw new IOException("it is closed by this side");
    }
    return lanes.computeIfAbsent(new Lane(encrypted, proxy), this::open);
  }

  private CloseableHttpClient open(Lane lane) {
    HttpClientBuilder builder =
        HttpClientBuilder.create()
            .setUserAgent("workflow")
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .disableContentCompression()
            .disableCookieManagement()
            .setDefaultRequestConfig(
                RequestConfig.custom()
                    .setResponseTimeout(Timeout.DISABLED)
                    .setConnectionRequestTimeout(CONNECT)
                    .setProtocolUpgradeEnabled(false)
                    .build())
            .addExecInterceptorBefore(
                ChainElement.MAIN_TRANSPORT.name(), BEFORE_SENDING, Lanes::tell)
            .setKeepAliveStrategy(new ShortKeepAlive(KEEP_AT_MOST))
            .setConnectionManager(connections(lane).build());
    Proxies.Proxy proxy = lane.proxy();
    if (proxy != null && lane.isForwarded()) {
      builder.setProxy(new HttpHost("http", proxy.host(), proxy.port()));
      if (!proxy.user().isEmpty()) {
        BasicCredentialsProvider credentials = new BasicCredentialsProvider();
        credentials.setCredentials(
            new AuthScope(proxy.host(), proxy.port()),
            new UsernamePasswordCredentials(proxy.user(), proxy.password().toCharArray()));
        builder.setDefaultCredentialsProvider(credentials);
      }
    }
    return builder.build();
  }

  private static ClassicHttpResponse tell(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    if (scope.clientContext.getAttribute(BEFORE_SENDING) instanceof Runnable action) {
      action.run();
    }
    return chain.proceed(request, scope);
  }

  private PoolingHttpClientConnectionManagerBuilder connections(Lane lane) {
    SocketConfig.Builder socket = SocketConfig.custom().setSoTimeout(Timeout.DISABLED);
    Proxies.Proxy proxy = lane.proxy();
    if (proxy != null && proxy.socks()) {
      socket.setSocksProxyAddress(new InetSocketAddress(proxy.host(), proxy.port()));
    }
    PoolingHttpClientConnectionManagerBuilder builder =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setDnsResolver(
                lane.isForwarded()
                    ? SystemDefaultDnsResolver.INSTANCE
                    : new AdmittedAddresses(rules, names, lane.encrypted()))
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder().http1Config(HEADS).build())
            .setMaxConnTotal(MAX_CONNECTIONS)
            .setMaxConnPerRoute(MAX_CONNECTIONS)
            .setPoolConcurrencyPolicy(PoolConcurrencyPolicy.LAX)
            .setDefaultSocketConfig(socket.build())
            .setDefaultTlsConfig(TlsConfig.custom().setHandshakeTimeout(CONNECT).build())
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(CONNECT)
                    .setSocketTimeout(Timeout.DISABLED)
                    .setValidateAfterInactivity(CHECK_AFTER)
                    .build());
    return tls == null ? builder : builder.setTlsSocketStrategy(new DefaultClientTlsStrategy(tls));
  }

  /** Looks up names and hands out only what the rules admit. */
  private record AdmittedAddresses(AddressRules rules, Names names, boolean encrypted)
      implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return rules.admit(host, encrypted, names.addresses(host));
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  @Override
  public synchronized void close() {
    closed = true;
    lanes.values().forEach(lane -> lane.close(CloseMode.IMMEDIATE));
    lanes.clear();
  }
}
