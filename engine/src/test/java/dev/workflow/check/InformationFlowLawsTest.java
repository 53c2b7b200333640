package dev.workflow.check;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Rule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** The rules of the flow of information once more, the slow way, on random workflows. */
class InformationFlowLawsTest {
  private static final Path FOLDER = Path.of("target/information-flow-laws");
  private static final int STEPS_MAX = 9;

  private enum Kind {
    UNTRUSTED,
    PRIVATE,
    MODEL,
    ASK,
    SEND
  }

  /**
   * A step.
   *
   * @param reads the steps before it whose outputs it takes, as bits
   * @param needs the steps before it that it names in {@code needs}, as bits
   */
  private record Node(Kind kind, int reads, int needs) {}

  @Provide
  Arbitrary<List<Node>> workflows() {
    Arbitrary<Integer> bits = Arbitraries.integers().between(0, (1 << STEPS_MAX) - 1);
    return Combinators.combine(Arbitraries.of(Kind.class), bits, bits)
        .as((kind, reads, needs) -> new Node(kind, reads, needs & (needs >> 1)))
        .list()
        .ofMinSize(3)
        .ofMaxSize(STEPS_MAX);
  }

  @Property(tries = 300)
  void exactlyWhatTheRulesSayIsToldOf(@ForAll("workflows") List<Node> nodes) {
    Set<Integer> expected = leaks(nodes);

    Statistics.label("leaks").collect(expected.size());
    assertThat(told(nodes, identity(nodes), "untrusted", "private")).isEqualTo(expected);
  }

  @Property(tries = 50)
  void theOrderInTheFileDoesNotMatter(
      @ForAll("workflows") List<Node> nodes, @ForAll Random random) {
    List<Integer> order = new ArrayList<>(identity(nodes));
    Collections.shuffle(order, random);

    assertThat(told(nodes, order, "untrusted", "private"))
        .isEqualTo(told(nodes, identity(nodes), "untrusted", "private"));
  }

  @Property(tries = 50)
  void withoutALabelNothingIsToldOf(@ForAll("workflows") List<Node> nodes) {
    assertThat(told(nodes, identity(nodes), "", "private")).isEmpty();
    assertThat(told(nodes, identity(nodes), "untrusted", "")).isEmpty();
  }

  private static List<Integer> identity(List<Node> nodes) {
    return IntStream.range(0, nodes.size()).boxed().toList();
  }

  /** By the book: what is sent holds both, and not all of it is shown by asks that stand before. */
  private static Set<Integer> leaks(List<Node> nodes) {
    Set<Integer> leaks = new TreeSet<>();
    int[] labels = new int[nodes.size()];
    int[] asks = new int[nodes.size()];
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      int shown = 0;
      int unseen = 0;
      for (int before = 0; before < i; before++) {
        if (has(reads(node, i) | needs(node, i), before)) {
          boolean asked = nodes.get(before).kind() == Kind.ASK;
          asks[i] |= asks[before] | (asked ? 1 << before : 0);
        }
      }
      for (int ask = 0; ask < i; ask++) {
        shown |= has(asks[i], ask) ? reads(nodes.get(ask), ask) : 0;
      }
      for (int before = 0; before < i; before++) {
        if (has(reads(node, i), before)) {
          labels[i] |= labels[before];
          unseen |= labels[before] != 0 && !has(shown, before) ? 1 << before : 0;
        }
      }
      if (node.kind() == Kind.SEND && labels[i] == 3 && unseen != 0) {
        leaks.add(i);
      }
      labels[i] =
          switch (node.kind()) {
            case UNTRUSTED -> 1;
            case PRIVATE -> 2;
            case MODEL, SEND -> labels[i];
            case ASK -> 0;
          };
    }
    return leaks;
  }

  private static int reads(Node node, int index) {
    boolean reading = node.kind() != Kind.UNTRUSTED && node.kind() != Kind.PRIVATE;
    return reading ? node.reads() & ((1 << index) - 1) : 0;
  }

  private static int needs(Node node, int index) {
    return node.needs() & ((1 << index) - 1);
  }

  private static boolean has(int bits, int bit) {
    return (bits & (1 << bit)) != 0;
  }

  private static Set<Integer> told(
      List<Node> nodes, List<Integer> order, String untrusted, String secret) {
    StringBuilder text =
        new StringBuilder(
            """
            mcp:
              in: {command: in, labels: {read: [%s]}}
              house: {command: house, labels: {look: [%s]}}
              out: {command: out, labels: {send: [external]}}
            agents: {writer: {model: openai/gpt-5}}
            steps:
            """
                .formatted(untrusted, secret));
    int before = (int) text.chars().filter(c -> c == '\n').count();
    order.forEach(i -> text.append(step(nodes.get(i), i)).append('\n'));
    CheckWorld world =
        new CheckWorld(FOLDER)
            .usable("openai/gpt-5")
            .tool("in", "read")
            .tool("house", "look")
            .tool("out", "send");
    return world.check(text.toString()).problems().stream()
        .filter(problem -> problem.rule() == Rule.INFORMATION_FLOW)
        .map(problem -> order.get(problem.place().line() - before - 1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String step(Node node, int index) {
    String reads = named(reads(node, index), "{%s}", " ");
    String needs = "needs: [" + named(needs(node, index), "%s", ", ") + "]";
    String verb =
        switch (node.kind()) {
          case UNTRUSTED -> "tool: in/read";
          case PRIVATE -> "tool: house/look";
          case MODEL -> "agent: writer, prompt: \"go " + reads + "\"";
          case ASK -> "ask: \"go " + reads + "?\"";
          case SEND -> "tool: out/send, with: {text: \"go " + reads.replace("{", "${") + "\"}";
        };
    return "  s" + index + ": {" + verb + ", " + needs + "}";
  }

  private static String named(int bits, String form, String between) {
    return IntStream.range(0, STEPS_MAX)
        .filter(bit -> has(bits, bit))
        .mapToObj(bit -> form.formatted("s" + bit))
        .collect(Collectors.joining(between));
  }
}
