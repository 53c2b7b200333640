package dev.workflow.schema;

import com.networknt.schema.Schema;
import dev.workflow.engine.Validator.Violation;
import java.util.List;

/** What compiling a schema came to. */
sealed interface CompiledSchema {

  /** It can be used. */
  record Sound(Schema schema) implements CompiledSchema {}

  /** It breaks its meta-schema or refers to what is not there. */
  record Unsound(List<Violation> problems) implements CompiledSchema {
    public Unsound {
      problems = List.copyOf(problems);
    }
  }
}
