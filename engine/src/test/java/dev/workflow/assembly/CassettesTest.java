package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.cassette.Recording.NoCassetteException;
import dev.workflow.definition.ProblemText;
import dev.workflow.run.Event;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/** What was recorded is replayed equal, and what is not as it was recorded is told. */
class CassettesTest {

  /** All that can be asked: tools alone and by agents, side by side, in elements and elsewhere. */
  private static final String EVERYTHING =
      """
      name: trip
      inputs: {places: [string]}
      models: {default: [openai/gpt-5]}
      mcp:
        booking: {command: booking-server, effects: {find: read, look: read}}
      agents:
        guide: {instructions: You know the place., servers: [booking], tools: [booking/look]}
      steps:
        rooms:
          each: place in places
          tool: booking/find
          with: {place: "${place}", for: "${run.id}"}
          retry: {max: 1, on: [unavailable]}
        sights:
          agent: guide
          prompt: |
            What is there to see?
            Look at {places}, please, and begin at {run.started}.
          output: {sights: [string]}
        later: {wait: 10m, needs: [sights]}
        other: {workflow: other.yaml, with: {place: "${places[0]}"}, needs: [later]}
        agree: {ask: "Book {rooms[0].id}?", form: {nights: integer}}
        book:
          tool: booking/reserve
          with: {room: "${rooms[0].id}", nights: "${agree.nights}", key: "${call.key}"}
          needs: [other]
      outputs: {ref: "${book.ref}", sights: "${sights.sights}", other: "${other.text}"}
      """;

  private static final String OTHER =
      """
      name: other
      inputs: {place: string}
      models: {default: [openai/gpt-5]}
      agents: {poet: {instructions: You write., model: default}}
      steps:
        poem: {agent: poet, prompt: "A poem about {place}"}
      outputs: {text: "${poem}"}
      """;

  private static final String CASES =
      """
      answers:
        - agent: guide
          turns:
            - calls:
                - {tool: look, with: {at: beach}}
                - {tool: look, with: {at: falls}}
            - text: 'Here you are: {"sights": ["beach", "falls"]}'
        - {agent: poet, text: "O Raglan"}
      tools:
        booking/find:
          answers:
            - {when: "number == 2", fails: {kind: unavailable, message: Busy}}
            - returns: {id: "room in ${args.place}"}
        booking/look:
          answers:
            - {when: "args.at == 'beach'", delay: 3s, returns: Sand}
            - returns: Water
        booking/reserve: {returns: {ref: R1}}
      cases:
        all goes well:
          inputs: {places: [Raglan, Kawhia]}
          people: {agree: {nights: 2}}
      """;

  @TempDir private Path folder;
  private CassetteWorld world = new CassetteWorld(Path.of(""));

  @BeforeEach
  void aWorld() {
    world = new CassetteWorld(folder).file("w.yaml", EVERYTHING).file("other.yaml", OTHER);
  }

  @AfterEach
  void noWorld() {
    world.close();
  }

  private List<Recorded> everything() {
    return world.recorded(CASES).events();
  }

  private void changed(String from, String to) {
    assertThat(EVERYTHING).contains(from);
    world.file("w.yaml", EVERYTHING.replace(from, to));
  }

  @Test
  void aRecordedRunIsReplayedEqual() {
    CaseRun.Ended run = world.recorded(CASES);
    world.write(run.events());
    assertThat(world.said()).isEmpty();
    RunState replayed = Objects.requireNonNull(world.replayed().run());
    assertThat(CassetteWorld.result(replayed))
        .isEqualTo(CassetteWorld.result(Objects.requireNonNull(run.run())));
    assertThat(replayed.start().simulated()).isTrue();
  }

  @Test
  void aCassetteIsByteStable() {
    String text = world.write(everything());
    assertThat(world.write(everything())).isEqualTo(text);
    assertThat(text).doesNotContain("\r").endsWith("}\n");
  }

  @Test
  void aChangedPromptIsToldWithItsLine() {
    world.write(everything());
    changed("Look at {places}, please,", "Look at {places}, kindly,");
    assertThat(world.said())
        .startsWith(
            """
            sights: Call sights#1 is not as it was recorded
              messages[0].user differs from line 2, column 30 on:
                recorded: Look at ["Raglan","Kawhia"], please, and begin at 2026-01-01T00:00:00Z.
                asked:    Look at ["Raglan","Kawhia"], kindly, and begin at 2026-01-01T00:00:00Z.
            """)
        .contains("status: recorded succeeded, found failed")
        .endsWith("unused: [sights#2, sights#3, sights#4, other/poem#1, book#1]\n");
    assertThat(Objects.requireNonNull(world.replayed().run()).step("sights").status().word())
        .isEqualTo("failed");
  }

  @Test
  void changedInstructionsToolsAndSchemasAreTold() {
    world.write(everything());
    changed("output: {sights: [string]}", "output: {sights: [string], why?: string}");
    assertThat(world.said()).contains("output.properties.why: recorded nothing, asked {\"type\"");
    changed("You know the place.", "You know it.");
    assertThat(world.said()).contains("sights: Call sights#1", "system differs from line");
    changed("tools: [booking/look]", "tools: [booking/look, booking/find]");
    assertThat(world.said()).contains("tools.find: recorded nothing, asked \"");
  }

  @Test
  void aChangedArgumentIsTold() {
    world.write(everything());
    changed("nights: \"${agree.nights}\"", "nights: \"${agree.nights + 1}\"");
    assertThat(world.said())
        .startsWith(
            """
            book: Call book#1 is not as it was recorded
              arguments.nights: recorded 2, asked 3
            """);
  }

  @Test
  void aRenamedStepIsToldWithTheNearestCall() {
    world.write(everything());
    world.file(
        "w.yaml", EVERYTHING.replace("book:\n", "reserve:\n").replace("book.ref", "reserve.ref"));
    assertThat(world.said())
        .startsWith("reserve: Call reserve#1 was not recorded; the nearest that was is book#1\n")
        .contains("  call: recorded book#1, asked reserve#1\n", "unused: [book#1]");
  }

  @Test
  void theOrderOfIndependentStepsMakesNoDifference() {
    world.write(everything());
    int sights = EVERYTHING.indexOf("  sights:");
    int later = EVERYTHING.indexOf("  later:");
    int rooms = EVERYTHING.indexOf("  rooms:");
    world.file(
        "w.yaml",
        EVERYTHING.substring(0, rooms)
            + EVERYTHING.substring(sights, later)
            + EVERYTHING.substring(rooms, sights)
            + EVERYTHING.substring(later));
    assertThat(world.said()).isEmpty();
  }

  @Test
  void anotherQuestionIsNotAnswered() {
    world.write(everything());
    changed("Book {rooms[0].id}?", "Really book {rooms[0].id}?");
    assertThat(world.said())
        .startsWith(
            """
            agree: The question of agree is not as it was recorded
              text: recorded "Book room in Raglan?", asked "Really book room in Raglan?"
            """)
        .contains("status: recorded succeeded, found waiting");
  }

  @Test
  void otherOutputsAreTold() {
    world.write(everything());
    changed("outputs: {ref: \"${book.ref}\"", "outputs: {ref: \"${book.ref}!\"");
    assertThat(world.said())
        .isEqualTo(
            """
            : The outputs are not those that were recorded
              ref: recorded "R1", asked "R1!"
            """);
  }

  @Test
  void aCaseWithACassetteExpectsWhatWasRecorded() {
    world.write(everything());
    assertThat(world.tested("cases: {as recorded: {cassette: w.json}}")).isEmpty();
    assertThat(
            world.tested(
                """
                cases:
                  with a mock:
                    cassette: w.json
                    tools: {booking/reserve: {returns: {ref: R2}}}
                """))
        .contains("Expected the outputs that were recorded", "ref: recorded \"R1\"");
    assertThat(
            world.tested(
                """
                cases:
                  with a mock:
                    cassette: w.json
                    tools: {booking/reserve: {returns: {ref: R2}}}
                    expect: {outputs: {ref: R2}}
                """))
        .isEmpty();
    assertThat(world.tested("cases: {no: {cassette: w.json, answers: a.yaml}}"))
        .contains("answers");
    assertThat(world.tested("cases: {none: {cassette: none.json}}"))
        .contains("There is no cassette here.");
  }

  @Test
  void aRunThatWasCutOffAtAnyCallGivesTheSameCassette() {
    List<Recorded> whole = everything();
    String text = world.write(whole);
    int cuts = 0;
    for (int i = 0; i < whole.size(); i++) {
      Event event = whole.get(i).event();
      boolean readOnly =
          event instanceof Event.ModelCalled
              || (event instanceof Event.ToolCalled call && call.effect().repeatable());
      if (readOnly && isAlone(whole, i)) {
        assertThat(world.write(Cut.again(whole, i))).isEqualTo(text);
        cuts++;
      }
    }
    assertThat(cuts).isGreaterThanOrEqualTo(3);
  }

  /** Whether no other call is under way. */
  private static boolean isAlone(List<Recorded> events, int at) {
    int open = 0;
    for (Recorded recorded : events.subList(0, at)) {
      open += Cut.isCall(recorded.event()) ? 1 : 0;
      open -= Cut.isAnswer(recorded.event()) ? 1 : 0;
    }
    return open == 0;
  }

  @Test
  void aLostCallThatAPersonHasDecidedAboutIsInDoubtAgain() {
    List<Recorded> whole = everything();
    JsonNode output = JsonNodeFactory.instance.objectNode().put("ref", "R7");
    String cassette = world.write(Cut.decided(whole, "book#1", output));
    assertThat(cassette).contains("The engine ended before the answer", "\"kind\": \"in_doubt\"");
    assertThat(world.said())
        .isEqualTo(
            """
            : The outputs are not those that were recorded
              ref: recorded "R1", asked "R7"
            """);
  }

  @Test
  void whatNoReplayCouldDoIsNotRecorded() {
    List<Recorded> whole = everything();
    List<Recorded> cut = whole.subList(0, whole.size() - 3);
    assertThatThrownBy(() -> world.cassette(cut))
        .isInstanceOf(NoCassetteException.class)
        .hasMessage(
            "Expected a run that has ended or waits, found one that was cut off. Go on with it"
                + " first: workflow resume case");
    List<Recorded> cancelled = new ArrayList<>(cut);
    cancelled.add(
        new Recorded(
            cut.size() + 1, whole.getLast().time(), 1, new Event.CancelRequested("no", false)));
    assertThatThrownBy(() -> world.cassette(cancelled))
        .isInstanceOf(NoCassetteException.class)
        .hasMessageContaining("it was cancelled from outside");
  }

  @Test
  void secretsAreNotInACassetteInWhateverWritingTheyStand() {
    String secret = "s3cr3t/\"Key\"+42";
    String coded =
        Base64.getEncoder().encodeToString(("user:" + secret).getBytes(StandardCharsets.UTF_8));
    String quoted = JsonNodeFactory.instance.stringNode(secret).toString();
    world.file("w.yaml", EVERYTHING);
    List<Recorded> events =
        world
            .recorded(
                CASES.replace(
                    "{ref: R1}",
                    "{ref: R1, key: %s, basic: %s, url: %s}"
                        .formatted(quoted, coded, "http://x?k=s3cr3t%2F%22Key%22%2B42")))
            .events();
    assertThat(world.write(events)).contains("s3cr3t");
    String text = world.write(events, secret);
    assertThat(text).contains("[secret]").doesNotContain("s3cr3t", coded.substring(8));
    for (String word : text.split("[^A-Za-z0-9+/=]+", -1)) {
      assertThat(decoded(word)).doesNotContain("s3cr3t");
    }
  }

  private static String decoded(String word) {
    try {
      return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException noBase64) {
      return "";
    }
  }

  @Test
  void aFileThatIsNoCassetteOfThisVersionIsToldAndNothingIsStarted() throws IOException {
    String text = world.write(everything());
    String way =
        "Record it anew: workflow run FILE --record CASSETTE. A cassette is written by the engine"
            + " alone.";
    assertThat(problems(text.substring(0, text.length() / 2)))
        .contains("w.json", "Expected JSON, found: ", "(line ", "[cassette-unreadable]", way);
    assertThat(problems(text.replace("\"cassette\": 1,", "\"cassette\": 2,")))
        .contains("Expected a cassette of version 1, found one of version 2. [cassette-version]");
    assertThat(problems(text.replace("\"answer\":", "\"anwser\":"))).contains("It is damaged: ");
    for (String previous :
        new String[] {"{}", "{\"started\": \"noon\", \"outputs\": {}}", "{\"outputs\": {}}"}) {
      assertThat(
              problems(text.replace("\"status\":", "\"previous\": " + previous + ", \"status\":")))
          .contains("It is damaged: ");
    }
    assertThat(problems(text.replace("\"after\":", "\"afterwards\":")).split("It is damaged: ", -1))
        .hasSize(1 + 5);
    assertThat(problems(text.replace("sights#2", "sights#1")))
        .contains("It is damaged: two calls are sights#1.");
    try (RandomAccessFile file = new RandomAccessFile(world.path("w.json").toFile(), "rw")) {
      file.setLength((64L << 20) + 1);
    }
    assertThat(ProblemText.of(world.read().problems()))
        .contains("Expected at most 67108864 bytes, found 67108865.");
    Files.delete(world.path("w.json"));
    assertThat(ProblemText.of(world.read().problems())).contains("There is no cassette here.");
    world.write(everything());
    changed("name: trip", "name: journey");
    assertThat(world.said())
        .contains(
            "Expected the workflow trip, which the cassette was recorded of; found journey."
                + " [cassette-workflow]");
  }

  private String problems(String text) {
    world.file("w.json", text);
    return ProblemText.of(world.read().problems());
  }

  @Test
  void whatFollowsInAConversationIsWrittenOnce() {
    JsonNode file = JsonMapper.shared().readTree(world.write(everything()));
    JsonNode last = file.at("/calls").valueStream().filter(CassettesTest::isLast).findFirst().get();
    assertThat(last.at("/model/kept").asInt()).isEqualTo(1);
    assertThat(last.path("model").has("system")).isFalse();
    assertThat(last.at("/model/messages")).hasSize(3);
  }

  private static boolean isLast(JsonNode call) {
    return call.path("call").asString().equals("sights#4");
  }
}
