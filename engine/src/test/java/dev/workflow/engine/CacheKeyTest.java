package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Agent;
import dev.workflow.definition.Allowance;
import dev.workflow.definition.Effect;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.OnError;
import dev.workflow.definition.Policy;
import dev.workflow.definition.Retry;
import dev.workflow.definition.Skill;
import dev.workflow.definition.Workflow;
import dev.workflow.run.Plan;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Two keys are equal where everything that decides the answer is, and nowhere else. */
class CacheKeyTest {
  private static final YamlDocuments DOCUMENTS = new YamlDocuments(new JsonSchemas());
  private static final JsonNode ANY = JsonMapper.shared().createObjectNode();

  /** The parts of a question, each one of two; what else there is stays the same. */
  private static final List<String> OF_A_CALL =
      List.of("workflow", "step", "output", "simulated", "server", "tool", "digest", "argument");

  private static final List<String> OF_AN_AGENT =
      List.of(
          "workflow",
          "step",
          "output",
          "simulated",
          "server",
          "digest",
          "prompt",
          "agent",
          "instructions",
          "skill",
          "skill version",
          "policy",
          "model",
          "temperature",
          "max tokens",
          "images",
          "base url",
          "second model",
          "key",
          "description");

  /** A deterministic policy lets no temperature count. */
  private static final Set<String> COLD = Set.of("policy", "temperature");

  @Property(tries = 300)
  void theKeysOfTwoCallsAreEqualWhereAllTheirPartsAre(
      @ForAll("calls") Set<String> one, @ForAll("calls") Set<String> other) {
    assertThat(key(false, one).equals(key(false, other))).isEqualTo(one.equals(other));
  }

  @Property(tries = 400)
  void theKeysOfTwoAgentsAreEqualWhereAllTheirPartsAre(
      @ForAll("agents") Set<String> one, @ForAll("agents") Set<String> other) {
    assertThat(key(true, one).equals(key(true, other))).isEqualTo(one.equals(other));
  }

  @Provide
  Arbitrary<Set<String>> calls() {
    return Arbitraries.of(OF_A_CALL).set().ofMaxSize(2);
  }

  @Provide
  Arbitrary<Set<String>> agents() {
    return Arbitraries.of(OF_AN_AGENT).set().ofMaxSize(2).filter(parts -> !parts.containsAll(COLD));
  }

  /**
   * The key that a step is looked for with.
   *
   * @param other the parts that are not as usual
   */
  private static String key(boolean agent, Set<String> other) {
    MemoryCache cache = new MemoryCache();
    String step = other.contains("step") ? "b" : "a";
    Resolved resolved = resolved(agent, step, other);
    Plan.Node node =
        new Plan.Node(
            step,
            agent ? Plan.Kind.AGENT : Plan.Kind.TOOL,
            List.of(),
            null,
            null,
            null,
            Retry.NONE,
            null,
            new OnError.Fail(),
            0,
            Duration.ofSeconds(1),
            null,
            false,
            null,
            Allowance.NONE);
    new DriverWorld()
        .with(cache, "")
        .identifying(server -> server + (other.contains("server") ? " of another" : ""))
        .asking(new Asked(other.contains("key")))
        .drive(resolved, new Plan(List.of(node), Map.of(), Map.of()), other.contains("simulated"));
    assertThat(cache.asked).hasSize(1);
    return cache.asked.getFirst();
  }

  private static Resolved resolved(boolean agent, String step, Set<String> other) {
    String tool = other.contains("tool") ? "look2" : "look";
    String argument = other.contains("argument") ? "y" : "x";
    String prompt = other.contains("prompt") ? "Write more" : "Write";
    String verb =
        agent
            ? "agent: " + name(other) + ", prompt: " + prompt
            : "tool: s/" + tool + ", with: {q: " + argument + "}";
    String yaml =
        """
        name: %s
        agents: {writer: {}, editor: {}}
        steps:
          %s: {%s, cache: 1h, output: {n: %s}}
        """
            .formatted(
                other.contains("workflow") ? "other" : "world",
                step,
                verb,
                other.contains("output") ? "integer" : "number");
    Workflow workflow =
        Objects.requireNonNull(DOCUMENTS.workflow("world.yaml", yaml).workflow(), yaml);
    ToolSpec spec =
        new ToolSpec(
            "s",
            tool,
            tool,
            other.contains("description") ? "Looks closely." : "Looks.",
            ANY,
            null,
            Effect.READ,
            false,
            other.contains("digest") ? "d2" : "d1");
    return new Resolved(
        workflow,
        Map.of(name(other), agent(other)),
        Map.of("style", skill(other)),
        Map.of("s/" + tool, spec),
        Map.of(),
        Map.of(),
        Map.of(name(other), List.of("s/" + tool)),
        Map.of("m", models(other)),
        null,
        ANY,
        Map.of(),
        Map.of());
  }

  private static String name(Set<String> other) {
    return other.contains("agent") ? "editor" : "writer";
  }

  private static Agent agent(Set<String> other) {
    return new Agent(
        name(other),
        "m",
        "style",
        other.contains("instructions") ? "Be long." : "Be short.",
        null,
        List.of("s"),
        List.of(),
        Policy.OPEN,
        Allowance.NONE,
        false);
  }

  private static Skill skill(Set<String> other) {
    return new Skill(
        "style",
        other.contains("skill version") ? "2" : "1",
        "",
        ANY,
        List.of(),
        List.of(),
        other.contains("skill") ? "Use no adjectives." : "Use verbs.",
        null,
        new Policy(true, true, other.contains("policy"), null),
        null,
        "folder",
        List.of());
  }

  private static List<ModelRef> models(Set<String> other) {
    List<ModelRef> models = new ArrayList<>();
    models.add(
        new ModelRef(
            "openai",
            other.contains("model") ? "large" : "small",
            other.contains("base url") ? "http://localhost:1" : null,
            other.contains("temperature") ? 0.5 : 0.7,
            null,
            other.contains("max tokens") ? 100 : 200,
            other.contains("images")));
    if (other.contains("second model")) {
      models.add(ModelRef.of("ollama", "llama"));
    }
    return models;
  }

  /** Models that never answer, asked with one key or another. */
  private record Asked(boolean withAnotherKey) implements Models {
    @Override
    public Optional<String> unusable(ModelRef model) {
      return Optional.empty();
    }

    @Override
    public Bound bound(Request request) {
      return new Bound(0, 0);
    }

    @Override
    public String identity(ModelRef model) {
      return withAnotherKey ? "k2" : "k1";
    }

    @Override
    public Mono<Reply> ask(Request request, Consumer<String> progress) {
      return Mono.never();
    }
  }
}
