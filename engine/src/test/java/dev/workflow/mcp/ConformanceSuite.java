package dev.workflow.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The official conformance suite for clients, installed once below {@code target}. */
final class ConformanceSuite {
  static final String SPECIFICATION = "2025-11-25";

  private static final String SUITE = "@modelcontextprotocol/conformance@0.1.16";
  private static final String NODE = "node@22.23.3";
  private static final int OLDEST_NODE = 22;
  private static final Path FOLDER = Npm.folder("conformance");
  private static final Path SCRIPT =
      FOLDER.resolve("node_modules/@modelcontextprotocol/conformance/dist/index.js");
  private static final Pattern LISTED = Pattern.compile(" {2}- (\\S+) \\[.*");
  private static final Pattern NODE_VERSION = Pattern.compile("v(\\d+)\\..*", Pattern.DOTALL);

  private final String node;

  private ConformanceSuite(String node) {
    this.node = node;
  }

  /** How a scenario ended: whether it passed, and all that was said. */
  record Outcome(boolean passed, String words) {}

  /** The suite, ready to run; skips the calling test, naming the reason, where it cannot be had. */
  static ConformanceSuite installed() throws IOException, InterruptedException {
    String node = "node";
    List<String> packages = new ArrayList<>(List.of(SUITE));
    if (version(node) < OLDEST_NODE) {
      node = FOLDER.resolve("node_modules/node/bin/node").toString();
      packages.add(NODE);
    }
    if (!Files.exists(SCRIPT) || version(node) < OLDEST_NODE) {
      Npm.install(FOLDER, packages);
    }
    if (!Files.exists(SCRIPT)) {
      Npm.notRun("conformance suite: the npm package " + SUITE + " could not be installed");
    }
    if (version(node) < OLDEST_NODE) {
      Npm.notRun("conformance suite: there is no Node " + OLDEST_NODE + " or newer");
    }
    return new ConformanceSuite(node);
  }

  private static int version(String node) throws IOException, InterruptedException {
    try {
      Matcher version = NODE_VERSION.matcher(output(List.of(node, "--version"), Map.of()).words());
      return version.matches() ? Integer.parseInt(version.group(1)) : 0;
    } catch (IOException e) {
      return 0; // there is none
    }
  }

  /** The names of the scenarios for clients. */
  List<String> scenarios() throws IOException, InterruptedException {
    List<String> scenarios = new ArrayList<>();
    for (String line :
        suite("list", "--client", "--spec-version", SPECIFICATION).words().lines().toList()) {
      Matcher listed = LISTED.matcher(line);
      if (listed.matches()) {
        scenarios.add(listed.group(1));
      }
    }
    return scenarios;
  }

  Outcome run(String scenario) throws IOException, InterruptedException {
    return suite("client", "--command", client(), "--scenario", scenario);
  }

  private Outcome suite(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(node, SCRIPT.toString()));
    command.addAll(List.of(arguments));
    return output(command, Map.of("NO_COLOR", "1"));
  }

  /** The suite hands the command to a shell: what is long or may hold blanks stands in a file. */
  private static String client() throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    List<String> words =
        List.of("-XX:TieredStopAtLevel=1", "-cp", classes, ConformanceClient.class.getName());
    StringBuilder file = new StringBuilder();
    words.forEach(word -> file.append('"').append(word.replace("\\", "\\\\")).append("\"\n"));
    Files.writeString(FOLDER.resolve("client.args"), file);
    return "'" + Fakes.java() + "' @client.args";
  }

  private static Outcome output(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    Files.createDirectories(FOLDER);
    ProcessBuilder builder = new ProcessBuilder(command).directory(FOLDER.toFile());
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    process.getOutputStream().close();
    String words = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Outcome(process.waitFor() == 0, words);
  }
}
