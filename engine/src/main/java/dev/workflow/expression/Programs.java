package dev.workflow.expression;

import dev.workflow.engine.Expressions.Types;
import dev.workflow.engine.Expressions.Wanted;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Expressions taken apart before are not parsed again: a workflow says the same thing in many
 * places, and is checked more than once. Types are checked anew each time, which is cheap.
 */
final class Programs {
  private static final int KEPT_MAX = 2_000;

  private final ConcurrentMap<String, Syntax> parsed = new ConcurrentHashMap<>();

  Program of(String source, Types types, Wanted wanted) {
    Syntax known = parsed.get(source);
    Syntax syntax = known == null ? Parser.parse(source) : known;
    if (known == null) {
      if (parsed.size() >= KEPT_MAX) {
        parsed.clear();
      }
      parsed.put(source, syntax);
    }
    return Program.of(source, syntax, types, wanted);
  }
}
