package dev.workflow.mcp;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Tools of one connection that can only be called as a task: the server answers at once with the
 * task, tells how it stands, and gives the result when it is asked for that.
 */
final class TaskCalls {
  static final String RESULT = "tasks/result";
  static final String CANCEL = "tasks/cancel";
  static final String STATUS = "notifications/tasks/status";

  /** How long a server may take to say that it gives a task up; nobody waits for that. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Map<String, Consumer<String>> listeners = new ConcurrentHashMap<>();
  private volatile Set<String> required = Set.of();

  /** Takes note of which tools require it, unless the server knows nothing of tasks. */
  void learn(JsonNode capabilities, List<JsonNode> tools) {
    boolean known = capabilities.at("/tasks/requests/tools/call").isObject();
    required =
        tools.stream()
            .filter(
                tool ->
                    known
                        && tool.path("execution")
                            .path("taskSupport")
                            .asString("")
                            .equals("required"))
            .map(tool -> tool.path("name").asString(""))
            .collect(Collectors.toUnmodifiableSet());
  }

  boolean isRequired(String tool) {
    return required.contains(tool);
  }

  /** The id of the task that a call was answered with; absent: it was answered with none. */
  static @Nullable String id(JsonNode answer) {
    JsonNode id = answer.path("task").path("taskId");
    return id.isString() ? id.stringValue() : null;
  }

  /** Has the listener told how the task stands, until it is forgotten. */
  void follow(String id, Consumer<String> listener) {
    listeners.put(id, listener);
  }

  void forget(String id) {
    listeners.remove(id);
  }

  void told(JsonNode status) {
    Consumer<String> listener = listeners.get(status.path("taskId").asString(""));
    if (listener != null) {
      String message = status.path("statusMessage").asString("");
      listener.accept(message.isEmpty() ? status.path("status").asString("") : message);
    }
  }
}
