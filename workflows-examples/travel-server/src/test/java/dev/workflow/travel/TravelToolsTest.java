package dev.workflow.travel;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.workflow.travel.place.Gazetteer;
import dev.workflow.travel.place.Place;
import dev.workflow.travel.protocol.ToolAnswer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

class TravelToolsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final List<String> DATES =
      List.of("1900-03-01", "2024-02-29", "2027-07-15", "2100-12-31");

  private final TravelTools tools = new TravelTools();
  private final SchemaRegistry registry =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  @Test
  void everyToolSaysWhatItIsWhatItTakesAndWhatItGives() {
    Schema meta =
        schema(JSON.readTree("{\"$ref\":\"https://json-schema.org/draft/2020-12/schema\"}"));
    JsonNode definitions = tools.definitions();
    assertThat(definitions).hasSize(5);
    for (JsonNode tool : definitions) {
      assertThat(tool.path("title").asString()).isNotBlank();
      assertThat(tool.path("description").asString()).hasSizeGreaterThan(80);
      assertThat(tool.at("/annotations/readOnlyHint").asBoolean()).isTrue();
      assertThat(tool.at("/annotations/idempotentHint").asBoolean()).isTrue();
      assertThat(tool.at("/annotations/destructiveHint").asBoolean(true)).isFalse();
      assertThat(tool.at("/annotations/openWorldHint").asBoolean(true)).isFalse();
      for (String side : List.of("inputSchema", "outputSchema")) {
        assertThat(meta.validate(tool.path(side))).as(tool.path("name") + " " + side).isEmpty();
        assertThat(tool.path(side).path("type").asString()).isEqualTo("object");
      }
    }
    assertThat(tools.names())
        .isEqualTo("geocode, weather_forecast, route_planning, tide_data, find_places");
  }

  @Test
  void everyPlaceAnswersEveryToolOnEveryDateAsItsSchemaSays() {
    Map<String, Schema> outputs = new HashMap<>();
    tools
        .definitions()
        .forEach(
            tool -> outputs.put(tool.path("name").asString(), schema(tool.path("outputSchema"))));
    List<Place> places = Gazetteer.shipped().places();
    for (int i = 0; i < places.size(); i++) {
      String place = places.get(i).name();
      String other = places.get((i * 13 + 5) % places.size()).name();
      sound(outputs, "geocode", "{'place':'%s'}".formatted(quoted(place)));
      sound(outputs, "find_places", "{'place':'%s','limit':50}".formatted(quoted(place)));
      sound(
          outputs,
          "route_planning",
          "{'from':'%s','to':'%s'}".formatted(quoted(place), quoted(other)));
      for (String date : DATES) {
        String asked = "{'place':'%s','date':'%s'}".formatted(quoted(place), date);
        sound(outputs, "weather_forecast", asked);
        sound(outputs, "tide_data", asked);
      }
    }
  }

  private void sound(Map<String, Schema> outputs, String tool, String arguments) {
    ToolAnswer.Result result = result(tool, arguments);
    Schema schema = Objects.requireNonNull(outputs.get(tool));
    assertThat(schema.validate(result.structured()))
        .as("%s %s %s", tool, arguments, result.structured())
        .isEmpty();
    assertThat(result.text()).isNotBlank().doesNotContain("NaN").doesNotContain("-0.00");
  }

  @Test
  void theSameQuestionGetsTheSameBytes() {
    for (String tool : List.of("weather_forecast", "tide_data")) {
      String arguments = "{'place':'Raglan','date':'2027-01-15'}";
      String first = result(tool, arguments).toString();
      assertThat(result(tool, arguments).toString()).isEqualTo(first);
      assertThat(new TravelTools().call(tool, object(arguments)).orElseThrow().toString())
          .isEqualTo(first);
    }
  }

  @Test
  void placeAndDateChangeTheAnswer() {
    String raglan = result("tide_data", "{'place':'Raglan','date':'2027-01-15'}").text();
    assertThat(result("tide_data", "{'place':'Raglan','date':'2027-01-16'}").text())
        .isNotEqualTo(raglan);
    assertThat(result("tide_data", "{'place':'Napier','date':'2027-01-15'}").text())
        .isNotEqualTo(raglan);
  }

  @Test
  void weatherSaysThatItIsNoForecast() {
    ToolAnswer.Result result = result("weather_forecast", "{'place':'Raglan','date':'2027-01-15'}");
    assertThat(result.structured().path("kind").asString())
        .isEqualTo("climate normal, not a forecast");
    assertThat(result.text())
        .isEqualTo(
            "Raglan on 2027-01-15: usually 13.4 to 23.9 °C, rain on 26 % of days (2.5 mm a day on"
                + " average), wind 13 km/h. This is a climate normal, not a forecast; nearest station"
                + " Hamilton, 37.9 km.");
  }

  @Test
  void tidesAreToldInTheTimeOfThePlace() {
    ToolAnswer.Result summer = result("tide_data", "{'place':'Raglan','date':'2027-01-15'}");
    ToolAnswer.Result winter = result("tide_data", "{'place':'Raglan','date':'2027-07-15'}");
    assertThat(summer.structured().at("/highs/0/time").asString())
        .startsWith("2027-01-15T")
        .endsWith(":00+13:00");
    assertThat(winter.structured().at("/highs/0/time").asString())
        .startsWith("2027-07-15T")
        .endsWith(":00+12:00");
    assertThat(summer.structured().path("basis").asString()).isEqualTo("interpolated");
  }

  @Test
  void inlandThereIsNoTideButAnAnswer() {
    ToolAnswer.Result hamilton = result("tide_data", "{'place':'Hamilton','date':'2027-01-15'}");
    assertThat(hamilton.structured().path("available").asBoolean(true)).isFalse();
    assertThat(hamilton.structured().path("highs")).isEmpty();
    assertThat(hamilton.text())
        .isEqualTo(
            "No tide data for Hamilton on 2027-01-15: Hamilton is inland; the nearest port is Raglan"
                + " (open coast, Manu Bay), 41.4 km away.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "geocode | {} | geocode: place: expected a text, found nothing",
        "geocode | {'place':7} | geocode: place: expected a text, found 7",
        "geocode | {'place':' '} | geocode: place: expected a text, found \" \"",
        "geocode | {'place':'Ragland'} | geocode: unknown place \"Ragland\": it is none of the 221 places"
            + " here; did you mean Raglan (Waikato, New Zealand)?",
        "geocode | {'place':'Raglan','date':'x'} | geocode: unknown argument \"date\": expected one of place",
        "weather_forecast | {'place':'Raglan'} | weather_forecast: date: expected a calendar date YYYY-MM-DD"
            + " from 1900-01-01 to 2100-12-31, found nothing",
        "tide_data | {'place':'Raglan','date':'2027-02-29'} | tide_data: date: expected a calendar date"
            + " YYYY-MM-DD from 1900-01-01 to 2100-12-31, found \"2027-02-29\"",
        "tide_data | {'place':'Raglan','date':'15/01/2027'} | tide_data: date: expected a calendar date"
            + " YYYY-MM-DD from 1900-01-01 to 2100-12-31, found \"15/01/2027\"",
        "tide_data | {'place':'Raglan','date':'1899-12-31'} | tide_data: date: expected a calendar date"
            + " YYYY-MM-DD from 1900-01-01 to 2100-12-31, found \"1899-12-31\"",
        "route_planning | {'from':'Raglan','to':'Hamilton','mode':'fly'} | route_planning: mode: expected"
            + " one of car, bicycle, walk, found \"fly\"",
        "find_places | {'place':'Raglan','kind':'opera'} | find_places: kind: expected one of beach, walk,"
            + " museum, viewpoint, surf, food, found \"opera\"",
        "find_places | {'place':'Raglan','radius_km':0} | find_places: radius_km: expected a number above 0"
            + " and at most 200, found 0",
        "find_places | {'place':'Raglan','limit':1.5} | find_places: limit: expected a whole number from 1"
            + " to 50, found 1.5"
      })
  void whatCannotBeAnsweredIsSaidClearly(String tool, String arguments, String message) {
    assertThat(tools.call(tool, object(arguments))).contains(new ToolAnswer.Failure(message));
  }

  @Test
  void aToolOfAnotherNameIsNotHere() {
    assertThat(tools.call("book_flight", object("{}"))).isEmpty();
  }

  private ToolAnswer.Result result(String tool, String arguments) {
    ToolAnswer answer = tools.call(tool, object(arguments)).orElseThrow();
    assertThat(answer).as(arguments).isInstanceOf(ToolAnswer.Result.class);
    return (ToolAnswer.Result) answer;
  }

  private static ObjectNode object(String arguments) {
    return (ObjectNode) JSON.readTree(arguments.replace('\'', '"').replace('\u0001', '\''));
  }

  /** An apostrophe in a name is no quotation mark. */
  private static String quoted(String name) {
    return name.replace('\'', '\u0001');
  }

  private Schema schema(JsonNode node) {
    return registry.getSchema(node);
  }
}
