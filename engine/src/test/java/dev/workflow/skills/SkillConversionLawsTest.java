package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.schema.JsonSchemas;
import dev.workflow.skills.ConversionReport.Draft;
import dev.workflow.yaml.YamlDocuments;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is converted there and back is the same. */
class SkillConversionLawsTest {
  private static final YamlDocuments DOCUMENTS = new YamlDocuments(new JsonSchemas());
  private static final Path FILE = Path.of("x.md");

  @Property(tries = 500)
  void anAgentThatBecomesASkillIsTheSameAgentAgain(
      @ForAll @From("agents") ObjectNode fields, @ForAll @From("bodies") String body) {
    SkillText agent = new SkillText(fields, body);

    SkillText skill = reread(ClaudeAgent.toSkill(agent, "x", Vocabulary.shipped(), new Draft()));
    SkillText back = reread(ClaudeAgent.toAgent(skill, new Draft()));

    ObjectNode expected = fields.deepCopy();
    if (!expected.has("name")) {
      expected.put("name", "x");
    }
    assertThat(back.fields()).isEqualTo(expected);
    assertThat(back.body()).isEqualTo(body);
  }

  /** As it is once it was written and read. */
  private static SkillText reread(SkillText text) {
    return SkillText.read(FILE, SkillMarkdown.of(text.fields(), text.body()).text(), DOCUMENTS);
  }

  @Property(tries = 500)
  void whatIsKeptOfASkillIsTheSameAfterItWasAnAgent(
      @ForAll @From("skills") ObjectNode fields, @ForAll @From("bodies") String body) {
    Draft there = new Draft();
    SkillText agent = reread(ClaudeAgent.toAgent(new SkillText(fields, body), there));
    SkillText back = reread(ClaudeAgent.toSkill(agent, "x", Vocabulary.shipped(), new Draft()));

    ConversionReport report = there.done();
    assertThat(back.body()).isEqualTo(body);
    for (String field : List.of("name", "description")) {
      assertThat(report.kept()).contains(field);
      assertThat(back.fields().get(field)).isEqualTo(fields.get(field));
    }
    assertThat(AllowedTools.read(back.fields().path("allowed-tools"), Vocabulary.shipped()))
        .isEqualTo(AllowedTools.read(fields.path("allowed-tools"), Vocabulary.shipped()));
    for (String field : List.of("license", "compatibility")) {
      assertThat(report.lost().stream().anyMatch(line -> line.startsWith(field + ":")))
          .isEqualTo(fields.has(field));
    }
    for (Map.Entry<String, JsonNode> entry : fields.path("metadata").properties()) {
      assertThat(report.lost()).anyMatch(line -> line.startsWith("metadata." + entry.getKey()));
    }
  }

  @Property(tries = 500)
  void aLiteralTextIsPrintedAsItIs(@ForAll @From("bodies") String text) {
    String fString = text.replace("{", "{{").replace("}", "}}");
    assertThat(PromptText.fString(fString).plain()).isEqualTo(text);
    assertThat(PromptText.literal(text).then(PromptText.literal(text)).plain())
        .isEqualTo(text + text);
  }

  @Provide
  Arbitrary<ObjectNode> agents() {
    Arbitrary<JsonNode> values =
        Arbitraries.of(
                "\"opus\"",
                "\"true\"",
                "true",
                "3",
                "\"3\"",
                "1.50",
                "null",
                "\"null\"",
                "[\"a: b\", 1, {}]",
                "{\"PreToolUse\": [{\"matcher\": \"Bash\", \"n\": null}]}",
                "\"\"",
                "\"\\\"quoted\\\"\"",
                "\"a\\nb # c\"",
                "\" blank \"")
            .map(json -> JsonMapper.shared().readTree(json));
    Arbitrary<String> keys =
        Arbitraries.of("model", "color", "hooks", "maxTurns", "skills", "odd key", "metadata");
    Arbitrary<JsonNode> tools =
        Arbitraries.of(
                "\"Read, Grep\"",
                "\"Read Grep\"",
                "[\"Read\", \"Bash(git:*)\"]",
                "\"Agent(a, b), Read\"",
                "\"\"",
                "[]",
                "null")
            .map(json -> JsonMapper.shared().readTree(json));
    Arbitrary<JsonNode> names =
        Arbitraries.of("x", "X", "Code Reviewer", "3", "")
            .map(JsonNodeFactory.instance::stringNode);
    return Arbitraries.maps(keys, values)
        .ofMaxSize(4)
        .flatMap(
            fields ->
                tools
                    .optional(0.7)
                    .flatMap(
                        some ->
                            names
                                .optional(0.8)
                                .map(
                                    name -> {
                                      ObjectNode node = JsonNodeFactory.instance.objectNode();
                                      name.ifPresent(each -> node.set("name", each));
                                      node.put("description", "Does: it");
                                      fields.forEach(node::set);
                                      some.ifPresent(each -> node.set("tools", each));
                                      return node;
                                    })));
  }

  @Provide
  Arbitrary<ObjectNode> skills() {
    Arbitrary<String> texts = Arbitraries.of("MIT", "a: b", "3", "yes", "x # y");
    Arbitrary<Map<String, String>> fields =
        Arbitraries.maps(Arbitraries.of("license", "compatibility"), texts);
    Arbitrary<Map<String, String>> metadata =
        Arbitraries.maps(Arbitraries.of("author", "version"), texts);
    Arbitrary<String> tools = Arbitraries.of("Read", "Read Grep", "Bash(git:*) mcp__a__b", "Odd");
    return fields.flatMap(
        some ->
            metadata.flatMap(
                more ->
                    tools.map(
                        allowed -> {
                          ObjectNode node = JsonNodeFactory.instance.objectNode();
                          node.put("name", "x").put("description", "Does: it");
                          some.forEach(node::put);
                          node.put("allowed-tools", allowed);
                          if (!more.isEmpty()) {
                            more.forEach(node.putObject("metadata")::put);
                          }
                          return node;
                        })));
  }

  @Provide
  Arbitrary<String> bodies() {
    return Arbitraries.of("---", "\n", "\r\n", " ", "Do {it}.", "${x}", "$", "{{y}}", "ü", "\t")
        .list()
        .ofMaxSize(8)
        .map(parts -> String.join("", parts));
  }
}
