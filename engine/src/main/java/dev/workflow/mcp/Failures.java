package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import dev.workflow.engine.Tools.ToolException;
import dev.workflow.run.StepError;
import java.util.ArrayList;
import java.util.List;

/** Every way a server or a call fails here; each says whether the call may have been executed. */
final class Failures {
  /** Ends the message of a call that was sent and whose answer is lost. */
  static final String DOUBT = "; the call may have taken effect";

  /** Ends the message of a call that never left. */
  static final String UNSENT = ", which was not sent";

  /** A server chooses the words of its errors: what is longer than this tells nobody more. */
  static final int MESSAGE_CHARS = 2_000;

  /** Of all details together. */
  static final int DETAIL_CHARS = 65_536;

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
  static ToolException unusable(String message, List<String> details) {
    return of(ErrorKind.INVALID_OUTPUT, message, details, true);
  }

  /** The same of a request that changes nothing, whether it arrived or not. */
  static ToolException harmless(ToolException e) {
    String message = e.error().message().replace(DOUBT, "").replace(UNSENT, "");
    return of(e.error().kind(), message, e.error().details(), false);
  }

  /** A person has to log in first; the server refused what was sent. */
  static ToolException loginNeeded(String message, List<String> details) {
    return of(ErrorKind.LOGIN_NEEDED, message, details, false);
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

  /** The same with one more line. */
  static ToolException withDetail(ToolException e, String detail) {
    List<String> details = new ArrayList<>(e.error().details());
    details.add(detail);
    return of(e.error().kind(), e.error().message(), details, e.possiblyExecuted());
  }

  static ToolException of(
      ErrorKind kind, String message, List<String> details, boolean possiblyExecuted) {
    StepError error = new StepError(kind, cut(message, MESSAGE_CHARS), bounded(details));
    return new ToolException(error, possiblyExecuted);
  }

  private static List<String> bounded(List<String> details) {
    List<String> kept = new ArrayList<>();
    int left = DETAIL_CHARS;
    for (String detail : details) {
      if (left <= 0) {
        kept.add("[...]");
        return kept;
      }
      kept.add(cut(detail, left));
      left -= detail.length();
    }
    return kept;
  }

  /** The beginning of a text, which says so when it is not the whole. */
  static String cut(String text, int chars) {
    if (text.length() <= chars) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(chars - 1)) ? chars - 1 : chars;
    return text.substring(0, end) + " [...]";
  }
}
