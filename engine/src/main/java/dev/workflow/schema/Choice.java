package dev.workflow.schema;

import com.networknt.schema.Error;
import com.networknt.schema.path.NodePath;
import dev.workflow.engine.Validator.Violation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The errors of one {@code anyOf} or {@code oneOf} at one place of the value. Listing every
 * alternative's errors confuses, so the alternative that was meant is looked for.
 */
final class Choice {
  private static final Set<String> CHOICES = Set.of("anyOf", "oneOf");
  private static final Set<String> NAMED =
      Set.of("properties", "patternProperties", "additionalProperties", "unevaluatedProperties");
  private static final Set<String> LISTED =
      Set.of("items", "prefixItems", "additionalItems", "unevaluatedItems", "contains");
  private static final Set<String> NUMBERED = Set.of("allOf", "anyOf", "oneOf", "prefixItems");
  private static final Set<String> KEYED =
      Set.of("properties", "patternProperties", "dependentSchemas", "dependencies");
  private static final Set<String> KINDS = Set.of("type", "enum", "const");
  private static final int SHOWN_MAX = 3;

  /**
   * Which choice an error belongs to.
   *
   * @param schema evaluation path of the {@code anyOf} or {@code oneOf}
   * @param pointer where in the value it applies
   * @param after index in evaluation paths of what follows the choice's keyword
   * @param keyword {@code anyOf} or {@code oneOf}
   */
  record Key(String schema, String pointer, int after, String keyword) {}

  private final Key key;
  private final Map<Integer, List<Error>> branches = new TreeMap<>();
  private @Nullable Error own;

  Choice(Key key) {
    this.key = key;
  }

  /**
   * The first choice on an error's evaluation path at or after {@code from}; null: there is none.
   */
  static @Nullable Key keyOf(Error error, int from) {
    NodePath path = error.getEvaluationPath();
    int depth = 0;
    int at = 0;
    while (at < path.getNameCount()) {
      String keyword = String.valueOf(path.getElement(at));
      if (at >= from && CHOICES.contains(keyword)) {
        String pointer = Pointers.prefix(error.getInstanceLocation(), depth);
        return new Key(Pointers.prefix(path, at + 1), pointer, at + 1, keyword);
      }
      if (NAMED.contains(keyword) || LISTED.contains(keyword)) {
        depth++;
      }
      at += 1 + operands(path, at, keyword);
    }
    return null;
  }

  /** How many elements after a keyword belong to it, such as a property's name. */
  private static int operands(NodePath path, int at, String keyword) {
    if (KEYED.contains(keyword) || NUMBERED.contains(keyword)) {
      return 1;
    }
    boolean numbered = at + 1 < path.getNameCount() && path.getElement(at + 1) instanceof Integer;
    return keyword.equals("items") && numbered ? 1 : 0;
  }

  void add(Error error) {
    NodePath path = error.getEvaluationPath();
    if (path.getNameCount() <= key.after()) {
      own = error;
      return;
    }
    int branch = ((Number) path.getElement(key.after())).intValue();
    branches.computeIfAbsent(branch, b -> new ArrayList<>()).add(error);
  }

  List<Violation> violations() {
    Error mine = own;
    if (branches.isEmpty()) {
      return mine == null ? List.of() : List.of(fitsSeveral(mine));
    }
    List<Error> kinds = wrongKinds();
    if (kinds.size() == branches.size()) {
      return List.of(merged(kinds));
    }
    List<List<Violation>> meant = meant();
    return meant.size() == 1 ? meant.getFirst() : List.of(fitsNone(meant));
  }

  /** For each alternative that fails by its kind alone at this very place, the error. */
  private List<Error> wrongKinds() {
    return branches.values().stream()
        .filter(errors -> errors.size() == 1 && isKindHere(errors.getFirst()))
        .map(List::getFirst)
        .toList();
  }

  private boolean isKindHere(Error error) {
    return KINDS.contains(error.getKeyword()) && isAt(error, 0);
  }

  private boolean isAt(Error error, int below) {
    String place = Pointers.of(error.getInstanceLocation());
    int names = place.isEmpty() ? 0 : place.split("/", -1).length - 1;
    int mine = key.pointer().isEmpty() ? 0 : key.pointer().split("/", -1).length - 1;
    return names - mine == below;
  }

  private Violation merged(List<Error> kinds) {
    List<String> wanted = new ArrayList<>();
    for (Error kind : kinds) {
      wanted.add(
          switch (kind.getKeyword()) {
            case "type" -> Wording.types(kind);
            case "enum" -> Wording.oneOf(kind);
            default -> Wording.shown(kind.getSchemaNode());
          });
    }
    List<String> keywords = kinds.stream().map(Error::getKeyword).distinct().toList();
    String keyword = keywords.size() == 1 ? keywords.getFirst() : key.keyword();
    JsonNode found = kinds.getFirst().getInstanceNode();
    String either = Wording.either(wanted.stream().distinct().toList());
    return new Violation(key.pointer(), keyword, "", Wording.expected(either, found));
  }

  /** The alternatives that the value seems to be meant for: neither kind nor tag rules them out. */
  private List<List<Violation>> meant() {
    List<List<Error>> right =
        branches.values().stream().filter(e -> e.stream().noneMatch(this::isKindHere)).toList();
    List<List<Error>> tagged =
        right.stream().filter(errors -> errors.stream().noneMatch(this::isTag)).toList();
    List<List<Error>> left = !tagged.isEmpty() ? tagged : right;
    List<List<Error>> some = left.isEmpty() ? List.copyOf(branches.values()) : left;
    return some.stream().map(errors -> Violations.collapse(errors, key.after() + 1)).toList();
  }

  /** A wrong constant in a property right below tells alternatives apart. */
  private boolean isTag(Error error) {
    String keyword = error.getKeyword();
    return (keyword.equals("const") || keyword.equals("enum")) && isAt(error, 1);
  }

  private Violation fitsSeveral(Error error) {
    Object[] arguments = error.getArguments();
    Object count = arguments == null || arguments.length == 0 ? "several" : arguments[0];
    String message =
        "expected to fit exactly one of %d alternatives, fits %s"
            .formatted(error.getSchemaNode().size(), count);
    return new Violation(key.pointer(), key.keyword(), "", message);
  }

  private Violation fitsNone(List<List<Violation>> alternatives) {
    String reasons =
        alternatives.stream()
            .limit(SHOWN_MAX)
            .map(violations -> relative(violations.getFirst()))
            .collect(Collectors.joining("; or "));
    int rest = alternatives.size() - SHOWN_MAX;
    String more = rest > 0 ? "; or " + rest + " more" : "";
    String message = "fits none of %d alternatives: ".formatted(branches.size()) + reasons + more;
    return new Violation(key.pointer(), key.keyword(), "", message);
  }

  private String relative(Violation violation) {
    String pointer = violation.pointer();
    String below =
        pointer.startsWith(key.pointer()) ? pointer.substring(key.pointer().length()) : pointer;
    return below.isEmpty() ? violation.message() : below + " " + violation.message();
  }
}
