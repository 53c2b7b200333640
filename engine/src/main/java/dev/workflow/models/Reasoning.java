package dev.workflow.models;

import dev.workflow.definition.ModelRef;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What reasoning costs: its tokens come on top of those of the reply. */
final class Reasoning {
  private static final Pattern OPENAI = Pattern.compile("(o\\d|gpt-5(?!.*chat)|gpt-oss).*");
  private static final int LOW = 4_096;
  private static final int MEDIUM = 16_384;
  private static final int HIGH = 32_768;

  private Reasoning() {}

  /** Whether a model of OpenAI reasons without being asked to; such models take no temperature. */
  static boolean always(ModelRef model) {
    String name = model.model();
    return OPENAI.matcher(name.substring(name.lastIndexOf('/') + 1)).matches();
  }

  /** Tokens that an effort may take. */
  static int tokens(@Nullable String effort) {
    if (effort == null) {
      return MEDIUM;
    }
    return switch (effort) {
      case "low", "minimal", "none" -> LOW;
      case "high" -> HIGH;
      default -> MEDIUM;
    };
  }
}
