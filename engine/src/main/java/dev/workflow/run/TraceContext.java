package dev.workflow.run;

/**
 * The ids under which a call is known beyond the run, in the words of the W3C's Trace Context: the
 * run is the trace, each attempt at a call a span. They follow from the run alone, so a call that a
 * crash cut off and that is made again is the same span.
 */
public final class TraceContext {
  private static final int TRACE_BYTES = 16;
  private static final int SPAN_BYTES = 8;

  private TraceContext() {}

  /** 32 hexadecimal digits. */
  public static String traceId(String run) {
    return CallKey.digest("trace\n" + run, TRACE_BYTES);
  }

  /**
   * 16 hexadecimal digits.
   *
   * @param key of the call, see {@link CallKey}
   */
  public static String spanId(String key, int attempt) {
    return CallKey.digest("span\n" + key + "\n" + attempt, SPAN_BYTES);
  }

  /** What a {@code traceparent} says: version 00, and that the call is recorded. */
  public static String traceparent(String run, String key, int attempt) {
    return "00-" + traceId(run) + "-" + spanId(key, attempt) + "-01";
  }
}
