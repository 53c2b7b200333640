package dev.workflow.check.flow;

import dev.workflow.definition.Capability;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Label;
import dev.workflow.engine.Skills;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Finds the labels of tools: what their server's entry says, else the vocabulary by their name,
 * else their words, parameters and hints. A tool of which nothing is known has all of them.
 */
final class Labelling {
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
  private static final Set<String> WEB =
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
  private static final Set<String> OUTSIDERS =
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
  private static final Set<String> HOUSE =
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
  private static final Set<String> SENDING =
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
  private static final Set<String> LOCAL =
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
  private static final Set<String> ADDRESSES =
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

  private static final Set<String> RECIPIENTS =
      Set.of("to", "cc", "bcc", "recipient", "attendee", "channel", "phone", "email");

  private final Skills skills;
  private final Tools tools;
  private final Map<String, ToolLabels> known = new HashMap<>();

  Labelling(Skills skills, Tools tools) {
    this.skills = skills;
    this.tools = tools;
  }

  /** The labels of a tool that its server has described. */
  ToolLabels of(ToolSpec tool) {
    return known.computeIfAbsent(
        tool.fullName(), name -> said(tool.server(), tool.name()).orElseGet(() -> derived(tool)));
  }

  /** The labels of a tool of which the name alone is known; empty: the name says nothing. */
  Optional<ToolLabels> ofName(String server, String tool) {
    Optional<ToolLabels> said = said(server, tool);
    return said.isPresent() ? said : skills.offeredBy(tool).map(Labelling::of);
  }

  private Optional<ToolLabels> said(String server, String tool) {
    return Optional.ofNullable(tools.labels(server).get(tool))
        .map(labels -> all(labels, "its server's entry says so"));
  }

  private static ToolLabels of(Capability capability) {
    return all(capability.labels(), "known as `" + capability.name() + "`");
  }

  private static ToolLabels all(Set<Label> labels, String reason) {
    Map<Label, String> reasons = new EnumMap<>(Label.class);
    labels.forEach(label -> reasons.put(label, reason));
    return new ToolLabels(reasons);
  }

  private ToolLabels derived(ToolSpec tool) {
    Map<Label, String> reasons = new EnumMap<>(Label.class);
    Optional<Capability> capability = skills.offeredBy(tool.name());
    if (capability.isPresent()) {
      reasons.putAll(of(capability.get()).reasons());
    } else {
      reasons.putAll(new Clues(tool).labels());
    }
    if (!tool.openWorld() && tools.isBelieved(tool.server())) {
      reasons.remove(Label.UNTRUSTED);
      reasons.remove(Label.EXTERNAL);
    }
    return new ToolLabels(reasons);
  }

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
  private static boolean looksUp(ToolSpec tool) {
    return tool.effect() == Effect.READ || words(tool.name()).stream().anyMatch(READING::contains);
  }

  /** The words of a text or a name, small, in the singular. */
  static List<String> words(String text) {
    return written(text).stream().map(Labelling::singular).toList();
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

  /** What a tool's own words and parameters give away. */
  private static final class Clues {
    private final ToolSpec tool;
    private final List<String> name;
    private final List<String> text;
    private final Optional<String> web;

    Clues(ToolSpec tool) {
      this.tool = tool;
      this.name = words(tool.name());
      this.text = new ArrayList<>(name);
      text.addAll(words(tool.title()));
      text.addAll(words(tool.description()));
      Optional<String> address = parameter(ADDRESSES);
      this.web = address.isPresent() ? address : word(text, WEB);
    }

    Map<Label, String> labels() {
      Map<Label, String> labels = new EnumMap<>(Label.class);
      boolean reading = looksUp(tool);
      Optional<String> house = word(text, HOUSE);
      if (reading || web.isPresent()) {
        untrusted(house).ifPresent(reason -> labels.put(Label.UNTRUSTED, reason));
      }
      if (reading && web.isEmpty()) {
        labels.put(Label.PRIVATE, house.orElse("nothing says that it is public"));
      }
      external().ifPresent(reason -> labels.put(Label.EXTERNAL, reason));
      boolean recognised =
          reading || web.isPresent() || word(text, SENDING).isPresent() || isLocal();
      if (!recognised) {
        labels.putAll(ToolLabels.worst("nothing is known of it").reasons());
      }
      return labels;
    }

    private Optional<String> untrusted(Optional<String> house) {
      if (web.isPresent()) {
        return web;
      }
      Optional<String> outsiders = word(text, OUTSIDERS);
      return outsiders.isPresent() || house.isPresent()
          ? outsiders
          : Optional.of("nothing says who writes it");
    }

    private Optional<String> external() {
      if (isReading(tool)) {
        return tool.effect() != Effect.READ || takesText() ? web : Optional.empty();
      }
      Optional<String> recipients = parameter(RECIPIENTS);
      Optional<String> sends = word(name, SENDING);
      if (sends.isPresent() || word(name, LOCAL).isEmpty()) {
        return firstOf(sends, web, word(text, SENDING), recipients);
      }
      return Optional.empty();
    }

    @SafeVarargs
    private static Optional<String> firstOf(Optional<String>... clues) {
      for (Optional<String> clue : clues) {
        if (clue.isPresent()) {
          return clue;
        }
      }
      return Optional.empty();
    }

    private boolean isLocal() {
      return word(text, LOCAL).isPresent();
    }

    private boolean takesText() {
      return tool.inputSchema().path("properties").valueStream().anyMatch(Clues::isText);
    }

    private static boolean isText(JsonNode parameter) {
      String type = parameter.path("type").asString("string");
      return !Set.of("integer", "number", "boolean").contains(type) && !parameter.has("enum");
    }

    private Optional<String> parameter(Set<String> names) {
      return tool.inputSchema().path("properties").propertyNames().stream()
          .filter(each -> words(each).stream().anyMatch(names::contains))
          .findFirst()
          .map(each -> "parameter `" + each + "`");
    }

    private static Optional<String> word(List<String> words, Set<String> wanted) {
      return words.stream()
          .filter(wanted::contains)
          .findFirst()
          .map(each -> "it speaks of `" + each + "`");
    }
  }
}
