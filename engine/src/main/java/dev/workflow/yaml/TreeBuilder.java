package dev.workflow.yaml;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.yaml.Spot.Span;
import dev.workflow.yaml.Spot.Style;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.parser.ParserImpl;
import org.snakeyaml.engine.v2.scanner.StreamReader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Builds the JSON tree and the places of its values from the events of the YAML parser. */
final class TreeBuilder {

  /** A value, where it stands, and how many values it holds, itself included. */
  record Built(JsonNode value, Spot spot, int size) {}

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final String TEXT_TAG = "tag:yaml.org,2002:str";
  private final SourceText source;
  private final ParserImpl parser;
  private final List<Problem> problems;
  private final Map<Anchor, Optional<Built>> anchors = new HashMap<>();
  private final Budget budget = new Budget();
  private final Set<Integer> broken = new HashSet<>();
  private int offset;

  TreeBuilder(SourceText source, List<Problem> problems) {
    LoadSettings settings =
        LoadSettings.builder()
            .setLabel(source.file())
            .setCodePointLimit(Budget.FILE_BYTES_MAX + 1)
            .build();
    this.source = source;
    this.problems = problems;
    this.parser = new ParserImpl(settings, new StreamReader(settings, source.text()));
  }

  /** Where the values begin that a problem was reported for already. */
  Set<Integer> broken() {
    return broken;
  }

  /** The offset of the newest event, for a failure that names no place itself. */
  int offset() {
    return offset;
  }

  /**
   * Reads the one document of the text.
   *
   * @throws YamlMistake at a mistake after which the rest means nothing
   */
  Built document() {
    next();
    if (!parser.checkEvent(Event.ID.DocumentStart)) {
      throw new YamlMistake(
          Rule.YAML_EMPTY, 0, "Expected a YAML document, found an empty file.", null);
    }
    next();
    Built root = node(next(), 0);
    next();
    if (!parser.checkEvent(Event.ID.StreamEnd)) {
      throw new YamlMistake(
          Rule.YAML_SEVERAL_DOCUMENTS,
          start(parser.peekEvent()),
          "Expected one YAML document, found a second one after `---`.",
          "Keep each document in its own file.");
    }
    return root;
  }

  private Event next() {
    Event event = parser.next();
    offset = start(event);
    return event;
  }

  private int start(Event event) {
    return event.getStartMark().map(this::offset).orElse(offset);
  }

  private int end(Event event) {
    return event.getEndMark().map(this::offset).orElse(offset);
  }

  private int offset(Mark mark) {
    return source.offset(mark.getIndex());
  }

  private Built node(Event event, int depth) {
    Budget.depth(depth, offset);
    if (event instanceof AliasEvent alias) {
      return alias(alias);
    }
    budget.nodes(1, offset);
    Optional<Anchor> anchor =
        event instanceof NodeEvent named ? named.getAnchor() : Optional.empty();
    anchor.ifPresent(name -> anchors.put(name, Optional.empty()));
    Built built =
        switch (event) {
          case MappingStartEvent mapping -> map(mapping, depth);
          case SequenceStartEvent sequence -> list(sequence, depth);
          case ScalarEvent scalar -> scalar(scalar);
          default ->
              throw new YamlMistake(
                  Rule.YAML_SYNTAX, offset, "Expected a value, found " + event + ".", null);
        };
    anchor.ifPresent(name -> anchors.put(name, Optional.of(built)));
    return built;
  }

  private Built alias(AliasEvent alias) {
    budget.alias(offset);
    Optional<Built> target = anchors.get(alias.getAlias());
    if (target == null || target.isEmpty()) {
      String name = alias.getAlias().getValue();
      throw new YamlMistake(
          Rule.YAML_ALIAS,
          offset,
          target == null
              ? "Expected the name of an anchor `&"
                  + name
                  + "` above, found the alias `*"
                  + name
                  + "`."
              : "The alias `*" + name + "` stands inside the value it stands for.",
          target == null ? "Quote the text if it is to begin with `*`." : "Write the value out.");
    }
    budget.nodes(target.get().size(), offset);
    return target.get();
  }

  private Built map(MappingStartEvent event, int depth) {
    int start = offset;
    refuseTag(event.getTag(), start);
    ObjectNode value = NODES.objectNode();
    Map<String, Spot> children = new LinkedHashMap<>();
    int size = 1;
    while (!parser.checkEvent(Event.ID.MappingEnd)) {
      Span key = key(next());
      Built child = node(next(), depth + 1);
      size += child.size() + 1;
      Spot earlier = children.get(key.text());
      if (earlier == null) {
        value.set(key.text(), child.value());
        children.put(key.text(), child.spot().keyed(key));
      } else if (problems.size() < Findings.PROBLEMS_MAX) {
        reportDuplicate(key, earlier);
      }
    }
    return new Built(value, spot(event, start, end(next()), children), size);
  }

  private Built list(SequenceStartEvent event, int depth) {
    int start = offset;
    refuseTag(event.getTag(), start);
    ArrayNode value = NODES.arrayNode();
    Map<String, Spot> children = new LinkedHashMap<>();
    int size = 1;
    while (!parser.checkEvent(Event.ID.SequenceEnd)) {
      Built child = node(next(), depth + 1);
      size += child.size();
      children.put(Integer.toString(value.size()), child.spot().keyed(null));
      value.add(child.value());
    }
    return new Built(value, spot(event, start, end(next()), children), size);
  }

  private static Spot spot(
      CollectionStartEvent event, int start, int end, Map<String, Spot> children) {
    Style style = event.isFlow() ? Style.FLOW : Style.BLOCK;
    return new Spot(null, new Span(start, end, style, ""), children);
  }

  private Span key(Event event) {
    budget.nodes(1, offset);
    if (event instanceof ScalarEvent scalar && !scalar.getValue().isEmpty()) {
      refuseTag(scalar.getTag(), offset);
      Span key = span(scalar);
      scalar
          .getAnchor()
          .ifPresent(
              name ->
                  anchors.put(
                      name, Optional.of(new Built(NODES.stringNode(key.text()), leaf(key), 1))));
      return key;
    }
    throw new YamlMistake(
        event instanceof MappingStartEvent ? Rule.YAML_BRACES : Rule.YAML_KEY,
        offset,
        "Expected a name as key, found " + keyKind(event) + ".",
        event instanceof MappingStartEvent
            ? "Text with braces needs quotes, such as \"{name}\"."
            : "Write a name before the colon.");
  }

  private static String keyKind(Event event) {
    return switch (event) {
      case MappingStartEvent ignored -> "a map in braces";
      case SequenceStartEvent ignored -> "a list in brackets";
      case AliasEvent ignored -> "an alias";
      default -> "nothing";
    };
  }

  private Built scalar(ScalarEvent event) {
    refuseTag(event.getTag(), offset);
    Span span = span(event);
    JsonNode value = event.getTag().isPresent() ? tagged(event) : untagged(event, span);
    return new Built(value, leaf(span), 1);
  }

  private static JsonNode untagged(ScalarEvent event, Span span) {
    return event.isPlain() ? Scalars.plain(span) : NODES.stringNode(event.getValue());
  }

  /** What was taken as a tag was meant as text: it is read as that. */
  private JsonNode tagged(ScalarEvent event) {
    boolean text = event.getTag().map(TEXT_TAG::equals).orElse(false);
    return NODES.stringNode(
        text ? event.getValue() : source.text().substring(start(event), end(event)));
  }

  private static Spot leaf(Span span) {
    return new Spot(null, span, Map.of());
  }

  private Span span(ScalarEvent event) {
    Style style =
        switch (event.getScalarStyle()) {
          case SINGLE_QUOTED -> Style.SINGLE_QUOTED;
          case DOUBLE_QUOTED -> Style.DOUBLE_QUOTED;
          case LITERAL, FOLDED -> Style.BLOCK_TEXT;
          case PLAIN, JSON_SCALAR_STYLE -> event.getValue().isEmpty() ? Style.NOTHING : Style.PLAIN;
        };
    return new Span(afterProperties(event), end(event), style, event.getValue());
  }

  /** The marks of a scalar include its anchor and its tag. */
  private int afterProperties(ScalarEvent event) {
    int at = start(event);
    if (event.getAnchor().isEmpty()) {
      return at;
    }
    while (at < end(event) && (source.at(at) == '&' || source.at(at) == '!')) {
      while (at < end(event) && !Character.isWhitespace(source.at(at))) {
        at++;
      }
      while (at < end(event) && Character.isWhitespace(source.at(at))) {
        at++;
      }
    }
    return at;
  }

  private void refuseTag(Optional<String> tag, int at) {
    if (tag.isPresent() && !tag.get().equals(TEXT_TAG)) {
      broken.add(at);
      if (problems.size() < Findings.PROBLEMS_MAX) {
        problems.add(SyntaxTraps.tag(source, at));
      }
    }
  }

  private void reportDuplicate(Span key, Spot earlier) {
    Span first = earlier.key() == null ? earlier.value() : earlier.key();
    Place place = source.place(key.start());
    problems.add(
        Problem.invalid(
            Rule.DUPLICATE_KEY,
            place,
            "The key `%s` stands twice in one map; the first is in line %d."
                .formatted(key.text(), source.place(first.start()).line()),
            "Remove one of them, or give it another name."));
  }
}
