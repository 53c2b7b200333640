package dev.workflow.models;

import dev.workflow.definition.ModelRef;
import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Request;

/**
 * The most tokens that the images of a request can take, whatever their size, as providers shrink
 * large ones first. Anthropic: 4,784, for the models with the finest resolution ("Vision" in its
 * documentation). OpenAI, in high detail: a base and up to eight tiles, which is most for
 * gpt-4o-mini with 2,833 + 8 * 5,667; others come to less than 10,000 ("Images and vision").
 * Servers compatible with it, and Ollama: 16,384, the default of the models of the Qwen-VL family,
 * which take the most.
 */
final class ImageTokens {
  private static final int ANTHROPIC = 4_784;
  private static final int GPT_4O_MINI = 48_169;
  private static final int OTHERS = 16_384;

  private ImageTokens() {}

  /** Of all images of a request. */
  static long of(Request request) {
    long images = 0;
    for (Message message : request.messages()) {
      images += message instanceof Message.ToolOutput output ? output.images().size() : 0;
    }
    return images * most(request.model());
  }

  private static int most(ModelRef model) {
    return switch (Endpoint.Dialect.of(model.provider())) {
      case ANTHROPIC -> ANTHROPIC;
      case OPENAI -> model.model().contains("gpt-4o-mini") ? GPT_4O_MINI : OTHERS;
      case OLLAMA -> OTHERS;
    };
  }
}
