package dev.workflow.engine;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models.Image;
import dev.workflow.run.Turn;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The images that one request shows to a model: whoever asks first gets the room there is. An image
 * beyond a bound, and what is no image that models take, is shown by nothing but its note in the
 * text.
 */
final class ShownImages {

  /** Images of one request. */
  static final int MOST = 10;

  /** Of one image, in Base64: Anthropic refuses a request with a longer one, 5 MiB. */
  static final int IMAGE_CHARS = 5 << 20;

  /** Of all images of a request, in Base64: Anthropic takes requests of 32 MB. */
  static final int REQUEST_CHARS = 20 << 20;

  private int images;
  private int chars = REQUEST_CHARS;

  private ShownImages(int images) {
    this.images = images;
  }

  /** What a model may be shown that is to see images; any other is shown none. */
  static ShownImages to(ModelRef model) {
    return new ShownImages(model.images() ? MOST : 0);
  }

  static ShownImages none() {
    return new ShownImages(0);
  }

  /** Those of a result that there is room for, in order, each once. */
  List<Image> of(Turn.ToolEnded ended) {
    if (images == 0) {
      return List.of();
    }
    Set<Image> found = new LinkedHashSet<>();
    find(ended.output(), found);
    find(ended.content(), found);
    List<Image> shown = new ArrayList<>();
    for (Image image : found) {
      int length = image.data().length();
      if (images > 0 && length <= chars) {
        images--;
        chars -= length;
        shown.add(image);
      }
    }
    return shown;
  }

  private static void find(@Nullable JsonNode value, Set<Image> found) {
    if (value == null) {
      return;
    }
    for (ContentBlocks.Binary binary : ContentBlocks.binaries(value)) {
      String kind = kind(binary.bytes());
      String data = kind == null ? "" : Base64.getEncoder().encodeToString(binary.bytes());
      if (kind != null && data.length() <= IMAGE_CHARS) {
        found.add(new Image(kind, data));
      }
    }
  }

  /** By its first bytes: providers refuse an image that is not what it is said to be. */
  private static @Nullable String kind(byte[] bytes) {
    String head = new String(bytes, 0, Math.min(bytes.length, 12), StandardCharsets.ISO_8859_1);
    if (head.startsWith("\u0089PNG\r\n\u001a\n")) {
      return "image/png";
    }
    if (head.startsWith("\u00ff\u00d8\u00ff")) {
      return "image/jpeg";
    }
    if (head.startsWith("GIF87a") || head.startsWith("GIF89a")) {
      return "image/gif";
    }
    return head.startsWith("RIFF") && head.endsWith("WEBP") ? "image/webp" : null;
  }
}
