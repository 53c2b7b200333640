package dev.workflow.mcp.oauth;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run says where a person has to log in first. */
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
    details.addAll(how(resource));
    return OAuthException.loginNeeded("server '" + resource.name() + "' " + why, details);
  }

  /** What to do. */
  static List<String> how(Resource resource) {
    return List.of("log in, in a terminal: workflow mcp login " + resource.name());
  }
}
