package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.run.StepError;
import java.util.List;

/** Every way a server or a call fails here; each says whether the call may have been executed. */
final class Failures {
  /** Ends the message of a call that was sent and whose answer is lost. */
  static final String DOUBT = "; the call may have taken effect";

  private Failures() {}

  /** The server is not there, or the call was never handed to it. */
  static ToolException unavailable(String message) {
    return of(ErrorKind.UNAVAILABLE, message, List.of(), false);
  }

  static ToolException unavailable(String message, List<String> details) {
    return of(ErrorKind.UNAVAILABLE, message, details, false);
  }

  /** The call was sent, and the server went away before it answered: in doubt. */
  static ToolException lost(String message, List<String> details) {
    return of(ErrorKind.UNAVAILABLE, message, details, true);
  }

  /** No answer in time: in doubt when the call was sent. */
  static ToolException timeout(String message, List<String> details, boolean sent) {
    return of(ErrorKind.TIMEOUT, message, details, sent);
  }

  /** The answer came and cannot be used, as it is too large, too deep or no MCP answer. */
  static ToolException unusable(String message) {
    return of(ErrorKind.INVALID_OUTPUT, message, List.of(), true);
  }

  /** The same of a request that changes nothing, whether it arrived or not. */
  static ToolException harmless(ToolException e) {
    return of(e.error().kind(), e.error().message().replace(DOUBT, ""), e.error().details(), false);
  }

  /** A trust decision forbids the call. */
  static ToolException forbidden(String message, List<String> details) {
    return of(ErrorKind.FORBIDDEN, message, details, false);
  }

  /** The same, told of a server by another of its names. */
  static ToolException renamed(ToolException e, String from, String to) {
    String subject = "server '" + from + "'";
    String message = e.error().message();
    return from.equals(to) || !message.startsWith(subject)
        ? e
        : of(
            e.error().kind(),
            "server '" + to + "'" + message.substring(subject.length()),
            e.error().details(),
            e.possiblyExecuted());
  }

  static ToolException of(
      ErrorKind kind, String message, List<String> details, boolean possiblyExecuted) {
    return new ToolException(new StepError(kind, message, details), possiblyExecuted);
  }
}
