package dev.workflow.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Validator;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.EventJson.Line;
import dev.workflow.schema.JsonSchemas;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class EventSchemaTest {
  private static final Validator SCHEMAS = new JsonSchemas();
  private static final JsonNode PUBLISHED = published();
  private static final JsonNode CLOSED = closed();

  @Provide
  Arbitrary<Event> events() {
    return AnyEvent.sound();
  }

  @Property(tries = 1500)
  void everyLineFitsThePublishedSchemaWhichNamesItsEveryField(@ForAll("events") Event event) {
    String run = event instanceof RunStarted started ? started.run() : "r1";
    Recorded recorded = new Recorded(3, Instant.parse("2026-01-31T12:00:00Z"), 1, event);
    JsonNode line = EventJson.write(new Line(run, recorded));
    assertThat(SCHEMAS.validate(PUBLISHED, line)).isEmpty();
    assertThat(SCHEMAS.validate(CLOSED, line)).isEmpty();
  }

  @Test
  void theSchemaItselfIsSound() {
    assertThat(SCHEMAS.checkSchema(PUBLISHED)).isEmpty();
    assertThat(SCHEMAS.checkSchema(CLOSED)).isEmpty();
  }

  @Test
  void theSchemaListsEveryTypeAndNoOther() {
    Set<String> types = new TreeSet<>();
    PUBLISHED.at("/properties/type/enum").forEach(type -> types.add(type.stringValue()));
    assertThat(types).isEqualTo(EventReader.types()).hasSameSizeAs(AnyEvent.kinds());
  }

  @Test
  void theExampleOfTheSchemaIsALine() {
    JsonNode example = PUBLISHED.at("/examples/0");
    assertThat(SCHEMAS.validate(CLOSED, example)).isEmpty();
    assertThat(EventJson.write(EventJson.readLine(example)).toString())
        .isEqualTo(example.toString());
  }

  @Test
  void aLineWithoutItsStepOrWithAStrangeFieldIsNoticed() {
    ObjectNode line = (ObjectNode) PUBLISHED.at("/examples/0").deepCopy();
    line.put("colour", "blue");
    assertThat(SCHEMAS.validate(PUBLISHED, line)).isEmpty();
    assertThat(SCHEMAS.validate(CLOSED, line)).isNotEmpty();
    line.remove("step");
    assertThat(SCHEMAS.validate(PUBLISHED, line)).isNotEmpty();
  }

  @Test
  void everyFieldIsDescribed() {
    assertThat(undescribed("", PUBLISHED, new TreeSet<>())).isEmpty();
  }

  private static Set<String> undescribed(String where, JsonNode node, Set<String> found) {
    for (var property : node.path("properties").properties()) {
      if (!property.getValue().has("description")) {
        found.add(where + "." + property.getKey());
      }
    }
    node.properties().forEach(e -> undescribed(where + "." + e.getKey(), e.getValue(), found));
    return found;
  }

  private static JsonNode published() {
    try (InputStream in =
        EventJson.class.getResourceAsStream("/dev/workflow/schema/event.schema.json")) {
      return new JsonMapper().readTree(Objects.requireNonNull(in, "event.schema.json"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The published schema, with every field forbidden that it does not name. */
  private static JsonNode closed() {
    ObjectNode schema = (ObjectNode) PUBLISHED.deepCopy();
    close(schema.get("$defs"));
    return schema.put("$id", "urn:closed").put("unevaluatedProperties", false);
  }

  private static void close(JsonNode node) {
    if (node instanceof ObjectNode object
        && object.has("properties")
        && object.has("required")
        && object.path("type").isString()) {
      object.put("additionalProperties", false);
    }
    node.forEach(EventSchemaTest::close);
  }
}
