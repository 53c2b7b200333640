package dev.workflow.run;

import dev.workflow.definition.Effect;
import dev.workflow.run.Prepared.Body;
import dev.workflow.run.Prepared.Cached;
import dev.workflow.run.Prepared.Call;
import dev.workflow.run.Prepared.Conversation;
import dev.workflow.run.Prepared.Failure;
import dev.workflow.run.Prepared.Invalid;
import dev.workflow.run.Prepared.Item;
import dev.workflow.run.Prepared.Items;
import dev.workflow.run.Prepared.Missing;
import dev.workflow.run.Prepared.Question;
import dev.workflow.run.Prepared.Skip;
import dev.workflow.run.Prepared.Until;
import dev.workflow.run.Prepared.Value;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a rim prepared as JSON, told apart by {@code kind}. */
final class PreparedJson {
  private PreparedJson() {}

  static ObjectNode write(Prepared prepared) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    switch (prepared) {
      case Skip p -> tree.put("kind", "skip").put("reason", p.reason());
      case Missing p -> ErrorJson.texts(tree.put("kind", "missing"), "sources", p.sources());
      case Invalid p -> tree.put("kind", "invalid").set("error", ErrorJson.write(p.error()));
      case Items p -> items(tree.put("kind", "items"), p);
      case Call p -> call(tree.put("kind", "call"), p);
      case Conversation p -> {
        tree.put("kind", "conversation").put("agent", p.agent()).put("models", p.models());
        tree.put("prompt", p.prompt());
        if (p.instructions() != null) {
          tree.put("instructions", p.instructions());
        }
      }
      case Question p ->
          ErrorJson.optional(tree.put("kind", "question").put("text", p.text()), "form", p.form());
      case Value p -> tree.put("kind", "value").set("value", p.value());
      case Cached p ->
          tree.put("kind", "cached")
              .put("run", p.run())
              .put("step", p.step().toString())
              .put("at", p.at().toString())
              .set("output", p.output());
      case Until p -> tree.put("kind", "until").put("due", p.due().toString());
      case Body p -> {
        ErrorJson.optional(tree.put("kind", "body"), "inputs", p.inputs());
        if (p.graph() != null) {
          tree.put("graph", p.graph());
        }
      }
      case Failure p -> tree.put("kind", "failure").put("text", p.text());
    }
    return tree;
  }

  static Prepared read(Fields f) {
    return switch (f.text("kind")) {
      case "skip" -> new Skip(f.text("reason"));
      case "missing" -> new Missing(f.texts("sources"));
      case "invalid" -> new Invalid(ErrorJson.read(f.object("error")));
      case "items" ->
          new Items(f.objects("items").stream().map(PreparedJson::item).toList(), f.flag("map"));
      case "call" -> readCall(f);
      case "conversation" ->
          new Conversation(
              f.text("agent"),
              f.text("prompt"),
              f.integer("models"),
              f.optionalText("instructions"));
      case "question" -> new Question(f.text("text"), f.optional("form"));
      case "value" -> new Value(f.value("value"));
      case "cached" -> new Cached(f.value("output"), f.text("run"), f.path("step"), f.time("at"));
      case "until" -> new Until(f.time("due"));
      case "body" -> new Body(f.optional("inputs"), f.optionalText("graph"));
      case "failure" -> new Failure(f.text("text"));
      default ->
          throw f.unknown(
              "kind",
              "one of skip, missing, invalid, items, call, conversation, question, value, cached, until,"
                  + " body, failure");
    };
  }

  private static void items(ObjectNode tree, Items prepared) {
    tree.put("map", prepared.map());
    ArrayNode items = tree.putArray("items");
    prepared.items().forEach(i -> items.addObject().put("key", i.key()).set("value", i.value()));
  }

  private static Item item(Fields fields) {
    return new Item(fields.text("key"), fields.value("value"));
  }

  private static void call(ObjectNode tree, Call call) {
    tree.put("server", call.server())
        .put("tool", call.tool())
        .put("arguments_hash", call.argumentsHash())
        .put("digest", call.digest())
        .put("effect", call.effect().word())
        .put("key", call.key())
        .set("arguments", call.arguments());
  }

  /** The call alone. */
  static Call readCall(Fields fields) {
    return new Call(
        fields.text("server"),
        fields.text("tool"),
        fields.value("arguments"),
        fields.text("arguments_hash"),
        fields.text("digest"),
        fields.word("effect", Effect.class),
        fields.text("key"));
  }
}
