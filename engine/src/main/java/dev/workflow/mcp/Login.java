package dev.workflow.mcp;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How a server lets us in; both may wait. */
interface Login {
  /** Of a server whose entry says all that is sent. */
  Login NONE =
      new Login() {
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

  /** What goes into the header {@code Authorization} of a request to an address; empty: nothing. */
  Optional<String> authorization(URI target);

  /**
   * Called when a request was answered with 401 or 403.
   *
   * @param authorization what was sent
   * @return whether to send it once more
   */
  boolean refused(int status, List<String> wwwAuthenticate, @Nullable String authorization);
}
