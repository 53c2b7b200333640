package dev.workflow.mcp.remote;

import org.apache.hc.client5.http.ConnectionKeepAliveStrategy;
import org.apache.hc.client5.http.impl.DefaultConnectionKeepAliveStrategy;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/** Gives up an idle connection a second before its server says that it will. */
record ShortKeepAlive(TimeValue longest) implements ConnectionKeepAliveStrategy {
  private static final long MARGIN_MILLIS = 1_000;

  @Override
  public TimeValue getKeepAliveDuration(HttpResponse response, HttpContext context) {
    TimeValue said =
        DefaultConnectionKeepAliveStrategy.INSTANCE.getKeepAliveDuration(response, context);
    if (said == null || said.toMilliseconds() <= 0) {
      return longest;
    }
    long millis = Math.max(said.toMilliseconds() - MARGIN_MILLIS, MARGIN_MILLIS / 2);
    return TimeValue.ofMilliseconds(Math.min(millis, longest.toMilliseconds()));
  }
}
