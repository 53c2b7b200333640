package dev.workflow.mcp;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of variables, {@code K=V} in each line, as clients read them for {@code envFile}: blank
 * lines and lines that begin with {@code #} mean nothing, {@code export} before a name and quotes
 * around a value are dropped.
 */
final class EnvFile {
  private static final int MAX_BYTES = 1 << 20;
  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_.]*)\\s*=\\s*(.*?)\\s*");
  private static final Pattern QUOTED = Pattern.compile("\"(.*)\"|'(.*)'");

  private EnvFile() {}

  /** Where the file of an entry is; a relative path counts from the folder of the entry's file. */
  static Path of(ServerEntry entry, UnaryOperator<String> expanded) {
    String name = expanded.apply(Objects.requireNonNull(entry.envFile()));
    return entry.origin().folder().resolve(name).normalize();
  }

  /**
   * The variables of an entry's file, for a reader, who starts nothing; none where there is no such
   * file.
   */
  static Map<String, String> lenient(ServerEntry entry, UnaryOperator<String> expanded) {
    try {
      return entry.envFile() == null ? Map.of() : read(of(entry, expanded));
    } catch (IOException unreadable) {
      return Map.of();
    }
  }

  static Map<String, String> read(Path file) throws IOException {
    if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
      throw new IOException(file + " is no file of at most " + MAX_BYTES + " bytes");
    }
    Map<String, String> variables = new TreeMap<>();
    for (String line : Files.readString(file).lines().toList()) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        variables.put(matcher.group(1), unquoted(matcher.group(2)));
      }
    }
    return variables;
  }

  private static String unquoted(String value) {
    Matcher quoted = QUOTED.matcher(value);
    if (!quoted.matches()) {
      return value;
    }
    return quoted.group(1) == null ? quoted.group(2) : quoted.group(1);
  }
}
