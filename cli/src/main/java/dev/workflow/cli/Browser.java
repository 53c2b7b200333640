package dev.workflow.cli;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The person's browser: what {@code BROWSER} names, else what the system opens addresses with. */
record Browser(Map<String, String> environment) {
  private static final String ADDRESS = "%s";

  /** Whether one could be started; it goes on by itself. */
  boolean open(URI address) {
    for (List<String> command : commands()) {
      try {
        new ProcessBuilder(with(command, address.toString()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start()
            .getOutputStream()
            .close();
        return true;
      } catch (IOException notThere) {
        // the next one may be
      }
    }
    return false;
  }

  /** {@code BROWSER} may name several, as {@code PATH} does, to be tried one after the other. */
  private List<List<String>> commands() {
    List<List<String>> commands = new ArrayList<>();
    for (String named : environment.getOrDefault("BROWSER", "").split(File.pathSeparator, -1)) {
      if (!named.isBlank()) {
        commands.add(List.of(named.strip().split("\\s+")));
      }
    }
    if (commands.isEmpty()) {
      commands.add(ofSystem(System.getProperty("os.name").toLowerCase(Locale.ROOT)));
    }
    return commands;
  }

  private static List<String> ofSystem(String system) {
    if (system.startsWith("windows")) {
      return List.of("rundll32", "url.dll,FileProtocolHandler");
    }
    return List.of(system.startsWith("mac") ? "open" : "xdg-open");
  }

  private static List<String> with(List<String> command, String address) {
    List<String> words = new ArrayList<>();
    command.forEach(word -> words.add(word.replace(ADDRESS, address)));
    if (command.stream().noneMatch(word -> word.contains(ADDRESS))) {
      words.add(address);
    }
    return words;
  }
}
