package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Canonical;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A run whose model is shown what a tool gives. */
class ImagesInCassettesTest {

  /** The first bytes of a PNG. */
  private static final String PICTURE = "iVBORw0KGgo=";

  private static final String WORKFLOW =
      """
      name: look
      models: {eyes: [{model: openai/gpt-5, images: true}]}
      mcp: {camera: {command: camera-server, effects: {shoot: read}}}
      agents: {looker: {model: eyes, servers: [camera], tools: [camera/shoot]}}
      steps:
        seen: {agent: looker, prompt: What is there?}
      outputs: {seen: "${seen}"}
      """;

  private static final String CASES =
      """
      answers:
        - agent: looker
          turns:
            - calls: [{tool: shoot, with: {}}]
            - text: A cat.
      tools:
        camera/shoot:
          returns: [{type: image, data: iVBORw0KGgo=, mimeType: image/png}]
      cases:
        one: {}
      """;

  @TempDir private Path folder;
  private CassetteWorld world = new CassetteWorld(Path.of(""));

  @BeforeEach
  void aWorld() {
    world = new CassetteWorld(folder).file("w.yaml", WORKFLOW);
  }

  @AfterEach
  void noWorld() {
    world.close();
  }

  @Test
  void theImagesOfARequestAreRecordedByTheirDigestsAndShownAgain() {
    JsonNode file = JsonMapper.shared().readTree(world.write(world.recorded(CASES).events()));

    assertThat(file.findValues("images"))
        .contains(JsonMapper.shared().createArrayNode().add(Canonical.hash(PICTURE)));
    assertThat(world.said()).isEmpty();
  }

  @Test
  void aModelThatIsShownNoImagesAnyMoreIsAskedAnotherThing() {
    world.write(world.recorded(CASES).events());
    world.file("w.yaml", WORKFLOW.replace(", images: true", ""));

    assertThat(world.said()).contains("model.images: recorded true, asked nothing");
  }
}
