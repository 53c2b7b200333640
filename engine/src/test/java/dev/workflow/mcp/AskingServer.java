package dev.workflow.mcp;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An MCP server whose tools ask the client for something before they answer with what they were
 * told, as JSON text. It needs nothing but the JDK. Where {@code LEDGER} names a file, each call of
 * a tool and each answer it was given is a line there.
 */
public final class AskingServer {
  private static final Pattern ID = Pattern.compile("\"id\":(\"[^\"]*\"|\\d+)");
  private static final Pattern METHOD = Pattern.compile("\"method\":\"([^\"]*)\"");
  private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]*)\"");
  private static final Pattern ASK = Pattern.compile("\"ask\":\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern CAPABILITIES = Pattern.compile("\"capabilities\":(\\{.*?}),\"clie");

  private static final String PERSON =
      "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"title\":\"Your name\"},"
          + "\"seats\":{\"type\":\"integer\",\"minimum\":1,\"default\":2}},\"required\":[\"name\"]}";

  /** The schema that each tool asks with, or the method it uses. */
  private static final Map<String, String> TOOLS =
      Map.of(
          "roots", "roots/list",
          "declared", "",
          "quick", "",
          "person", PERSON,
          "person_read", PERSON,
          "person_twice", PERSON,
          "secret", "{\"type\":\"object\",\"properties\":{\"password\":{\"type\":\"string\"}}}",
          "nested", "{\"type\":\"object\",\"properties\":{\"deep\":{\"type\":\"object\"}}}",
          "endless", PERSON);

  /** Tools that ask only when something else has happened, or not at all. */
  private static final List<String> OTHERS =
      List.of(
          "slow",
          "both",
          "stalls",
          "cancelled",
          "model",
          "model_read",
          "model_huge",
          "model_image",
          "model_tools",
          "model_flood",
          "model_late",
          "model_told",
          "impatient");

  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private final AtomicInteger asked = new AtomicInteger();
  private final AtomicInteger cancelled = new AtomicInteger();

  /** Calls of {@code both} wait for each other before they ask. */
  private final CountDownLatch both = new CountDownLatch(2);

  private final Map<String, CompletableFuture<String>> answers = new ConcurrentHashMap<>();
  private final Set<String> habits;
  private volatile String declared = "";
  private volatile String late = "";

  private AskingServer(Set<String> habits) {
    this.habits = habits;
  }

  /** Serves until end of input. */
  public static void main(String[] args) throws IOException {
    new AskingServer(Set.of(args)).serve();
  }

  private void serve() throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String id = find(ID, line);
      switch (find(METHOD, line)) {
        case "initialize" -> {
          declared = find(CAPABILITIES, line);
          answer(
              id,
              "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{\"tools\":{}},"
                  + "\"serverInfo\":{\"name\":\"asking\",\"version\":\"1\"}}");
        }
        case "tools/list" -> answer(id, "{\"tools\":[" + definitions() + "]}");
        case "tools/call" -> {
          String call = line;
          Thread.ofVirtual().start(() -> call(id, call));
        }
        case "ping" -> answer(id, "{}");
        case "notifications/cancelled" -> {
          cancelled.incrementAndGet();
          note("cancelled");
        }
        case "" -> answers.getOrDefault(id, new CompletableFuture<>()).complete(line);
        default -> {}
      }
    }
  }

  private static String definitions() {
    return Stream.concat(TOOLS.keySet().stream(), OTHERS.stream())
        .sorted()
        .map(
            name ->
                "{\"name\":\""
                    + name
                    + "\",\"description\":\"Asks for "
                    + name
                    + "\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"ask\":{\"type\":\"string\"}}},"
                    + "\"annotations\":"
                    + (name.endsWith("_read") ? "{\"readOnlyHint\":true}" : "{}")
                    + "}")
        .collect(Collectors.joining(","));
  }

  private void call(String id, String line) {
    try {
      serve(id, line);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(String id, String line) throws InterruptedException {
    String tool = find(NAME, line);
    String text = find(ASK, line);
    note("called " + tool);
    String told =
        switch (tool) {
          case "declared" -> declared;
          case "quick" -> "{}";
          case "cancelled" -> String.valueOf(cancelled.get());
          case "slow" -> {
            Thread.sleep(400);
            yield "slow";
          }
          case "both" -> {
            both.countDown();
            both.await();
            yield elicit(text, PERSON);
          }
          case "stalls" -> {
            elicit(text, PERSON);
            Thread.sleep(60_000);
            yield "never";
          }
          case "model", "model_read" -> sample(text(text), "");
          case "model_huge" -> sample(text("x".repeat(10_000_000)), "");
          case "model_image" -> sample("{\"type\":\"image\",\"data\":\"\"}", "");
          case "model_tools" -> sample(text(text), ",\"tools\":[]");
          case "model_flood" -> flood();
          case "model_late" -> {
            Thread.ofVirtual()
                .start(
                    () -> {
                      pause(Integer.parseInt(text));
                      late = sample(text("late"), "");
                    });
            yield "ended";
          }
          case "impatient" -> {
            Thread.ofVirtual().start(() -> late = elicit(text, PERSON));
            pause(100);
            yield "ended";
          }
          case "model_told" -> late;
          case "roots" -> ask("roots/list", "{}");
          case "person_twice" -> elicit(text, PERSON) + elicit(text, PERSON);
          case "endless" -> endless(text);
          default -> elicit(text, TOOLS.getOrDefault(tool, "{}"));
        };
    answer(id, "{\"content\":[{\"type\":\"text\",\"text\":\"" + escaped(told) + "\"}]}");
    if (habits.contains("dies-after-an-answer")) {
      System.exit(3);
    }
  }

  private static String text(String text) {
    return "{\"type\":\"text\",\"text\":\"" + text + "\"}";
  }

  private String sample(String content, String more) {
    return ask(
        "sampling/createMessage",
        "{\"messages\":[{\"role\":\"user\",\"content\":%s}],\"maxTokens\":100000%s}"
            .formatted(content, more));
  }

  /** Asks a thousand times at once; gives how often it was refused, and one of the answers. */
  private String flood() throws InterruptedException {
    AtomicInteger refused = new AtomicInteger();
    CountDownLatch told = new CountDownLatch(1_000);
    for (int i = 0; i < 1_000; i++) {
      Thread.ofVirtual()
          .start(
              () -> {
                String answer = sample(text("again"), "");
                refused.addAndGet(answer.contains("\"error\"") ? 1 : 0);
                late = answer.contains("\"error\"") ? answer : late;
                told.countDown();
              });
    }
    told.await();
    return refused.get() + " refused: " + late;
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private String endless(String text) {
    String told = "";
    while (!told.contains("\"error\"")) {
      told = elicit(text + asked.get(), PERSON);
    }
    return told;
  }

  private String elicit(String text, String schema) {
    return ask(
        "elicitation/create", "{\"message\":\"" + text + "\",\"requestedSchema\":" + schema + "}");
  }

  private String ask(String method, String params) {
    String id = "\"ask-" + asked.incrementAndGet() + "\"";
    CompletableFuture<String> answer = new CompletableFuture<>();
    answers.put(id, answer);
    send(
        "{\"jsonrpc\":\"2.0\",\"id\":%s,\"method\":\"%s\",\"params\":%s}"
            .formatted(id, method, params));
    try {
      String told = answer.get();
      note("told " + told);
      return told;
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void note(String line) {
    String ledger = System.getenv("LEDGER");
    if (ledger == null) {
      return;
    }
    try {
      Files.write(
          Path.of(ledger), List.of(line), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void answer(String id, String result) {
    send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + result + "}");
  }

  private void send(String line) {
    synchronized (out) {
      out.print(line);
      out.print('\n');
      out.flush();
    }
  }

  private static String escaped(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String find(Pattern pattern, String line) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? matcher.group(1) : "";
  }
}
