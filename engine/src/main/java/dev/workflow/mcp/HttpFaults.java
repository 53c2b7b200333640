package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.oauth.OAuthException;
import io.modelcontextprotocol.client.transport.McpHttpClientTransportAuthorizationException;
import io.modelcontextprotocol.spec.McpTransportSessionNotFoundException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/** What the errors of HTTP say about a request: whether it arrived, and what a person must know. */
final class HttpFaults {
  private static final Pattern STATUS =
      Pattern.compile("[Ss]tatus code: ?(\\d{3})|statusCode=(\\d{3})");

  /** What the SDK says when a body or an event is larger than the limit it was given. */
  private static final String OVERSIZE = "exceeds the maximum allowed size of";

  private static final int TOO_MANY_REQUESTS = 429;

  private HttpFaults() {}

  /** Whether nobody was there to take the request. */
  static boolean unreachable(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof ConnectException
          || e instanceof HttpConnectTimeoutException
          || e instanceof UnknownHostException
          || e instanceof UnresolvedAddressException
          || e instanceof SSLHandshakeException) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is certain that no tool saw the request. */
  static boolean neverArrived(Throwable error) {
    int status = status(error);
    return unreachable(error)
        || refusal(error) != null
        || error instanceof McpTransportSessionNotFoundException
        || error instanceof McpHttpClientTransportAuthorizationException
        || (status >= 400 && status < 500);
  }

  private static @Nullable OAuthException refusal(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof OAuthException refusal) {
        return refusal;
      }
    }
    return null;
  }

  static ToolException failure(String subject, Ticket ticket, Throwable error) {
    String about = subject + ": " + ticket.what() + ": ";
    OAuthException refusal = refusal(error);
    if (refusal != null) {
      String message = String.valueOf(refusal.getMessage());
      return refusal.isLoginNeeded()
          ? Failures.loginNeeded(message, refusal.details())
          : Failures.unavailable(message, refusal.details());
    }
    if (error instanceof McpHttpClientTransportAuthorizationException refused) {
      return Failures.unavailable(
          about
              + "refused with HTTP status "
              + refused.getResponseInfo().statusCode()
              + "; check the headers of its entry");
    }
    if (status(error) == TOO_MANY_REQUESTS) {
      return Failures.of(
          ErrorKind.RATE_LIMITED, about + "asked to slow down (HTTP 429)", List.of(), false);
    }
    if (String.valueOf(error.getMessage()).contains(OVERSIZE)) {
      return Failures.unusable(about + error.getMessage(), List.of());
    }
    return ticket.sent()
        ? Failures.lost(about + words(error) + Failures.DOUBT, List.of())
        : Failures.unavailable(about + words(error));
  }

  /** An error in words: Java's own are often without a message. */
  static String words(Throwable error) {
    if (unreachable(error)) {
      return "cannot be reached";
    }
    if (error instanceof McpTransportSessionNotFoundException) {
      return "the server no longer knows the session";
    }
    int status = status(error);
    if (status > 0) {
      return "HTTP status " + status;
    }
    String message = error.getMessage();
    return message == null ? error.getClass().getSimpleName() : message;
  }

  private static int status(Throwable error) {
    Matcher matcher = STATUS.matcher(String.valueOf(error.getMessage()));
    if (!matcher.find()) {
      return 0;
    }
    return Integer.parseInt(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
  }
}
