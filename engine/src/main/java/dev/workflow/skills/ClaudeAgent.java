package dev.workflow.skills;

import dev.workflow.skills.ConversionReport.Draft;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * An agent of Claude Code as a skill, and back: one markdown file with fields. Fields that a skill
 * does not have are kept in its metadata below a prefix, as texts, so that the way back gives them
 * as they were. Source: code.claude.com/docs/en/sub-agents.
 */
final class ClaudeAgent {
  private static final String PREFIX = "claude-agent.";
  private static final String NAME = "name";
  private static final String DESCRIPTION = "description";
  private static final String TOOLS = "tools";
  private static final String ALLOWED = "allowed-tools";
  private static final String METADATA = "metadata";

  /** Fields of a SKILL.md that an agent has as well, with the same meaning. */
  private static final Set<String> SHARED =
      Set.of("model", "effort", "color", "hooks", "skills", "memory", "disallowedTools");

  private static final Map<String, String> WHY =
      Map.of(
          "model", "the agent that has the skill names its model",
          "effort", "a model says `reasoning` here",
          "maxTurns", "limits stand at agents and steps here",
          "mcpServers", "servers stand in `mcp:` or .mcp.json here",
          "disallowedTools", "a skill has only the tools that it names",
          "permissionMode", "effects of tools decide here",
          "hooks", "nothing of a skill runs here");

  private ClaudeAgent() {}

  /** The skill that an agent becomes. */
  static SkillText toSkill(SkillText agent, String name, Vocabulary vocabulary, Draft report) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    fields.put(NAME, name);
    fields.set(DESCRIPTION, agent.fields().path(DESCRIPTION));
    tools(agent, fields, vocabulary, report);
    ObjectNode back = plain(fields);
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    agent
        .fields()
        .properties()
        .forEach(
            field -> {
              if (!field.getValue().equals(back.path(field.getKey()))) {
                metadata.put(PREFIX + field.getKey(), encoded(field.getValue()));
              }
              account(field.getKey(), name.equals(agent.text(NAME).orElse("")), report);
            });
    if (!agent.fields().has(NAME)) {
      report.mapped("the name of the file", NAME);
    }
    if (!metadata.isEmpty()) {
      fields.set(METADATA, metadata);
    }
    report.kept("instructions");
    return new SkillText(fields, agent.body());
  }

  private static void account(String field, boolean sameName, Draft report) {
    if (field.equals(DESCRIPTION) || (field.equals(NAME) && sameName)) {
      report.kept(field);
    } else if (field.equals(NAME)) {
      report.mapped(NAME, "the name of a folder; what was written is in the metadata");
    } else if (!field.equals(TOOLS)) {
      report.lost(
          field,
          WHY.getOrDefault(field, "it has no meaning here") + "; its text is in the metadata");
    }
  }

  private static void tools(
      SkillText agent, ObjectNode fields, Vocabulary vocabulary, Draft report) {
    JsonNode written = agent.fields().path(TOOLS);
    if (written.isMissingNode() || written.isNull()) {
      report.lost(
          "all tools of the client",
          "an agent that names no tools has them all, a skill has those that it names");
      return;
    }
    AllowedTools tools = AllowedTools.read(written, vocabulary);
    fields.put(ALLOWED, String.join(" ", tools.written()));
    report.tools(tools, TOOLS);
  }

  /** The agent that a skill becomes. */
  static SkillText toAgent(SkillText skill, Draft report) {
    ObjectNode fields = plain(skill.fields());
    List.of(NAME, DESCRIPTION).stream().filter(fields::has).forEach(report::kept);
    if (fields.has(TOOLS)) {
      report.mapped(ALLOWED, TOOLS);
    } else {
      report.lost(
          "that it has no tools", "an agent that names no tools has all those of its client");
    }
    skill
        .fields()
        .properties()
        .forEach(
            field -> {
              String key = field.getKey();
              if (SHARED.contains(key)) {
                fields.set(key, field.getValue());
                report.kept(key);
              } else if (key.equals(METADATA) && field.getValue().isObject()) {
                metadata(field.getValue(), skill, fields, report);
              } else if (!Set.of(NAME, DESCRIPTION, ALLOWED).contains(key)) {
                report.lost(key, "an agent has no such field");
              }
            });
    report.kept("instructions");
    return new SkillText(fields, skill.body());
  }

  private static void metadata(
      JsonNode metadata, SkillText skill, ObjectNode fields, Draft report) {
    for (Map.Entry<String, JsonNode> entry : metadata.properties()) {
      String key = entry.getKey();
      if (!key.startsWith(PREFIX)) {
        report.lost("metadata." + key, "an agent has no metadata");
        continue;
      }
      String own = key.substring(PREFIX.length());
      JsonNode value = decoded(entry.getValue().asString(""));
      if (!own.equals(TOOLS) || sameTools(value, skill.fields().path(ALLOWED))) {
        fields.set(own, value);
        report.kept(own);
      } else {
        report.lost(key, "allowed-tools says others now, and counts");
      }
    }
  }

  private static boolean sameTools(JsonNode tools, JsonNode allowed) {
    return written(tools).equals(written(allowed));
  }

  private static List<String> written(JsonNode tools) {
    return tools.isMissingNode()
        ? List.of()
        : AllowedTools.read(tools, Vocabulary.shipped()).written();
  }

  /** The fields that are an agent's by themselves. */
  private static ObjectNode plain(ObjectNode skill) {
    ObjectNode fields = JsonNodeFactory.instance.objectNode();
    for (String key : List.of(NAME, DESCRIPTION)) {
      if (skill.has(key)) {
        fields.set(key, skill.get(key));
      }
    }
    if (skill.has(ALLOWED)) {
      fields.put(TOOLS, String.join(", ", written(skill.path(ALLOWED))));
    }
    return fields;
  }

  /** A value as a text that says which value it is: a text as it is, unless it is JSON. */
  private static String encoded(JsonNode value) {
    return value.isString() && parsed(value.stringValue()).isEmpty()
        ? value.stringValue()
        : value.toString();
  }

  private static JsonNode decoded(String text) {
    return parsed(text).orElseGet(() -> JsonNodeFactory.instance.stringNode(text));
  }

  private static Optional<JsonNode> parsed(String text) {
    try {
      return Optional.of(JsonMapper.shared().readTree(text)).filter(node -> !node.isMissingNode());
    } catch (JacksonException noJson) {
      return Optional.empty();
    }
  }
}
