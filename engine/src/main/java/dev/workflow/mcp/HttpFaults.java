package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.mcp.oauth.OAuthException;
import dev.workflow.mcp.remote.Refused;
import dev.workflow.mcp.remote.Unreadable;
import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.ConnectTimeoutException;

/** What the errors of HTTP say about a request: whether it arrived, and what a person must know. */
final class HttpFaults {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final Set<Integer> NOT_ALLOWED = Set.of(401, 403);

  private HttpFaults() {}

  /** Whether nobody was there to take the request. */
  static boolean unreachable(Throwable error) {
    for (Throwable e = error; e != null; e = e.getCause()) {
      if (e instanceof ConnectException
          || e instanceof NoRouteToHostException
          || e instanceof ConnectTimeoutException
          || (e instanceof UnknownHostException && !(e instanceof Refused))) {
        return true;
      }
    }
    return false;
  }

  /**
   * What became of a request that failed in this way.
   *
   * @param taken whether the server had answered that it took it
   */
  static ToolException failure(String subject, Ticket ticket, Throwable error, boolean taken) {
    if (error instanceof ToolException known) {
      return known;
    }
    if (error instanceof Unreadable unreadable) {
      String message = subject + "'s answer to " + ticket.what() + " " + unreadable.getMessage();
      return Failures.unusable(message, List.of());
    }
    String message = subject + ": " + ticket.what() + ": " + words(error);
    if (error instanceof HttpRefusal refusal && refusal.isOfRequest() && !taken) {
      ErrorKind kind =
          refusal.status() == TOO_MANY_REQUESTS ? ErrorKind.RATE_LIMITED : ErrorKind.UNAVAILABLE;
      return Failures.of(kind, message, details(refusal), false);
    }
    boolean neverArrived = !taken && (error instanceof Refused || unreachable(error));
    return ticket.sent() && !neverArrived
        ? Failures.lost(message + Failures.DOUBT, details(error))
        : Failures.unavailable(message, details(error));
  }

  /** Nobody is let in: the request was not sent, or the server refused it. */
  static ToolException noAccess(OAuthException e) {
    String message = String.valueOf(e.getMessage());
    return e.remedy() == OAuthException.Remedy.LOGIN
        ? Failures.loginNeeded(message, e.details())
        : Failures.unavailable(message, e.details());
  }

  private static List<String> details(Throwable error) {
    List<String> details = new ArrayList<>();
    if (error instanceof HttpRefusal refusal) {
      refusal.said().ifPresent(details::add);
    }
    for (Throwable tried : error.getSuppressed()) {
      details.add("the older transport: " + words(tried));
    }
    return details;
  }

  /** An error in words: Java's own are often without a message. */
  static String words(Throwable error) {
    return switch (error) {
      case HttpRefusal refusal when refusal.status() == TOO_MANY_REQUESTS ->
          "asked to slow down (HTTP 429)";
      case HttpRefusal refusal when NOT_ALLOWED.contains(refusal.status()) ->
          "refused with HTTP status " + refusal.status() + "; " + refusal.advice();
      case HttpRefusal refusal -> "HTTP status " + refusal.status();
      case Refused refused -> "not sent: " + refused.getMessage();
      case SSLException tls -> "no trusted connection: " + reason(tls);
      case EOFException ended -> String.valueOf(ended.getMessage());
      default -> unreachable(error) ? "cannot be reached" : broken(error);
    };
  }

  private static String broken(Throwable error) {
    String message = error.getMessage();
    return "the connection broke: "
        + (message == null ? error.getClass().getSimpleName() : message);
  }

  private static String reason(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
