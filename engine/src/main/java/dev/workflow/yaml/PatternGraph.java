package dev.workflow.yaml;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The graph that one pattern is written out as, and where the parts of it stood. */
final class PatternGraph {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ObjectNode pattern;

  /** Pointer of the pattern as the author wrote it. */
  private final String written;

  private final String pointer;
  private final Origins origins;
  private final Set<String> taken;
  private final ObjectNode steps = NODES.objectNode();
  private final ObjectNode outputs = NODES.objectNode();

  /**
   * An empty graph.
   *
   * @param pattern what the author wrote below the word
   * @param step pointer of the step that has the pattern
   * @param taken the names that the document gives already
   */
  PatternGraph(ObjectNode pattern, String step, String word, Origins origins, Set<String> taken) {
    this.pattern = pattern;
    this.written = Pointers.child(step, word);
    this.pointer = step + "/steps";
    this.origins = origins;
    this.taken = new HashSet<>(taken);
    origins.value(pointer, written, 0);
    origins.value(step + "/outputs", written, 0);
  }

  ObjectNode steps() {
    return steps;
  }

  ObjectNode outputs() {
    return outputs;
  }

  /** What the author wrote for a key. */
  JsonNode said(String key) {
    return pattern.path(key);
  }

  /** Where the author wrote a key, such as {@code prompt} or {@code parts/output}. */
  String place(String key) {
    return written + "/" + key;
  }

  /** A name that nothing else in the document has, which is the given one if that is free. */
  String free(String name) {
    return Names.free(name, taken);
  }

  /** A text that can be put together of the author's and of other words. */
  Words words() {
    return new Words();
  }

  /** A list of the agents that the author named, each with what was said of it. */
  List<String> agents() {
    List<String> names = new ArrayList<>();
    JsonNode agents = pattern.path("agents");
    if (agents.isArray()) {
      agents.forEach(agent -> names.add(agent.asString("")));
    } else {
      names.addAll(agents.propertyNames());
    }
    return names;
  }

  /** A new step of the graph. */
  Made step(String id) {
    return new Made(steps.putObject(id), Pointers.child(pointer, id));
  }

  /** A step in the making. */
  final class Made {
    private final ObjectNode step;
    private final String at;

    private Made(ObjectNode step, String at) {
      this.step = step;
      this.at = at;
    }

    /** Sets a key to a value of our own. */
    Made set(String key, JsonNode value) {
      step.set(key, value);
      return this;
    }

    /** Sets a key to a text of our own. */
    Made set(String key, String text) {
      step.put(key, text);
      return this;
    }

    /** Sets a key to a text of our own that is about something the author wrote. */
    Made set(String key, String text, String of) {
      origins.value(at + "/" + key, place(of), 0);
      return set(key, text);
    }

    /**
     * Sets a key to what the author wrote somewhere; where that is nothing, the key stays absent.
     */
    Made copy(String key, String of) {
      JsonNode value = pattern.at("/" + of);
      if (!value.isMissingNode()) {
        step.set(key, value);
        origins.copied(at + "/" + key, place(of));
      }
      return this;
    }

    Made prompt(Words words) {
      step.put("prompt", words.text.toString());
      origins.pieces(at + "/prompt", words.pieces);
      return this;
    }

    Made context(List<String> ids) {
      ArrayNode context = NODES.arrayNode();
      ids.forEach(context::add);
      return ids.isEmpty() ? this : set("context", context);
    }

    /** A step inside this one. */
    Made inside(String id) {
      ObjectNode inner =
          step.path("steps") instanceof ObjectNode map ? map : step.putObject("steps");
      return new Made(inner.putObject(id), Pointers.child(at + "/steps", id));
    }
  }

  /** A text for a model. */
  final class Words {
    private final StringBuilder text = new StringBuilder();
    private final List<Origins.Piece> pieces = new ArrayList<>();

    /** Words of our own, which hold no braces. */
    Words say(String words) {
      text.append(words);
      return this;
    }

    /** A text of the author. */
    Words quote(String key) {
      pieces.add(new Origins.Piece(text.length(), place(key)));
      text.append(pattern.at("/" + key).asString(""));
      return this;
    }

    /** The agents of the author, a line each, with what they are for. */
    Words roll() {
      for (String name : agents()) {
        say("\n- " + name + ": ").quote(Pointers.child("agents", name));
      }
      return this;
    }

    /** A heading and a text of the author. */
    Words section(String title, String key) {
      return say("\n\n## " + title + "\n").quote(key);
    }
  }
}
