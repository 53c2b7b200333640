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
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An MCP server that misbehaves on demand, for the tests of this package and of whole runs. It
 * needs nothing but the JDK, so it starts in a moment. Arguments are habits ({@code banner}, {@code
 * silent}, {@code ignores-end-of-input} ...); each tool is one behaviour. Each start adds its
 * process to the file that STARTS names.
 */
public final class FakeServer {
  private static final Pattern ID = Pattern.compile("\"id\":(\"[^\"]*\"|\\d+)");
  private static final Pattern METHOD = Pattern.compile("\"method\":\"([^\"]*)\"");
  private static final Pattern NAME = Pattern.compile("\"name\":\"([^\"]*)\"");
  private static final Pattern TEXT = Pattern.compile("\"text\":\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern NUMBER = Pattern.compile("\"number\":(\\d+)");
  private static final Pattern CURSOR = Pattern.compile("\"cursor\":\"([^\"]*)\"");
  private static final Pattern KEY = Pattern.compile("idempotencyKey\":\"([^\"]*)\"");
  private static final Pattern PROGRESS = Pattern.compile("\"progressToken\":\"([^\"]*)\"");
  private static final Pattern TASK = Pattern.compile("\"taskId\":\"([^\"]*)\"");
  private static final CountDownLatch FOR_EVER = new CountDownLatch(1);

  private static final Map<String, String> TOOLS = new TreeMap<>();

  static {
    String readOnly = "{\"readOnlyHint\":true,\"openWorldHint\":false}";
    for (String tool :
        List.of(
            "echo",
            "structured",
            "sleep",
            "env",
            "pid",
            "cancelled",
            "request",
            "progress",
            "works")) {
      TOOLS.put(tool, readOnly);
    }
    for (String tool :
        List.of(
            "fails",
            "refuses",
            "exits",
            "hangs",
            "junk",
            "torn",
            "huge",
            "deep",
            "spawns",
            "orphans",
            "chatters",
            "mute",
            "numbers",
            "picture",
            "grows",
            "late")) {
      TOOLS.put(tool, "{}");
    }
    TOOLS.put("ledger_read", readOnly);
    TOOLS.put("ledger_put", "{\"idempotentHint\":true,\"destructiveHint\":false}");
    TOOLS.put("ledger_append", "{\"destructiveHint\":false}");
    TOOLS.put("ledger_burn", "{\"destructiveHint\":true}");
  }

  private final PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
  private final Queue<String> cancelled = new ConcurrentLinkedQueue<>();
  private final Set<String> habits;

  private FakeServer(Set<String> habits) {
    this.habits = habits;
  }

  /** Serves until end of input. */
  public static void main(String[] args) throws IOException, InterruptedException {
    String starts = System.getenv("STARTS");
    if (starts != null) {
      String pid = ProcessHandle.current().pid() + "\n";
      Files.writeString(Path.of(starts), pid, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    new FakeServer(Set.of(args)).serve();
  }

  private void serve() throws IOException, InterruptedException {
    if (habits.contains("banner")) {
      out.println("Welcome to the fake server, version 1");
      out.println("{ this is not JSON either");
      out.flush();
    }
    if (habits.contains("byte-order-mark")) {
      out.print('\uFEFF');
    }
    if (habits.contains("dies-at-once")) {
      System.err.println("fatal: no configuration found");
      System.exit(7);
    }
    if (habits.contains("ignores-term")) {
      Runtime.getRuntime().addShutdownHook(new Thread(FakeServer::sleepForEver));
    }
    if (habits.contains("spawns-at-start")) {
      System.err.println("spawned " + start("sleep", "1000"));
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      accept(line);
    }
    if (habits.contains("ignores-end-of-input") || habits.contains("ignores-term")) {
      sleepForEver();
    }
  }

  private static void sleepForEver() {
    boolean woken = false;
    while (!woken) {
      try {
        FOR_EVER.await();
        woken = true;
      } catch (InterruptedException e) {
        // asleep for ever means just that
      }
    }
  }

  private void accept(String line) throws IOException {
    String method = find(METHOD, line, "");
    String id = find(ID, line, "");
    switch (method) {
      case "initialize" -> initialize(id);
      case "tools/list" -> list(id, find(CURSOR, line, ""));
      case "tools/call" -> Thread.ofVirtual().start(() -> call(id, find(NAME, line, ""), line));
      case "notifications/cancelled" -> cancelled.add(line);
      case "tasks/result" -> errand(id, find(TASK, line, ""));
      case "tasks/cancel" -> {
        cancelled.add(line);
        answer(id, "{}");
      }
      case "ping" -> answer(id, "{}");
      default -> {}
    }
  }

  private void initialize(String id) {
    if (habits.contains("silent")) {
      return;
    }
    String version =
        habits.contains("old")
            ? "2024-11-05"
            : habits.contains("from-the-future") ? "2099-01-01" : "2025-11-25";
    answer(
        id,
        "{\"protocolVersion\":\""
            + version
            + "\",\"capabilities\":"
            + capabilities()
            + ",\"serverInfo\":{\"name\":\"fake\",\"version\":\"1\"}}");
  }

  private String capabilities() {
    if (habits.contains("no-tools")) {
      return "{}";
    }
    String tasks = ",\"tasks\":{\"requests\":{\"tools\":{\"call\":{}}}}";
    return "{\"tools\":{\"listChanged\":true}" + (habits.contains("tasks") ? tasks : "") + "}";
  }

  private void list(String id, String cursor) {
    List<String> names = List.copyOf(TOOLS.keySet());
    if (habits.contains("tasks")) {
      String errand =
          ",{\"name\":\"errand\",\"inputSchema\":{\"type\":\"object\"},"
              + "\"execution\":{\"taskSupport\":\"required\"}}";
      answer(id, "{\"tools\":[" + definitions(names) + errand + "]}");
      return;
    }
    if (!habits.contains("pages")) {
      answer(id, "{\"tools\":[" + definitions(names) + "]}");
      return;
    }
    int from = cursor.isEmpty() ? 0 : Integer.parseInt(cursor);
    int to = Math.min(from + 5, names.size());
    String next = to == names.size() ? "" : ",\"nextCursor\":\"" + to + "\"";
    answer(id, "{\"tools\":[" + definitions(names.subList(from, to)) + "]" + next + "}");
  }

  private String definitions(List<String> names) {
    return names.stream()
        .map(
            name ->
                "{\"name\":\""
                    + name
                    + "\",\"description\":\"Does "
                    + name
                    + (habits.contains("rewords") ? ", differently" : "")
                    + "\",\"inputSchema\":{\"type\":\"object\",\"properties\":{\"text\":{\"type\":\"string\"},"
                    + "\"number\":{\"type\":\"integer\"}}},\"annotations\":"
                    + TOOLS.get(name)
                    + "}")
        .collect(Collectors.joining(","));
  }

  private void call(String id, String tool, String line) {
    String text = find(TEXT, line, "");
    int number = Integer.parseInt(find(NUMBER, line, "0"));
    try {
      switch (tool) {
        case "echo" -> answerText(id, text);
        case "structured" ->
            answer(
                id,
                "{\"content\":[{\"type\":\"text\",\"text\":\"for people\"}],"
                    + "\"structuredContent\":{\"said\":\""
                    + text
                    + "\"}}");
        case "fails" ->
            answer(
                id,
                "{\"content\":[{\"type\":\"text\",\"text\":\"no such place: "
                    + text
                    + "\"},{\"type\":\"text\",\"text\":\"try another\"}],\"isError\":true}");
        case "refuses" ->
            send(
                "{\"jsonrpc\":\"2.0\",\"id\":"
                    + id
                    + ",\"error\":{\"code\":-32603,\"message\":\"MCP error -32603: broken inside\"}}");
        case "exits" -> {
          System.err.println("about to die");
          System.exit(number);
        }
        case "hangs" -> System.err.println("hanging");
        case "late" -> {
          Thread.sleep(number);
          answerText(id, "late");
        }
        case "sleep" -> {
          Thread.sleep(number);
          answerText(id, "slept");
        }
        case "junk" -> {
          send("DEBUG this line is no message");
          answerText(id, "after junk");
        }
        case "torn" -> send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":{\"content\":[");
        case "huge" -> answerText(id, "x".repeat(number));
        case "deep" ->
            answer(
                id,
                "{\"content\":[],\"structuredContent\":"
                    + "{\"a\":".repeat(number)
                    + "1"
                    + "}".repeat(number)
                    + "}");
        case "env" ->
            answerText(
                id,
                System.getenv().keySet().stream().sorted().toList()
                    + " "
                    + escaped(System.getenv().values().toString()));
        case "pid" -> answerText(id, String.valueOf(ProcessHandle.current().pid()));
        case "spawns" -> answerText(id, String.valueOf(start("sleep", "1000")));
        case "orphans" -> answerText(id, String.valueOf(orphan()));
        case "chatters" -> {
          System.err.write(new byte[number]);
          System.err.flush();
          answerText(id, "chattered");
        }
        case "mute" -> {
          out.flush();
          System.out.close();
        }
        case "numbers" ->
            answer(
                id,
                "{\"content\":[],\"structuredContent\":{\"exact\":12345678901234567890.123456789,"
                    + "\"long\":9007199254740993,\"none\":null}}");
        case "picture" ->
            answer(
                id,
                "{\"content\":[{\"type\":\"text\",\"text\":\"look\"},{\"type\":\"image\",\"data\":\"AAAA\","
                    + "\"mimeType\":\"image/png\"}]}");
        case "errand" ->
            answer(id, "{\"task\":{\"taskId\":\"" + text + "\",\"status\":\"working\"}}");
        case "cancelled" -> answerText(id, String.valueOf(cancelled.size()));
        case "request" -> answerText(id, escaped(line));
        case "works" -> {
          for (int i = 0; i < number; i++) {
            Thread.sleep(100);
            sendProgress(find(PROGRESS, line, ""), i, number);
          }
          answerText(id, "worked");
        }
        case "progress" -> progress(id, find(PROGRESS, line, ""));
        case "grows" -> {
          TOOLS.put("grown", "{}");
          send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}");
          answerText(id, "grown");
        }
        case "ledger_read", "ledger_put", "ledger_append", "ledger_burn" -> ledger(id, tool, line);
        default ->
            answer(
                id,
                "{\"content\":[{\"type\":\"text\",\"text\":\"Tool "
                    + tool
                    + " not found\"}],\"isError\":true}");
      }
    } catch (IOException | InterruptedException e) {
      send(
          "{\"jsonrpc\":\"2.0\",\"id\":"
              + id
              + ",\"error\":{\"code\":-32000,\"message\":\""
              + e
              + "\"}}");
    }
  }

  /** What became of a task is told by its id; of any other nothing is ever heard. */
  private void errand(String id, String task) {
    if (task.equals("dies")) {
      System.exit(3);
    }
    if (task.equals("does")) {
      send(
          "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/tasks/status\",\"params\":"
              + "{\"taskId\":\"does\",\"status\":\"working\",\"statusMessage\":\"on my way\"}}");
      answerText(id, "done");
    }
  }

  private void progress(String id, String token) {
    for (int i = 1; i <= 2; i++) {
      sendProgress(token, i, 2);
    }
    answerText(id, "done");
  }

  private void sendProgress(String token, int done, int total) {
    send(
        "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":\"%s\",\"progress\":%d,\"total\":%d,\"message\":\"part %d\"}}"
            .formatted(token, done, total, done));
  }

  /** One line per call in the file named by LEDGER, so that a test can count executions. */
  private void ledger(String id, String tool, String line)
      throws IOException, InterruptedException {
    Path file = Path.of(System.getenv("LEDGER"));
    int number = Integer.parseInt(find(NUMBER, line, "0"));
    String entry = tool + " " + find(TEXT, line, "") + " " + find(KEY, line, "-") + "\n";
    synchronized (this) {
      Files.writeString(file, entry, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
    Thread.sleep(number);
    answerText(id, tool + " done");
  }

  private static long start(String... command) throws IOException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .pid();
  }

  /** A grandchild whose parent is gone at once. */
  private static long orphan() throws IOException {
    Process shell = new ProcessBuilder("sh", "-c", "sleep 1000 >/dev/null 2>&1 & echo $!").start();
    return Long.parseLong(
        new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip());
  }

  private void answerText(String id, String text) {
    answer(id, "{\"content\":[{\"type\":\"text\",\"text\":\"" + text + "\"}]}");
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
    return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }

  private static String find(Pattern pattern, String line, String otherwise) {
    Matcher matcher = pattern.matcher(line);
    return matcher.find() ? matcher.group(1) : otherwise;
  }
}
