package dev.workflow.check.flow;

import dev.workflow.definition.Effect;
import dev.workflow.engine.ToolSpec;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The words by which tools tell what they do. */
final class ToolWords {
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");
  private static final Pattern NO_LETTERS = Pattern.compile("[^a-z]+");

  /** The tool looks something up, whatever else it does. */
  private static final Set<String> READING =
      Set.of(
          "get",
          "list",
          "read",
          "search",
          "find",
          "query",
          "fetch",
          "lookup",
          "look",
          "recall",
          "show",
          "describe",
          "view",
          "load",
          "take",
          "download",
          "count",
          "retrieve",
          "browse",
          "crawl",
          "scrape",
          "snapshot",
          "resolve",
          "check",
          "inspect",
          "export");

  /** Its world is the internet, where an address alone carries data out. */
  static final Set<String> WEB =
      Set.of(
          "web",
          "website",
          "internet",
          "http",
          "https",
          "url",
          "uri",
          "webpage",
          "browser",
          "online",
          "dns",
          "host",
          "hostname",
          "rss",
          "feed",
          "webhook",
          "crawl",
          "scrape");

  /** What outsiders write. */
  static final Set<String> OUTSIDERS =
      Set.of(
          "email",
          "mail",
          "inbox",
          "mailbox",
          "issue",
          "comment",
          "pull",
          "ticket",
          "review",
          "forum",
          "tweet",
          "feedback",
          "submission",
          "attachment",
          "visitor",
          "applicant",
          "candidate",
          "subscriber",
          "public",
          "page",
          "news",
          "post");

  /** What belongs to the house. */
  static final Set<String> HOUSE =
      Set.of(
          "email",
          "mail",
          "inbox",
          "mailbox",
          "file",
          "folder",
          "directory",
          "repository",
          "private",
          "calendar",
          "appointment",
          "contact",
          "customer",
          "account",
          "database",
          "table",
          "row",
          "sql",
          "note",
          "memory",
          "channel",
          "message",
          "document",
          "drive",
          "order",
          "invoice",
          "payment",
          "payroll",
          "employee",
          "patient",
          "record",
          "secret",
          "ticket",
          "issue",
          "contract",
          "log",
          "code",
          "commit",
          "diff",
          "user",
          "conversation",
          "chat",
          "spreadsheet",
          "wiki",
          "project",
          "task");

  /** It brings something to somebody. */
  static final Set<String> SENDING =
      Set.of(
          "send",
          "sent",
          "post",
          "publish",
          "push",
          "upload",
          "reply",
          "answer",
          "comment",
          "invite",
          "invitation",
          "share",
          "submit",
          "notify",
          "tweet",
          "forward",
          "deliver",
          "transfer",
          "navigate",
          "broadcast",
          "sms",
          "pay");

  /** It changes something that stays in the house. */
  static final Set<String> LOCAL =
      Set.of(
          "file",
          "folder",
          "directory",
          "database",
          "sql",
          "table",
          "note",
          "memory",
          "draft",
          "internal",
          "local",
          "label",
          "flag",
          "status",
          "cache");

  /** Parameters that say where something goes. */
  static final Set<String> ADDRESSES =
      Set.of(
          "url",
          "uri",
          "href",
          "link",
          "endpoint",
          "webhook",
          "host",
          "hostname",
          "domain",
          "address");

  static final Set<String> RECIPIENTS =
      Set.of("to", "cc", "bcc", "recipient", "attendee", "channel", "phone", "email");

  private ToolWords() {}

  /** Whether a name is that of an identifier, such as {@code ticket_id}. */
  static boolean isIdentifier(String name) {
    List<String> words = words(name);
    return !words.isEmpty() && words.getLast().equals("id");
  }

  /**
   * Whether a tool only looks something up, as far as its hints and its name say: {@code
   * send_snapshot} sends, but {@code comments_list} reads what was sent.
   */
  static boolean isReading(ToolSpec tool) {
    if (tool.effect() == Effect.READ) {
      return true;
    }
    for (String word : written(tool.name())) {
      if (READING.contains(singular(word))) {
        return true;
      }
      if (SENDING.contains(word)) {
        return false;
      }
    }
    return false;
  }

  /** Whether a tool gives what it looks up, whatever else it does. */
  static boolean looksUp(ToolSpec tool) {
    return tool.effect() == Effect.READ || words(tool.name()).stream().anyMatch(READING::contains);
  }

  /** The words of a text or a name, small, in the singular. */
  static List<String> words(String text) {
    return written(text).stream().map(ToolWords::singular).toList();
  }

  private static List<String> written(String text) {
    String parted = HUMP.matcher(text).replaceAll(" ").toLowerCase(Locale.ROOT);
    return Stream.of(NO_LETTERS.split(parted, -1)).filter(word -> !word.isEmpty()).toList();
  }

  private static String singular(String word) {
    if (word.endsWith("ies") && word.length() > 4) {
      return word.substring(0, word.length() - 3) + "y";
    }
    if (Stream.of("ches", "shes", "sses", "xes").anyMatch(word::endsWith)
        && !word.equals("caches")) {
      return word.substring(0, word.length() - 2);
    }
    return word.endsWith("s")
            && !word.endsWith("ss")
            && !word.endsWith("us")
            && word.length() > 3
            && !word.equals("https")
            && !word.equals("dns")
            && !word.equals("news")
            && !word.equals("rss")
            && !word.equals("sms")
        ? word.substring(0, word.length() - 1)
        : word;
  }
}
