package dev.workflow.yaml;

import dev.workflow.definition.Rule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What each pattern is in plain verbs. {@code docs/patterns.md} shows it to authors. */
final class PatternForms {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final int PARTS_MAX = 5;
  private static final int HOPS = 3;
  private static final int ROUNDS = 2;
  private static final String TASK = "Task";

  private final PatternGraph graph;
  private final Findings findings;
  private final FieldMaps fields;

  PatternForms(PatternGraph graph, Findings findings, FieldMaps fields) {
    this.graph = graph;
    this.findings = findings;
    this.fields = fields;
  }

  /** Writes the pattern of a word into the graph. */
  void write(String word) {
    switch (word) {
      case "router" -> router();
      case "orchestrator" -> orchestrator();
      case "optimizer" -> optimizer();
      case "vote" -> vote();
      case "handoff" -> handoff();
      case "debate" -> debate();
      default -> throw new IllegalArgumentException("No pattern: " + word);
    }
  }

  /** One agent names another, which does the task. */
  private void router() {
    String choice = graph.free("choice");
    String work = graph.free("work");
    graph
        .step(choice)
        .copy("agent", "agent")
        .prompt(
            graph
                .words()
                .say("Choose who is to do the task below. Do not do it yourself.\n")
                .roll()
                .section(TASK, "prompt"))
        .set("output", closed(field("to", listed(graph.agents())), field("why", type("string"))));
    graph
        .step(work)
        .set("agent", hole(choice + ".to"), "agents")
        .copy("prompt", "prompt")
        .copy("output", "output");
    graph
        .outputs()
        .put("answer", hole(work))
        .put("to", hole(choice + ".to"))
        .put("why", hole(choice + ".why"));
  }

  /** One agent splits the task, workers do the parts side by side, and the first joins them. */
  private void orchestrator() {
    String plan = graph.free("plan");
    String parts = graph.free("parts");
    String part = graph.free("part");
    String whole = graph.free("whole");
    int most = Values.count(graph.said("parts"), "max", PARTS_MAX);
    ObjectNode worker =
        closed(field("worker", listed(graph.agents())), field("task", type("string")));
    ObjectNode split = type("array").put("minItems", 1).put("maxItems", most);
    split.set("items", worker);
    graph
        .step(plan)
        .copy("agent", "agent")
        .prompt(
            graph
                .words()
                .say("Split the task below into parts that can be done independently of each ")
                .say("other, at most " + most + ", and name the worker for each. Say in each part ")
                .say("all that its worker has to know. Do not do the parts yourself.\n")
                .roll()
                .section(TASK, "prompt"))
        .set("output", closed(field("parts", split)));
    graph
        .step(parts)
        .set("each", part + " in " + plan + ".parts")
        .copy("concurrency", "parts/concurrency")
        .set("agent", hole(part + ".worker"), "agents")
        .set("prompt", "{" + part + ".task}")
        .copy("output", "parts/output");
    graph
        .step(whole)
        .copy("agent", "agent")
        .prompt(
            graph
                .words()
                .say("Do the task below with what the workers made of its parts.")
                .section(TASK, "prompt"))
        .context(List.of(plan, parts))
        .copy("output", "output");
    graph.outputs().put("answer", hole(whole)).put("parts", hole(parts));
  }

  /** One agent drafts, another asks for revisions until the draft is good. */
  private void optimizer() {
    String draft = graph.free("draft");
    String verdict = graph.free("verdict");
    ObjectNode revise =
        NODES.objectNode().put("step", draft).put("when", "not " + verdict + ".good");
    for (String key : List.of("max", "else")) {
      if (!graph.said(key).isMissingNode()) {
        revise.set(key, graph.said(key));
      }
    }
    graph.step(draft).copy("agent", "agent").copy("prompt", "prompt").copy("output", "output");
    graph
        .step(verdict)
        .copy("agent", "evaluator")
        .prompt(
            graph
                .words()
                .say("Judge by the criteria whether this draft is good. If it is not, say in ")
                .say("`feedback` what has to change; do not rewrite it.")
                .section("Criteria", "criteria")
                .section("The task of the draft", "prompt"))
        .context(List.of(draft))
        .set("output", closed(field("good", type("boolean")), field("feedback", type("string"))))
        .set("revise", revise);
    graph
        .outputs()
        .put("answer", hole(draft))
        .put("good", hole(verdict + ".good"))
        .put("feedback", hole(verdict + ".feedback"));
  }

  /** Agents choose side by side, and enough equal choices decide. */
  private void vote() {
    List<String> voters = graph.agents();
    int need = graph.said("need").asInt(voters.size() / 2 + 1);
    if (2 * need <= voters.size() || need > voters.size()) {
      findings.value(
          Rule.BAD_VOTE,
          graph.place("need"),
          "Expected more than half of the %d voters and at most all of them for `need`, found %d."
              .formatted(voters.size(), need),
          "Write need: %d. With more than half only one choice can win."
              .formatted(voters.size() / 2 + 1));
    }
    List<String> choices = new ArrayList<>();
    graph.said("choices").forEach(choice -> choices.add(choice.asString("")));
    String electorate = graph.free("voters");
    String voter = graph.free("voter");
    String ballots = graph.free("ballots");
    String count = graph.free("count");
    String undecided = graph.free("undecided");
    String winner = graph.free("winner");
    ObjectNode agents = type("array");
    agents.set("items", listed(voters));
    graph.step(electorate).set("set", list(voters)).set("output", agents);
    graph
        .step(ballots)
        .set("each", voter + " in " + electorate)
        .set(
            "enough",
            "%1$s.exists(b, size(%1$s.filter(same, same.choice == b.choice)) >= %2$d)"
                .formatted(ballots, need))
        .set("agent", hole(voter), "agents")
        .prompt(
            graph
                .words()
                .quote("prompt")
                .say("\n\nChoose one of: " + String.join(", ", choices) + "."))
        .set("output", closed(field("choice", listed(choices)), field("why", type("string"))))
        .set("on_error", "continue");
    graph
        .step(count)
        .set(
            "set",
            hole(
                "[%s].map(c, {'choice': c, 'votes': size(%s.filter(b, b.choice == c))})"
                    .formatted(joined(choices, choice -> "'" + choice + "'"), ballots)));
    graph
        .step(undecided)
        .set("when", "not %s.exists(c, c.votes >= %d)".formatted(count, need))
        .set(
            "fail",
            "Nothing got %d of %d votes: ${%s.map(c, c.choice + ' ' + string(c.votes)).join(', ')}."
                .formatted(need, voters.size(), count));
    graph
        .step(winner)
        .set("needs", list(List.of(undecided + "?")))
        .set("set", hole("%s.filter(c, c.votes >= %d)[0].choice".formatted(count, need)))
        .set("output", listed(choices));
    graph
        .outputs()
        .put("answer", hole(winner))
        .put("count", hole(count))
        .put("ballots", hole(ballots));
  }

  /** An agent does the task or names the next one to have it; the last has to do it. */
  private void handoff() {
    int hops = graph.said("hops").asInt(HOPS);
    List<String> held = new ArrayList<>();
    for (int hop = 0; hop <= hops; hop++) {
      boolean last = hop == hops;
      String id = graph.free(hop == 0 ? "start" : "hop_" + hop);
      PatternGraph.Made step = graph.step(id);
      if (hop == 0) {
        step.copy("agent", "agent");
      } else {
        step.set("when", held.getLast() + ".to != null")
            .set("agent", hole(held.getLast() + ".to"), "agents");
      }
      step.prompt(last ? lastOne() : anyOne())
          .context(held)
          .set("output", last ? closed(field("answer", answer())) : answerOrNext());
      held.add(id);
    }
    List<String> earlier = held.subList(0, hops).reversed();
    String first = "'" + graph.said("agent").asString("").replace("'", "\\'") + "'";
    ObjectNode result = NODES.objectNode();
    result.put("answer", hole("coalesce(" + joined(held, id -> id + ".answer") + ")"));
    result.put("by", hole("coalesce(" + joined(earlier, id -> id + ".to") + ", " + first + ")"));
    String end = graph.free("result");
    graph
        .step(end)
        .set("set", result)
        .set("output", closed(field("answer", answer()), field("by", type("string"))));
    graph.outputs().put("answer", hole(end + ".answer")).put("by", hole(end + ".by"));
  }

  private PatternGraph.Words anyOne() {
    return graph
        .words()
        .say("Do the task below and give `answer`; or, if it is not for you, hand it on: name in ")
        .say("`to` who is to have it, and say in `note` what they have to know.\n")
        .roll()
        .section(TASK, "prompt");
  }

  private PatternGraph.Words lastOne() {
    return graph
        .words()
        .say("Do the task below, which was handed on to you and cannot be handed on again.")
        .section(TASK, "prompt");
  }

  private JsonNode answer() {
    JsonNode output = graph.said("output");
    return output.isObject() && !findings.spokenOf(graph.place("output"))
        ? fields.output(output, graph.place("output"), true)
        : type("string");
  }

  private ObjectNode answerOrNext() {
    ObjectNode schema = type("object");
    ObjectNode properties = schema.putObject("properties");
    properties.set("answer", answer());
    properties.set("to", listed(graph.agents()));
    properties.set("note", type("string"));
    ArrayNode one = schema.putArray("oneOf");
    one.addObject().set("required", list(List.of("answer")));
    one.addObject().set("required", list(List.of("to", "note")));
    return schema.put("additionalProperties", false);
  }

  /** In each round each agent argues, knowing the rounds before; then a judge decides. */
  private void debate() {
    Map<String, String> sides = new LinkedHashMap<>();
    graph.agents().forEach(name -> sides.put(name, graph.free(name)));
    List<String> rounds = new ArrayList<>();
    for (int i = 1; i <= graph.said("rounds").asInt(ROUNDS); i++) {
      String round = graph.free("round_" + i);
      PatternGraph.Made together = graph.step(round);
      for (String name : sides.keySet()) {
        PatternGraph.Words words =
            graph
                .words()
                .say("Argue in a debate for your position")
                .say(rounds.isEmpty() ? "." : ", and answer what the others said before.")
                .section("Your position", Pointers.child("agents", name))
                .section("The question", "prompt");
        together
            .inside(sides.getOrDefault(name, name))
            .set("agent", name, Pointers.child("agents", name))
            .prompt(words)
            .context(rounds);
      }
      rounds.add(round);
    }
    String verdict = graph.free("verdict");
    graph
        .step(verdict)
        .copy("agent", "judge")
        .prompt(
            graph
                .words()
                .say("Decide the question below by what was said in the debate.")
                .section("The question", "prompt"))
        .context(rounds)
        .copy("output", "output");
    ArrayNode said = NODES.arrayNode();
    rounds.forEach(round -> said.add(hole(round)));
    graph.outputs().put("answer", hole(verdict)).set("rounds", said);
  }

  private static String hole(String expression) {
    return "${" + expression + "}";
  }

  private static String joined(List<String> texts, Function<String, String> each) {
    return texts.stream().map(each).collect(Collectors.joining(", "));
  }

  private static ArrayNode list(List<String> texts) {
    ArrayNode list = NODES.arrayNode();
    texts.forEach(list::add);
    return list;
  }

  private static ObjectNode type(String name) {
    return NODES.objectNode().put("type", name);
  }

  /** One of some texts. */
  private static ObjectNode listed(List<String> values) {
    ObjectNode schema = type("string");
    schema.set("enum", list(List.copyOf(new LinkedHashSet<>(values))));
    return schema;
  }

  private record Field(String name, JsonNode type) {}

  private static Field field(String name, JsonNode type) {
    return new Field(name, type);
  }

  /** An object with these fields, all of them required. */
  private static ObjectNode closed(Field... all) {
    ObjectNode schema = type("object");
    ObjectNode properties = schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (Field field : all) {
      properties.set(field.name(), field.type());
      required.add(field.name());
    }
    return schema.put("additionalProperties", false);
  }
}
