package dev.workflow.yaml;

import dev.workflow.definition.Place;
import dev.workflow.definition.ProblemText;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents.Reading;
import dev.workflow.schema.JsonSchemas;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads workflows from texts of tests. */
final class Yaml {

  static final JsonSchemas VALIDATOR = new JsonSchemas();
  static final YamlDocuments DOCUMENTS = new YamlDocuments(VALIDATOR);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Yaml() {}

  static Reading read(String text) {
    return DOCUMENTS.workflow("w.yaml", text);
  }

  /** A workflow without problems. */
  static Workflow sound(String text) {
    Reading reading = read(text);
    Workflow workflow = reading.workflow();
    if (workflow == null || !reading.problems().isEmpty()) {
      throw new AssertionError(ProblemText.of(reading.problems()));
    }
    return workflow;
  }

  static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  /** {@code line:column} and what stands there. */
  static String at(Place place) {
    String rest = place.text().substring(Math.min(place.text().length(), place.column() - 1));
    return place.line() + ":" + place.column() + " " + rest;
  }
}
