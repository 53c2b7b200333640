package dev.workflow.expression;

import java.time.DateTimeException;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.NullNode;

/** Parts that need only what decides them. */
final class Logic {
  private Logic() {}

  /**
   * {@code and}, {@code or}: one side may decide alone, whatever the other one comes to.
   *
   * @param deciding the value of a side that decides: true for {@code or}
   */
  record Junction(boolean deciding, Code left, Code right) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      frame.budget().step();
      Stop stopped = null;
      try {
        if (Args.truth(left.run(frame)) == deciding) {
          return Args.of(deciding);
        }
      } catch (Stop.OverBudget e) {
        throw e;
      } catch (Stop e) {
        stopped = e;
      }
      try {
        if (Args.truth(right.run(frame)) == deciding) {
          return Args.of(deciding);
        }
      } catch (Stop e) {
        throw stopped == null ? e : Stop.merge(stopped, e);
      }
      if (stopped != null) {
        throw stopped;
      }
      return Args.of(!deciding);
    }
  }

  /** {@code condition ? then : otherwise}. */
  record Choice(Code condition, Code then, Code otherwise) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      frame.budget().step();
      return (Args.truth(condition.run(frame)) ? then : otherwise).run(frame);
    }
  }

  /** The first that exists and is not null. */
  record Coalesce(List<Code> choices) implements Code {
    Coalesce {
      choices = List.copyOf(choices);
    }

    @Override
    public JsonNode run(Frame frame) {
      Stop missing = null;
      for (Code choice : choices) {
        try {
          JsonNode value = choice.run(frame);
          if (!value.isNull()) {
            return value;
          }
        } catch (Stop.Missing e) {
          missing = missing == null ? e : Stop.merge(missing, e);
        } catch (Stop.Failure e) {
          if (!e.isAbsent()) {
            throw e;
          }
        }
      }
      if (missing != null) {
        throw missing;
      }
      return NullNode.getInstance();
    }
  }

  record Equality(boolean wanted, Code left, Code right) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      JsonNode[] both = Code.all(List.of(left, right), frame);
      return Args.of(Compare.equal(both[0], both[1], frame.budget()) == wanted);
    }
  }

  /** Whether a list has an element, or an object a key. */
  record In(Code value, Code collection) implements Code {
    @Override
    public JsonNode run(Frame frame) {
      JsonNode[] both = Code.all(List.of(value, collection), frame);
      if (both[1].isObject()) {
        return Args.of(both[1].has(Literals.key(both[0])));
      }
      for (JsonNode element : Args.list(both[1])) {
        if (Compare.equal(both[0], element, frame.budget())) {
          return Args.of(true);
        }
      }
      return Args.of(false);
    }
  }

  /** A call of a function; all its arguments are needed. */
  record Invoke(Function.Operation operation, List<Code> arguments) implements Code {
    Invoke {
      arguments = List.copyOf(arguments);
    }

    @Override
    public JsonNode run(Frame frame) {
      frame.budget().step();
      try {
        return operation.apply(Code.all(arguments, frame), frame);
      } catch (ArithmeticException | DateTimeException e) {
        throw new Stop.Failure("The result is out of range");
      }
    }
  }
}
