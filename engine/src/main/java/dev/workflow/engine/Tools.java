package dev.workflow.engine;

import dev.workflow.definition.Label;
import dev.workflow.run.StepError;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The MCP servers of one run. */
public interface Tools extends AutoCloseable {

  /** The aliases that are defined and not switched off. */
  Set<String> servers();

  /**
   * The tools of a server as of its last start, without starting it.
   *
   * @return empty when the server was never asked
   */
  Optional<List<ToolSpec>> known(String server);

  /**
   * The tools of a server, which is started when it is not yet.
   *
   * @return errors with {@link ToolException}
   */
  Mono<List<ToolSpec>> list(String server);

  /**
   * Calls a tool. Cancelling the subscription cancels the call at the server.
   *
   * @return the answer; errors with {@link ToolException}
   */
  Mono<Answer> call(Call call);

  /**
   * Whether what a server says of its tools counts. Where it does not, as nobody has approved it,
   * they are taken for the worst.
   */
  default boolean isBelieved(String server) {
    return true;
  }

  /**
   * For how long a retry of a call does not come, as the server did not come up a moment ago or
   * asked to be left alone. Zero: it may come at once.
   */
  default Duration resting(String server) {
    return Duration.ZERO;
  }

  /** What the entry of a server says of its tools' labels; nothing of those it does not name. */
  default Map<String, Set<Label>> labels(String server) {
    return Map.of();
  }

  /**
   * The alias of the models that a server may have asked in the midst of a call.
   *
   * @return {@code ""}: those of the agent whose step makes the call; empty: it may ask none
   */
  default Optional<String> sampling(String server) {
    return Optional.empty();
  }

  /**
   * A digest of all that a server is started with: command, folder and address, environment and
   * headers, secrets among them. Equal only for equal principals. It may give a weak secret away to
   * who can guess, so it is never written as it is.
   *
   * @throws ToolException where it cannot be started as it is written
   */
  String identity(String server);

  /**
   * Tells somebody what is of interest to a person while a run goes on, such as that the entry of a
   * server is another one now.
   */
  default void listen(Consumer<String> listener) {}

  /** Values of the environment that must not be written anywhere. Grows as servers start. */
  Set<String> secrets();

  /**
   * Lets go of all servers. One that nobody else uses ends after a time of rest, or with whatever
   * opened these.
   */
  @Override
  void close();

  /**
   * One call.
   *
   * @param call what the run calls it, such as {@code book#1}; empty: no run makes it
   * @param digest the definition the run was checked against; another one is refused. Empty: any
   * @param timeout absent: the server's own
   * @param progress told about progress notifications
   * @param traceparent by which tracing beyond the run knows it; empty: none does
   * @param elicitor asked for what the server wants of a person; the time-out stands still
   *     meanwhile
   * @param sampler has models asked for the server, where its entry allows that; the time-out
   *     stands still meanwhile
   */
  record Call(
      String call,
      String server,
      String tool,
      JsonNode arguments,
      String key,
      String digest,
      @Nullable Duration timeout,
      Consumer<String> progress,
      String traceparent,
      Elicitor elicitor,
      Sampler sampler) {

    /** A call that belongs to no trace and to no run, such as one that is made by hand. */
    public Call(
        String call,
        String server,
        String tool,
        JsonNode arguments,
        String key,
        String digest,
        @Nullable Duration timeout,
        Consumer<String> progress) {
      this(
          call,
          server,
          tool,
          arguments,
          key,
          digest,
          timeout,
          progress,
          "",
          Elicitor.NOBODY,
          Sampler.NONE);
    }
  }

  /**
   * What a tool answered.
   *
   * @param value {@code structuredContent} where there is any, else the text, else the blocks
   * @param structured whether the value is {@code structuredContent}
   * @param content the blocks that it gave; absent: they say no more than the value
   */
  record Answer(JsonNode value, boolean structured, @Nullable JsonNode content) {

    /** An answer whose blocks say no more than its value. */
    public Answer(JsonNode value, boolean structured) {
      this(value, structured, null);
    }
  }

  /** A call, or a start, that gave no answer. */
  final class ToolException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient StepError error;
    private final boolean possiblyExecuted;

    public ToolException(StepError error, boolean possiblyExecuted) {
      super(error.message());
      this.error = error;
      this.possiblyExecuted = possiblyExecuted;
    }

    /** The reason, for people and for {@code retry.on}. */
    public StepError error() {
      return error;
    }

    /** Whether the call may have taken effect all the same. */
    public boolean possiblyExecuted() {
      return possiblyExecuted;
    }
  }
}
