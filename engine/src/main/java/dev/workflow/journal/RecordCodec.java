package dev.workflow.journal;

import dev.workflow.run.EventJson;
import dev.workflow.run.Recorded;
import java.time.Instant;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/**
 * The bytes of the events of one run, in order: version of the shape, epoch, nanoseconds since the
 * event before, event. The first event of an epoch counts from 1970, so that a new writer need not
 * know the time of the last event.
 */
final class RecordCodec {
  private long epoch;
  private long time;

  /**
   * The bytes of the next event.
   *
   * @throws IllegalArgumentException when a value is no JSON, or the time is after the year 2262
   */
  Octets write(Recorded recorded, int blobBytes, Function<byte[], Octets> blobs) {
    long nanos = nanos(recorded.time());
    long before = recorded.epoch() == epoch ? time : 0;
    byte[] bytes =
        new CompactWriter(blobBytes, blobs)
            .count(EventJson.SCHEMA_VERSION)
            .count(recorded.epoch())
            .whole(nanos - before)
            .value(EventJson.write(recorded.event()))
            .toBytes();
    epoch = recorded.epoch();
    time = nanos;
    return new Octets(bytes);
  }

  /**
   * The next event. Its value is only looked at when asked for.
   *
   * @throws IllegalArgumentException when the bytes are no such record
   */
  Supplier<Recorded> read(long seq, Octets bytes, Function<Octets, JsonNode> blobs) {
    CompactReader reader = new CompactReader(bytes.bytes(), blobs);
    int version = Math.toIntExact(reader.count());
    long writer = reader.count();
    time = reader.whole() + (writer == epoch ? time : 0);
    epoch = writer;
    Instant at = instant(time);
    return () -> new Recorded(seq, at, writer, EventJson.readEvent(reader.lastValue(), version));
  }

  /** Nanoseconds since 1970. */
  static long nanos(Instant time) {
    try {
      return Math.addExact(
          Math.multiplyExact(time.getEpochSecond(), 1_000_000_000L), time.getNano());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("expected a time before the year 2262, found " + time, e);
    }
  }

  static Instant instant(long nanos) {
    return Instant.ofEpochSecond(0, nanos);
  }
}
