package dev.workflow.skills;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * What {@code allowed-tools} of a {@code SKILL.md} means here. The tools are those of another
 * client: each stands for a capability, or for one tool of an MCP server.
 *
 * @param written all entries, as they are written
 * @param capabilities in the order in which they are named; {@code server/tool} is that tool and no
 *     other, {@code server/*} all tools of a server
 * @param strange entries for which there is no capability
 * @param restricted entries such as {@code Bash(git:*)}, to which no tool can be held here
 */
record AllowedTools(
    List<String> written, Set<String> capabilities, List<String> strange, List<String> restricted) {
  private static final Map<String, List<String>> CAPABILITIES =
      Map.ofEntries(
          Map.entry("Read", List.of("file_read")),
          Map.entry("NotebookRead", List.of("file_read")),
          Map.entry("Write", List.of("file_write", "file_edit")),
          Map.entry("Edit", List.of("file_edit")),
          Map.entry("MultiEdit", List.of("file_edit")),
          Map.entry("NotebookEdit", List.of("file_edit")),
          Map.entry("Grep", List.of("file_search")),
          Map.entry("Glob", List.of("file_search")),
          Map.entry("LS", List.of("file_list")),
          Map.entry("List", List.of("file_list")),
          Map.entry("Bash", List.of("code_execution")),
          Map.entry("PowerShell", List.of("code_execution")),
          Map.entry("WebSearch", List.of("web_search")),
          Map.entry("WebFetch", List.of("fetch_url")),
          Map.entry("AskUserQuestion", List.of(Vocabulary.OF_PEOPLE)));

  private static final Map<String, String> NAMES =
      Map.of(
          "file_read",
          "Read",
          "file_write",
          "Write",
          "file_edit",
          "Edit",
          "file_search",
          "Grep",
          "file_list",
          "LS",
          "code_execution",
          "Bash",
          "web_search",
          "WebSearch",
          "fetch_url",
          "WebFetch",
          Vocabulary.OF_PEOPLE,
          "AskUserQuestion");

  /** A name, and in parentheses what the tool may be used for. */
  private static final Pattern ENTRY = Pattern.compile("([^(]+)(?:\\((.*)\\))?", Pattern.DOTALL);

  private static final Pattern MCP = Pattern.compile("mcp__(.+?)(?:__(.+))?");

  /** Restrictions that leave all as it is. */
  private static final Set<String> NO_RESTRICTION = Set.of("", "*", "*:*", "**", "**/*");

  /** No tools. */
  static final AllowedTools NONE = new AllowedTools(List.of(), Set.of(), List.of(), List.of());

  /** The meaning of a field: a text, or a list of texts. */
  static AllowedTools read(JsonNode field, Vocabulary vocabulary) {
    Set<String> capabilities = new LinkedHashSet<>();
    List<String> strange = new ArrayList<>();
    List<String> restricted = new ArrayList<>();
    List<String> written = entries(field);
    for (String entry : written) {
      Matcher parts = ENTRY.matcher(entry);
      String name = parts.matches() ? parts.group(1).strip() : entry;
      String restriction = parts.matches() && parts.group(2) != null ? parts.group(2).strip() : "";
      List<String> meant = meant(name, vocabulary);
      if (meant.isEmpty()) {
        strange.add(entry);
      } else if (NO_RESTRICTION.contains(restriction)) {
        capabilities.addAll(meant);
      } else {
        restricted.add(entry);
      }
    }
    return new AllowedTools(written, capabilities, strange, restricted);
  }

  /** The tool of another client that stands for a capability. */
  static Optional<String> nameOf(String capability) {
    int slash = capability.indexOf('/');
    if (slash > 0) {
      String tool = capability.substring(slash + 1);
      return Optional.of(
          "mcp__" + capability.substring(0, slash) + (tool.equals("*") ? "" : "__" + tool));
    }
    return Optional.ofNullable(NAMES.get(capability));
  }

  /** Whether the text has one of the forms that occur, but not the one of the specification. */
  static boolean hasOtherForm(JsonNode field) {
    return !field.isValueNode() || parts(field.asString(""), true).size() > 1;
  }

  private static List<String> meant(String name, Vocabulary vocabulary) {
    Matcher mcp = MCP.matcher(name);
    if (mcp.matches()) {
      return List.of(mcp.group(1) + "/" + (mcp.group(2) == null ? "*" : mcp.group(2)));
    }
    List<String> known = CAPABILITIES.get(name);
    return known != null
        ? known
        : vocabulary.known(name).map(each -> List.of(each.name())).orElse(List.of());
  }

  private static List<String> entries(JsonNode field) {
    List<String> entries = new ArrayList<>();
    for (JsonNode part : field.isArray() ? field : List.of(field)) {
      entries.addAll(parts(part.isValueNode() ? part.asString("") : "", false));
    }
    return entries;
  }

  /** The parts of a text between commas and, if wanted, blanks; those in parentheses count not. */
  private static List<String> parts(String text, boolean commasOnly) {
    List<String> parts = new ArrayList<>();
    StringBuilder part = new StringBuilder();
    int depth = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      depth = Math.max(0, depth + (c == '(' ? 1 : c == ')' ? -1 : 0));
      boolean ends = depth == 0 && (c == ',' || (!commasOnly && Character.isWhitespace(c)));
      if (ends) {
        parts.add(part.toString());
        part.setLength(0);
      } else {
        part.append(c);
      }
    }
    parts.add(part.toString());
    parts.replaceAll(String::strip);
    parts.removeIf(String::isEmpty);
    return parts;
  }
}
