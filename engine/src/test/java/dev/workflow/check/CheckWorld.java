package dev.workflow.check;

import dev.workflow.check.CheckRequest.ModelWishes;
import dev.workflow.definition.Effect;
import dev.workflow.definition.Label;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Place;
import dev.workflow.definition.ProblemText;
import dev.workflow.engine.Canonical;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Models;
import dev.workflow.engine.Price;
import dev.workflow.engine.ToolSpec;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Validator;
import dev.workflow.expression.CelExpressions;
import dev.workflow.run.StepError;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.skills.SkillFolders;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;

/**
 * A scripted world around the check: real files, skills and schemas; servers and models by word.
 */
final class CheckWorld implements Servers, Tools, Models {
  private final Path folder;
  private final Validator validator = new JsonSchemas();
  private final Documents documents = new YamlDocuments(validator);
  private final Map<String, List<ToolSpec>> offered = new LinkedHashMap<>();
  private final Map<String, StepError> failing = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final Set<String> usable = new HashSet<>();
  private final Map<String, Place> required = new LinkedHashMap<>();
  private final Map<String, Duration> learned = new LinkedHashMap<>();
  private final Expressions expressions = new CelExpressions();
  private final Map<String, Price> prices = new LinkedHashMap<>();
  private ModelWishes wishes = ModelWishes.NONE;
  private boolean probe = true;

  private final Map<String, JsonNode> entries = new LinkedHashMap<>();
  private final Set<String> unapproved = new TreeSet<>();

  CheckWorld(Path folder) {
    this.folder = folder;
    file(".git/HEAD", "");
  }

  /** JSON with single quotes. */
  static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  CheckWorld file(String name, String text) {
    try {
      Path file = folder.resolve(name);
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  CheckWorld server(String name) {
    offered.putIfAbsent(name, new ArrayList<>());
    return this;
  }

  CheckWorld tool(String server, String name) {
    return tool(server, name, Effect.READ, "{'type':'object'}", null);
  }

  CheckWorld tool(
      String server, String name, Effect effect, String input, @Nullable String output) {
    return tool(server, name, effect, true, input, output);
  }

  /** A tool that says it reaches nothing but what its server holds. */
  CheckWorld closed(String server, String name, Effect effect) {
    return tool(server, name, effect, false, "{'type':'object'}", null);
  }

  private CheckWorld tool(
      String server,
      String name,
      Effect effect,
      boolean openWorld,
      String input,
      @Nullable String output) {
    offered
        .computeIfAbsent(server, each -> new ArrayList<>())
        .add(
            new ToolSpec(
                server,
                name,
                name,
                "A tool.",
                json(input),
                output == null ? null : json(output),
                effect,
                openWorld,
                Canonical.hash("digest of " + name)));
    return this;
  }

  /** A tool as `tools/list` describes it. */
  CheckWorld described(String server, JsonNode tool) {
    JsonNode hints = tool.path("annotations");
    Effect change =
        hints.path("destructiveHint").asBoolean(true) ? Effect.DESTRUCTIVE : Effect.WRITE;
    String name = tool.path("name").stringValue();
    offered
        .computeIfAbsent(server, each -> new ArrayList<>())
        .add(
            new ToolSpec(
                server,
                name,
                hints.path("title").asString(name),
                tool.path("description").asString(""),
                tool.path("inputSchema"),
                tool.has("outputSchema") ? tool.get("outputSchema") : null,
                hints.path("readOnlyHint").asBoolean(false) ? Effect.READ : change,
                hints.path("openWorldHint").asBoolean(true),
                Canonical.hash("digest of " + name)));
    return this;
  }

  CheckWorld broken(String server, StepError error) {
    failing.put(server, error);
    return server(server);
  }

  CheckWorld usable(String... models) {
    usable.addAll(List.of(models));
    return this;
  }

  CheckWorld wishing(ModelWishes wanted) {
    wishes = wanted;
    return this;
  }

  CheckWorld learned(String step, Duration duration) {
    learned.put(step, duration);
    return this;
  }

  CheckWorld withoutProbing() {
    probe = false;
    return this;
  }

  /** No run may start without this server, which is defined in another file. */
  CheckWorld requires(String server) {
    required.put(server, new Place("mcp.json", 1, 20, ""));
    return server(server);
  }

  /** The servers that were started. */
  Set<String> asked() {
    return asked;
  }

  Checked check(String workflow) {
    file("flow.yaml", workflow);
    return check(folder.resolve("flow.yaml"), null);
  }

  /** Checks a file where it is, with the servers that it defines itself. */
  Checked check(Path file, @Nullable Path shipped) {
    Path user = folder.resolve("home/skills");
    Checker.Ports ports =
        new Checker.Ports(
            documents,
            new SkillFolders(documents, validator, user, shipped),
            this,
            this,
            answers -> documents.tree(answers, "answers.schema.json"),
            expressions,
            validator,
            Locks.NONE);
    return new Checker(ports).check(new CheckRequest(file, null, probe, priced(), learned));
  }

  private ModelWishes priced() {
    return new ModelWishes(
        wishes.simulate(),
        wishes.requireModel(),
        wishes.shared(),
        wishes.chosen(),
        model -> Optional.ofNullable(prices.get(model.name())));
  }

  /** From now on the price of a model is known. */
  CheckWorld priced(String model) {
    prices.put(model, Price.FREE);
    return this;
  }

  /** All problems as a terminal shows them, folders left out. */
  String problems(String workflow) {
    return ProblemText.of(check(workflow).problems()).replace(folder + "/", "");
  }

  @Override
  public Opened open(List<Written> workflows) {
    workflows.forEach(written -> entries.putAll(written.workflow().servers()));
    entries.keySet().forEach(this::server);
    return new Opened(this, JsonNodeFactory.instance.objectNode(), required, Map.of(), List.of());
  }

  @Override
  public Set<String> servers() {
    return offered.keySet();
  }

  @Override
  public Optional<List<ToolSpec>> known(String server) {
    return Optional.empty();
  }

  @Override
  public Mono<List<ToolSpec>> list(String server) {
    asked.add(server);
    StepError error = failing.get(server);
    return error == null
        ? Mono.just(offeredBy(server))
        : Mono.error(new ToolException(error, false));
  }

  private List<ToolSpec> offeredBy(String server) {
    JsonNode entry = entries.getOrDefault(server, MissingNode.getInstance());
    Set<String> without = texts(entry.path("excludeTools"));
    Set<String> only = texts(entry.path("includeTools"));
    return Objects.requireNonNull(offered.get(server)).stream()
        .filter(tool -> only.isEmpty() || only.contains(tool.name()))
        .filter(tool -> !without.contains(tool.name()))
        .toList();
  }

  private static Set<String> texts(JsonNode list) {
    Set<String> texts = new TreeSet<>();
    list.forEach(each -> texts.add(each.stringValue()));
    return texts;
  }

  @Override
  public Map<String, Set<Label>> labels(String server) {
    Map<String, Set<Label>> labels = new LinkedHashMap<>();
    entries
        .getOrDefault(server, MissingNode.getInstance())
        .path("labels")
        .properties()
        .forEach(
            one -> {
              Set<Label> own = new TreeSet<>();
              one.getValue().forEach(word -> own.add(Label.of(word.stringValue())));
              labels.put(one.getKey(), own);
            });
    return labels;
  }

  @Override
  public Mono<Tools.Answer> call(Call call) {
    throw new UnsupportedOperationException("The check calls no tool.");
  }

  /** From now on a server is one that nobody has approved. */
  CheckWorld unapproved(String server) {
    unapproved.add(server);
    return this;
  }

  @Override
  public boolean isBelieved(String server) {
    return !unapproved.contains(server);
  }

  @Override
  public String identity(String server) {
    return server;
  }

  @Override
  public String identity(ModelRef model) {
    return model.name();
  }

  @Override
  public Set<String> secrets() {
    return Set.of();
  }

  @Override
  public void close() {}

  @Override
  public Optional<String> unusable(ModelRef model) {
    return usable.contains(model.name())
        ? Optional.empty()
        : Optional.of("set " + model.provider().toUpperCase(Locale.ROOT) + "_API_KEY");
  }

  @Override
  public Bound bound(Request request) {
    return new Bound(0, 0);
  }

  @Override
  public Mono<Reply> ask(Request request, Consumer<String> progress) {
    throw new UnsupportedOperationException("The check asks no model.");
  }
}
