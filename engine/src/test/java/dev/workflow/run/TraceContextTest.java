package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TraceContextTest {

  @Test
  void aTraceparentIsWhatTheSpecificationSays() {
    assertThat(TraceContext.traceparent("261121-6v3p4n", "key", 1))
        .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  @Test
  void callsOfARunShareItsTraceAndEachIsASpan() {
    assertThat(TraceContext.traceparent("r", "key", 1))
        .startsWith("00-" + TraceContext.traceId("r"));
    assertThat(TraceContext.spanId("key", 1))
        .isEqualTo(TraceContext.spanId("key", 1))
        .isNotEqualTo(TraceContext.spanId("key", 2))
        .isNotEqualTo(TraceContext.spanId("other", 1));
    assertThat(TraceContext.traceId("r")).isNotEqualTo(TraceContext.traceId("s"));
  }
}
