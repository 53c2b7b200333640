package dev.workflow.mcp.oauth;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run says where a person has to log in first; who knows the entry of the server adds how.
 */
final class LoginNeeded {
  private LoginNeeded() {}

  /**
   * The failure.
   *
   * @param why in the middle of a sentence, such as {@code wants a login}
   */
  static OAuthException at(Resource resource, String why, @Nullable Challenge challenge) {
    List<String> details = new ArrayList<>();
    if (challenge != null && !challenge.scopes().isEmpty()) {
      details.add("it asks for: " + Words.cut(String.join(" ", challenge.scopes())));
    }
    return OAuthException.loginNeeded("server '" + resource.name() + "' " + why, details);
  }
}
