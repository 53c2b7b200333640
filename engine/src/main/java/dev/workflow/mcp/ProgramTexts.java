package dev.workflow.mcp;

import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The texts that a program is started with: no system takes all that JSON can write. */
final class ProgramTexts {
  private static final char ZERO = '\0';

  private ProgramTexts() {}

  /** Adds what cannot be handed to a program to the problems of an entry. */
  static void check(JsonNode entry, Fields fields) {
    for (String field : List.of("command", "cwd", "envFile")) {
      value(entry.path(field), field, fields);
    }
    if (entry.path("command").asString("").endsWith("/")) {
      fields.wrong("command", "expected a program, found a folder");
    }
    for (int i = 0; i < entry.path("args").size(); i++) {
      value(entry.path("args").path(i), "args/" + i, fields);
    }
    for (Map.Entry<String, JsonNode> variable : entry.path("env").properties()) {
      String name = variable.getKey();
      String field = "env" + JsonFile.child("", name);
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf(ZERO) >= 0) {
        fields.wrong(field, "expected the name of a variable");
      }
      value(variable.getValue(), field, fields);
    }
  }

  private static void value(JsonNode value, String field, Fields fields) {
    if (value.asString("").indexOf(ZERO) >= 0) {
      fields.wrong(field, "no program can be given the character U+0000");
    }
  }
}
