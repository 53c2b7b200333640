package dev.workflow.expression;

import dev.workflow.engine.Expressions.Types;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names in reach while an expression is checked. The innermost wins: the variable of a loop, a
 * local, a step, an input.
 */
final class Scope {
  static final String INPUTS = "inputs";
  static final String STEPS = "steps";

  private record Loop(String name, Checked variable) {}

  private final Types types;
  private final Deque<Loop> loops = new ArrayDeque<>();
  private final Set<String> outputs = new TreeSet<>();
  private final Set<String> endings = new TreeSet<>();
  private final Set<String> locals = new TreeSet<>();
  private int slots;

  Scope(Types types) {
    this.types = types;
  }

  Set<String> outputs() {
    return outputs;
  }

  Set<String> endings() {
    return endings;
  }

  Set<String> locals() {
    return locals;
  }

  /** How many variables may be in reach at once. */
  int slots() {
    return slots;
  }

  /** Brings the variable of a loop into reach and returns its slot. */
  int open(String name, Type type) {
    int slot = loops.size();
    slots = Math.max(slots, slot + 1);
    loops.push(new Loop(name, new Checked(new Reads.Variable(slot), type)));
    return slot;
  }

  void close() {
    loops.pop();
  }

  /** What a name stands for; null: it is unknown. */
  @Nullable Checked find(String name) {
    Checked variable = variable(name);
    if (variable != null) {
      return variable;
    }
    var local = types.locals().get(name);
    if (local != null) {
      locals.add(name);
      return new Checked(new Reads.Local(name), SchemaTypes.of(local));
    }
    if (name.equals(INPUTS)) {
      return new Checked(new Reads.Inputs(), Type.MapOf.OF_ANY);
    }
    var step = types.steps().get(name);
    if (step != null) {
      outputs.add(name);
      return new Checked(new Reads.Output(name), SchemaTypes.of(step));
    }
    return input(name);
  }

  @Nullable Checked input(String name) {
    var input = types.inputs().get(name);
    return input == null ? null : new Checked(new Reads.Input(name), SchemaTypes.of(input));
  }

  private @Nullable Checked variable(String name) {
    for (Loop loop : loops) {
      if (loop.name().equals(name)) {
        return loop.variable();
      }
    }
    return null;
  }

  /** Whether {@code inputs} or {@code steps} means what the language says. */
  boolean isOurs(String name) {
    return variable(name) == null && !types.locals().containsKey(name);
  }

  void waitFor(String step) {
    endings.add(step);
  }

  Set<String> inputs() {
    return types.inputs().keySet();
  }

  Set<String> steps() {
    return types.steps().keySet();
  }

  /** Every name in reach. */
  Set<String> names() {
    Set<String> names = new TreeSet<>(types.locals().keySet());
    names.addAll(types.steps().keySet());
    names.addAll(types.inputs().keySet());
    loops.forEach(loop -> names.add(loop.name()));
    names.add(INPUTS);
    names.add(STEPS);
    return names;
  }
}
