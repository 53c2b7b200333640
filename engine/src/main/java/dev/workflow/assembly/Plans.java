package dev.workflow.assembly;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.PlanHeader;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Documents;
import dev.workflow.engine.DurableFile;
import dev.workflow.yaml.PlanText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The plans that are kept in a home: one JSON file each, which is read like any workflow file. Only
 * the user may read them.
 */
public final class Plans {
  private static final String SUFFIX = ".json";
  private static final int DIGEST_CHARS = 6;
  private static final int NAME_CHARS = 40;

  private final Path folder;
  private final Documents documents;

  Plans(Path folder, Documents documents) {
    this.folder = folder;
    this.documents = documents;
  }

  /**
   * A plan as its file says.
   *
   * @param header absent: the file cannot be read as a plan, {@code problems} says why
   */
  public record Kept(
      String id,
      Path file,
      @Nullable PlanHeader header,
      @Nullable Workflow workflow,
      List<Problem> problems) {
    public Kept {
      problems = List.copyOf(problems);
    }
  }

  /** No plan goes by a name, or several do; the message is for people. */
  public static final class NoSuchPlanException extends RuntimeException {
    private static final long serialVersionUID = 1;

    NoSuchPlanException(String message) {
      super(message);
    }
  }

  /** All of them by id. */
  public List<Kept> list() {
    return ids().stream().map(this::read).toList();
  }

  /** Whether some plan goes by a name. */
  public boolean has(String name) {
    return match(name).size() == 1;
  }

  /**
   * The plan of a name.
   *
   * @param name its id or a unique beginning of it
   * @throws NoSuchPlanException when there is none, or there are several
   */
  public Kept find(String name) {
    List<String> found = match(name);
    if (found.size() > 1) {
      throw new NoSuchPlanException(
          "Expected the id of one plan, found `%s`, with which several begin: %s."
              .formatted(name, String.join(", ", found)));
    }
    if (found.isEmpty()) {
      throw new NoSuchPlanException(
          "There is no plan `%s` in %s. %s".formatted(name, folder, Nearest.hint(name, ids())));
    }
    return read(found.get(0));
  }

  /**
   * Keeps a plan under an id that follows from its name and content: the same plan is kept once.
   *
   * @param document as {@link dev.workflow.check.Checked.Definition#asPlan} gives it
   */
  public Kept keep(JsonNode document) {
    PlanHeader header =
        PlanHeader.of(document)
            .orElseThrow(() -> new IllegalArgumentException("Expected a plan, found none"));
    JsonNode workflow = PlanHeader.without(document);
    String id = slug(workflow.path("name").asString("plan")) + "-" + shortDigest(workflow);
    ObjectNode named =
        new PlanHeader(
                id,
                header.goal(),
                header.created(),
                header.reasons(),
                header.run(),
                header.folder(),
                header.tools(),
                header.skills())
            .over(workflow);
    write(file(id), PlanText.of(named));
    return read(id);
  }

  /**
   * Deletes a plan; its runs stay.
   *
   * @throws NoSuchPlanException as {@link #find} does
   */
  public Kept delete(String name) {
    Kept plan = find(name);
    try {
      Files.deleteIfExists(plan.file());
      return plan;
    } catch (IOException e) {
      throw new UncheckedIOException("Plan " + plan.id() + " cannot be deleted: " + e, e);
    }
  }

  private List<String> match(String name) {
    List<String> all = ids();
    return all.contains(name)
        ? List.of(name)
        : name.isEmpty() ? List.of() : all.stream().filter(id -> id.startsWith(name)).toList();
  }

  private Path file(String id) {
    return folder.resolve(id + SUFFIX);
  }

  private Kept read(String id) {
    Path file = file(id);
    Documents.Reading reading = documents.workflow(file);
    Workflow workflow = reading.workflow();
    List<Problem> problems = new ArrayList<>(reading.problems());
    Optional<PlanHeader> header =
        workflow == null ? Optional.empty() : PlanHeader.of(workflow.document());
    if (workflow != null && header.isEmpty()) {
      problems.add(
          Problem.invalid(
              Rule.NO_PLAN,
              reading.source().place(""),
              "Expected a plan, found a workflow without the key `plan`.",
              "`workflow plan create --from FILE` makes a plan of a workflow file."));
    }
    return new Kept(id, file, header.orElse(null), workflow, problems);
  }

  private List<String> ids() {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(name -> name.endsWith(SUFFIX) && !name.startsWith("."))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    } catch (NoSuchFileException none) {
      return List.of();
    } catch (IOException e) {
      throw new UncheckedIOException("The plans in " + folder + " cannot be listed: " + e, e);
    }
  }

  private static String shortDigest(JsonNode workflow) {
    return Canonical.hash(workflow).substring(0, DIGEST_CHARS);
  }

  /** What of a name may stand in an id. */
  private static String slug(String name) {
    String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    String bounded = plain.substring(0, Math.min(NAME_CHARS, plain.length()));
    String slug = bounded.replaceAll("^-+|-+$", "");
    return slug.isEmpty() ? "plan" : slug;
  }

  private static void write(Path file, String text) {
    try {
      DurableFile.replacePrivate(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("Plan " + file + " cannot be written: " + e, e);
    }
  }
}
