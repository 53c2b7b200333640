package dev.workflow.mcp.oauth;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How one server lets us in. Both methods may read files and wait for an authorization server, at
 * most a minute: call them only where a thread may wait. They never ask a person.
 */
public interface Access {
  /** Of a server that nobody logs in to: its entry says all that is sent. */
  Access NONE =
      new Access() {
        @Override
        public Optional<String> authorization(URI target) {
          return Optional.empty();
        }

        @Override
        public boolean refused(
            int status, List<String> wwwAuthenticate, @Nullable String authorization) {
          return false;
        }
      };

  /**
   * What goes into the header {@code Authorization} of a request to an address; empty: nothing, as
   * nobody is logged in, or the address is none of the server that the token was issued for.
   *
   * @throws OAuthException where a login is over
   */
  Optional<String> authorization(URI target);

  /**
   * Called when a request was answered with 401 or 403.
   *
   * @param wwwAuthenticate the headers of that name
   * @param authorization what {@link #authorization} gave for the request; absent: nothing
   * @return whether to send it once more, as there is another token now
   * @throws OAuthException where a person has to log in first
   */
  boolean refused(int status, List<String> wwwAuthenticate, @Nullable String authorization);

  /**
   * The same, when the request was sent once more with another token and was refused again. A token
   * that was renewed for it and is not taken either ends the login.
   *
   * @throws OAuthException where a person has to log in first
   */
  default boolean refusedAgain(
      int status, List<String> wwwAuthenticate, @Nullable String authorization) {
    return false;
  }
}
