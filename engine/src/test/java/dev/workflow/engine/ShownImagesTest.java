package dev.workflow.engine;

import static dev.workflow.engine.ConversationWorld.calling;
import static dev.workflow.engine.ConversationWorld.json;
import static dev.workflow.engine.ConversationWorld.wanted;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models.Image;
import dev.workflow.engine.Models.Message;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

@Execution(ExecutionMode.CONCURRENT)
class ShownImagesTest {
  private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
  private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0};
  private static final byte[] GIF = {'G', 'I', 'F', '8', '9', 'a'};
  private static final byte[] WEBP = {'R', 'I', 'F', 'F', 1, 2, 3, 4, 'W', 'E', 'B', 'P'};

  private static ConversationWorld world(boolean seeing) {
    return new ConversationWorld()
        .models(new ModelRef("openai", "gpt-5", null, null, null, null, seeing))
        .tool("travel", "look");
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** A picture that begins as its kind does, in so many bytes; {@code mark} tells it apart. */
  private static String picture(byte[] kind, int bytes, int mark) {
    byte[] picture = Arrays.copyOf(kind, Math.max(kind.length, bytes));
    if (bytes > kind.length) {
      picture[bytes - 1] = (byte) mark;
    }
    return base64(picture);
  }

  private static JsonNode blocks(String... data) {
    ArrayNode blocks = JsonNodeFactory.instance.arrayNode();
    for (String one : data) {
      blocks.addObject().put("type", "image").put("data", one).put("mimeType", "image/png");
    }
    return blocks;
  }

  /** A turn for each result, and what of it the next request shows. */
  private static List<List<Image>> shown(JsonNode... results) {
    ConversationWorld world = world(true);
    for (int i = 0; i < results.length; i++) {
      world.replies(calling(wanted("c" + i, "look", "{}")));
      world.result("c" + i, "look", results[i]);
    }
    return images(world);
  }

  private static List<List<Image>> images(ConversationWorld world) {
    List<List<Image>> images = new ArrayList<>();
    for (Message message : world.request().messages()) {
      if (message instanceof Message.ToolOutput output) {
        images.add(output.images());
      }
    }
    return images;
  }

  @Test
  void aModelThatSeesImagesIsShownThemBesideTheNote() {
    String data = base64(PNG);
    for (boolean seeing : List.of(true, false)) {
      ConversationWorld world = world(seeing);
      world.replies(calling(wanted("a", "look", "{}"), wanted("b", "look", "{}")));
      world.result("a", "look", blocks(data));
      world.result("b", "look", json("{'n':1}"), blocks(data));

      Message.ToolOutput alone = (Message.ToolOutput) world.request().messages().get(2);
      assertThat(alone.text()).contains("{\"bytes\":8,\"sha256\":").doesNotContain(data);
      List<Image> expected = seeing ? List.of(new Image("image/png", data)) : List.of();
      assertThat(images(world)).containsExactly(expected, expected);
    }
  }

  @Test
  void anImageInTheValueAndInItsBlocksIsShownOnce() {
    ConversationWorld world = world(true);
    world.replies(calling(wanted("a", "look", "{}")));
    JsonNode blocks = blocks(base64(PNG), base64(GIF));
    world.result(
        "a", "look", JsonNodeFactory.instance.objectNode().set("first", blocks.get(0)), blocks);

    assertThat(images(world))
        .containsExactly(
            List.of(new Image("image/png", base64(PNG)), new Image("image/gif", base64(GIF))));
  }

  @Test
  void whatAnImageIsIsToldByItsFirstBytes() {
    String svg = base64("<svg xmlns='http://www.w3.org/2000/svg'/>".getBytes(US_ASCII));
    JsonNode blob = json("{'uri':'x:y','blob':'" + base64(PNG) + "','mimeType':'text/plain'}");

    assertThat(shown(blocks(base64(JPEG), svg, base64(WEBP), base64(GIF), "", "AAAA"), blob))
        .containsExactly(
            List.of(
                new Image("image/jpeg", base64(JPEG)),
                new Image("image/webp", base64(WEBP)),
                new Image("image/gif", base64(GIF))),
            List.of(new Image("image/png", base64(PNG))));
  }

  @Test
  void anImageOverFiveMebibytesInBase64IsLeftToItsNote() {
    String most = picture(PNG, 5 * 1024 * 1024 / 4 * 3, 1);
    String more = picture(PNG, 5 * 1024 * 1024 / 4 * 3 + 1, 2);
    assertThat(most).hasSize(5 * 1024 * 1024);

    assertThat(shown(blocks(more, most))).containsExactly(List.of(new Image("image/png", most)));
  }

  @Test
  void theNewestTenImagesAreShown() {
    JsonNode[] turns = new JsonNode[4];
    for (int turn = 0; turn < turns.length; turn++) {
      turns[turn] =
          blocks(
              picture(PNG, 20, 10 * turn),
              picture(PNG, 20, 10 * turn + 1),
              picture(PNG, 20, 10 * turn + 2));
    }

    assertThat(shown(turns)).extracting(List::size).containsExactly(1, 3, 3, 3);
  }

  @Test
  void theImagesOfARequestTakeTwentyMebibytes() {
    JsonNode[] turns = new JsonNode[6];
    for (int turn = 0; turn < turns.length; turn++) {
      turns[turn] = blocks(picture(PNG, 3 * 1024 * 1024, turn));
    }
    turns[2] = blocks(picture(PNG, 3 * 1024 * 1024 + 3, 2));
    turns[0] = blocks(base64(PNG));
    assertThat(shown(turns)).extracting(List::size).containsExactly(1, 0, 1, 1, 1, 1);
  }
}
