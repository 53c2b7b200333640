package dev.workflow.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Executes the commands that stand in standard input, one a line, in one process: the run whose
 * loaded classes the build keeps in the AOT cache.
 */
final class Training {
  private Training() {}

  /** Exits with the first code that is not 0, after all commands have run. */
  public static void main(String[] args) throws IOException {
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    List<String> lines = input.lines().toList();
    int worst = 0;
    for (String line : lines) {
      if (!line.isBlank() && !line.startsWith("#")) {
        int code = Main.execute(line.strip().split("\\s+"));
        worst = worst == 0 ? code : worst;
      }
    }
    System.exit(worst);
  }
}
