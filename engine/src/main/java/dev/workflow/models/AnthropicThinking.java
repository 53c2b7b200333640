package dev.workflow.models;

import dev.workflow.definition.ModelRef;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/**
 * How hard a model of Anthropic thinks. Until version 4.5 a budget of tokens says so; from 4.6 on
 * the models choose it themselves for an effort, and from 4.7 on they take no temperature.
 */
final class AnthropicThinking {
  private static final Pattern VERSION =
      Pattern.compile("claude-[a-z]+-(\\d{1,2})(?:-(\\d{1,2}))?(?!\\d)");
  private static final int ADAPTIVE = 406;
  private static final int NO_TEMPERATURE = 407;

  private AnthropicThinking() {}

  /** Whether a temperature may be sent. */
  static boolean takesTemperature(ModelRef model) {
    return model.reasoning() == null && version(model) < NO_TEMPERATURE;
  }

  /** Adds what the model's {@code reasoning} asks for. */
  static void complete(ObjectNode body, ModelRef model) {
    String effort = model.reasoning();
    if (effort == null) {
      return;
    }
    if (version(model) >= ADAPTIVE) {
      body.putObject("thinking").put("type", "adaptive");
      body.withObject("/output_config").put("effort", effort);
    } else {
      body.putObject("thinking")
          .put("type", "enabled")
          .put("budget_tokens", Reasoning.tokens(effort));
    }
  }

  /** 405 for {@code claude-sonnet-4-5}; 0 for older names. */
  private static int version(ModelRef model) {
    Matcher version = VERSION.matcher(model.model());
    if (!version.find()) {
      return 0;
    }
    int minor = version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
    return 100 * Integer.parseInt(version.group(1)) + minor;
  }
}
