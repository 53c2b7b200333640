package dev.workflow.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.run.AnyEvent;
import dev.workflow.run.Event;
import dev.workflow.run.Event.StepPrepared;
import dev.workflow.run.Event.StepStarted;
import dev.workflow.run.Event.StepSucceeded;
import dev.workflow.run.EventJson;
import dev.workflow.run.Prepared;
import dev.workflow.run.StepPath;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

class CompactFormTest {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private final Map<Octets, byte[]> blobs = new HashMap<>();

  @Provide
  Arbitrary<JsonNode> values() {
    Arbitrary<JsonNode> numbers =
        Arbitraries.of(
            JSON.numberNode((short) 7),
            JSON.numberNode(1.5f),
            JSON.numberNode(Double.NaN),
            JSON.numberNode(63),
            JSON.numberNode(64),
            JSON.numberNode(-1),
            JSON.numberNode(1L),
            JSON.binaryNode(new byte[] {1, 2, 3}),
            JSON.stringNode("0123456789abcdef".repeat(4)),
            JSON.stringNode("0123456789ABCDEF".repeat(4)),
            JSON.stringNode("x".repeat(200)));
    return Arbitraries.oneOf(AnyEvent.json(), numbers);
  }

  @Property(tries = 3000)
  void everyValueComesBackWithTheTypesOfItsNumbers(@ForAll("values") JsonNode value) {
    JsonNode back = read(write(value, Integer.MAX_VALUE));
    assertThat(back).isEqualTo(value);
    assertThat(types(back)).isEqualTo(types(value));
  }

  @Property(tries = 1000)
  void everyValueComesBackWhenItsPartsAreBlobs(@ForAll("values") JsonNode value) {
    assertThat(types(read(write(value, 40)))).isEqualTo(types(value));
  }

  @Property(tries = 5000)
  void strangeBytesAreAnErrorAndNothingWorse(@ForAll byte[] bytes) {
    try {
      assertThat(read(bytes)).isNotNull();
    } catch (IllegalArgumentException expected) {
      assertThat(expected).hasMessageMatching("(?s).+");
    }
  }

  @Test
  void equalValuesAreOneBlob() {
    JsonNode big = JSON.stringNode("x".repeat(100));
    byte[] bytes = write(JSON.arrayNode().add(big).add(big).add(1), 90);
    assertThat(blobs).hasSize(1);
    assertThat(bytes.length).isLessThan(80);
    assertThat(read(bytes).get(1)).isEqualTo(big);
  }

  @Test
  void valuesNestedTooDeeplyAreRefused() {
    ArrayNode deep = JSON.arrayNode();
    for (int i = 0; i < 1_000; i++) {
      deep = JSON.arrayNode().add(deep);
    }
    JsonNode tooDeep = JSON.arrayNode().add(deep);
    assertThat(read(write(deep, Integer.MAX_VALUE))).isEqualTo(deep);
    assertThatThrownBy(() -> write(tooDeep, Integer.MAX_VALUE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected at most 1000 levels of nesting, found more");
  }

  @Test
  void whatIsNoJsonIsRefused() {
    assertThatThrownBy(() -> write(JSON.pojoNode(new Object()), 64))
        .hasMessage("expected a JSON value, found POJO");
    assertThatThrownBy(() -> write(JSON.missingNode(), 64))
        .hasMessage("expected a JSON value, found MISSING");
  }

  /** These bytes are on people's disks: what they mean never changes. */
  @Test
  void theBytesOfEventsAreThoseOfVersionOne() {
    StepPath step = StepPath.of("a");
    assertBytes(new StepStarted(step, 1), "233dc33e81613f41");
    assertBytes(
        new StepPrepared(step, new Prepared.Value(JSON.numberNode(70))),
        "233dc23e81614022" + "41df" + "20" + "048c01");
    assertBytes(
        new StepSucceeded(step, JSON.objectNode().put("temp", 1.5).put("text", "warm")),
        "233dd23e816142220084" + "74656d70" + "083ff8000000000000" + "4f84" + "7761726d");
  }

  private void assertBytes(Event event, String hex) {
    byte[] bytes = write(EventJson.write(event), Integer.MAX_VALUE);
    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(hex);
    assertThat(EventJson.readEvent(read(bytes), 1)).isEqualTo(event);
  }

  private byte[] write(JsonNode value, int blobBytes) {
    return new CompactWriter(blobBytes, this::keep).value(value).toBytes();
  }

  private Octets keep(byte[] bytes) {
    Octets hash = Chain.sha256(bytes);
    blobs.put(hash, bytes);
    return hash;
  }

  private JsonNode read(byte[] bytes) {
    return new CompactReader(bytes, this::blob).lastValue();
  }

  private JsonNode blob(Octets hash) {
    byte[] bytes = blobs.get(hash);
    if (bytes == null) {
      throw new IllegalArgumentException("no such blob");
    }
    return read(bytes);
  }

  /** The value with the class of each part. */
  private static String types(JsonNode value) {
    StringBuilder text = new StringBuilder(value.getClass().getSimpleName());
    if (value.isObject()) {
      value.properties().forEach(e -> text.append(e.getKey()).append(types(e.getValue())));
    } else if (value.isArray()) {
      value.forEach(item -> text.append(types(item)));
    } else {
      text.append(value.asString());
    }
    return text.append(';').toString();
  }
}
