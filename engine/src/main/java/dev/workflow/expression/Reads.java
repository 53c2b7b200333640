package dev.workflow.expression;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Parts that look something up. */
final class Reads {
  private Reads() {}

  record Constant(JsonNode value) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      return value;
    }
  }

  /** The variable of a loop. */
  record Variable(int slot) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      return frame.variable(slot);
    }
  }

  /** All inputs. */
  record Inputs() implements Code {
    @Override
    public JsonNode run(Frame frame) {
      return frame.values().inputs();
    }
  }

  /** One input; one that was not given is null. */
  record Input(String name) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      return orNull(frame.values().inputs().get(name));
    }
  }

  /** The output of a step. */
  record Output(String step) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      JsonNode output = frame.values().output(step);
      if (output == null) {
        throw new Stop.Missing(Set.of(step));
      }
      return output;
    }
  }

  /** What stands behind {@code steps.id.} for the blocks that its tool gave. */
  static final String CONTENT = "content";

  /** How a step ended, or what its tool gave. */
  record Ending(String step, String field) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      return field.equals(CONTENT)
          ? frame.values().content(step)
          : orNull(frame.values().ending(step).get(field));
    }
  }

  record Local(String name) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      return orNull(frame.values().local(name));
    }
  }

  /**
   * A property.
   *
   * @param declared whether the schema names it: then it reads as null where it is absent
   */
  record Property(Code object, String name, boolean declared) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      frame.budget().step();
      JsonNode value = object.run(frame);
      if (!value.isObject()) {
        throw Stop.Failure.absent("There is no `" + name + "` in " + Args.shown(value));
      }
      JsonNode found = value.get(name);
      if (found == null && !declared) {
        throw Stop.Failure.absent("There is no `" + name + "` in the object");
      }
      return orNull(found);
    }
  }

  /** Whether a property is there. */
  record Has(Code object, String name) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      frame.budget().step();
      return Args.of(object.run(frame).has(name));
    }
  }

  /** Whether a step has ended in a way that left something in a field. */
  record HasEnding(Ending ending) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      return Args.of(!ending.run(frame).isNull());
    }
  }

  /** An element of a list, or a property whose name is computed. */
  record Index(Code of, Code key) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      frame.budget().step();
      JsonNode[] both = Code.all(List.of(of, key), frame);
      return both[0].isObject() ? property(both[0], both[1]) : element(both[0], both[1]);
    }

    private static JsonNode property(JsonNode object, JsonNode key) {
      JsonNode found = object.get(Literals.key(key));
      if (found == null) {
        throw Stop.Failure.absent("There is no " + Args.shown(key) + " in the object");
      }
      return found;
    }

    private static JsonNode element(JsonNode list, JsonNode key) {
      if (!list.isArray()) {
        throw Args.expected("a list or an object", list);
      }
      long index = Numbers.whole(key);
      if (index < 0 || index >= list.size()) {
        throw Stop.Failure.absent("There is no element " + index + " in a list of " + list.size());
      }
      return list.get((int) index);
    }
  }

  static JsonNode orNull(@Nullable JsonNode value) {
    return value == null ? NullNode.getInstance() : value;
  }
}
