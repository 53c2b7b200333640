package dev.workflow.skills;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.workflow.definition.ReservedNames;
import dev.workflow.definition.Rule;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Documents.Tree;
import dev.workflow.skills.ConversionReport.Draft;
import dev.workflow.skills.PromptTemplate.Message;
import dev.workflow.skills.PromptText.Unsaid;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * A skill that fills a prompt and asks a model: a workflow of one step, whose prompt has the inputs
 * in the place of the variables.
 */
final class PromptSkill {
  private static final String NO_INSTRUCTIONS = "Answer with what you are asked for alone.";

  private static final String STEP = "answer";

  private final Documents documents;

  PromptSkill(Documents documents) {
    this.documents = documents;
  }

  /**
   * The skill of a prompt template.
   *
   * @param description what it is for; absent: what the template says
   */
  Conversion of(Path source, String text, String name, @Nullable String description) {
    Tree tree = documents.part(source, text);
    JsonNode value = tree.value();
    if (value == null || !value.isContainer()) {
      if (!tree.problems().isEmpty()) {
        throw new SkillPackageException(tree.problems());
      }
      throw unsaid(source, new Unsaid("Expected JSON or YAML, found something else"));
    }
    Draft report = new Draft();
    try {
      List<Message> messages = PromptTemplate.read(value, report);
      String said = value.path("description").asString("");
      String what = description != null ? description : said;
      if (what.isBlank()) {
        what = "Fills the prompt " + name + " and answers it.";
        report.mapped("the name of the file", "description");
      } else {
        report.kept("description");
      }
      return of(name, what, messages, report);
    } catch (Unsaid e) {
      throw unsaid(source, e);
    }
  }

  private static SkillPackageException unsaid(Path source, Unsaid why) {
    return SkillPackageException.refused(
        Rule.CONVERSION_TEMPLATE,
        source.toString(),
        why.getMessage() + ".",
        "Only prompts of f-strings and Mustache, as JSON or YAML, can be imported.");
  }

  /** The skill of messages. */
  static Conversion of(String name, String description, List<Message> messages, Draft report) {
    List<Message> rest = new ArrayList<>(messages);
    StringBuilder instructions = new StringBuilder();
    while (rest.size() > 1 && rest.getFirst().role().equals("system")) {
      String plain = rest.getFirst().text().plain();
      if (plain == null) {
        break;
      }
      instructions.append(instructions.isEmpty() ? "" : "\n\n").append(plain);
      rest.removeFirst();
    }
    if (!instructions.isEmpty()) {
      report.mapped("message of the system", "instructions of the agent");
    }
    PromptText written = prompt(rest, report);
    if (written.isBlank()) {
      throw new Unsaid("Expected a text to ask a model with, found none");
    }
    Map<String, String> names = names(written.inputs().keySet());
    PromptText prompt = written.renamed(names);
    Map<String, Boolean> inputs = written.inputs();
    StringBuilder declared = new StringBuilder(inputs.isEmpty() ? " []" : "");
    StringBuilder taken = new StringBuilder(inputs.isEmpty() ? " {}" : "");
    inputs.forEach(
        (variable, properties) -> {
          String input = names.getOrDefault(variable, variable);
          String type = properties ? "object" : "string";
          String own = SkillMarkdown.scalar(input);
          declared.append("\n  - {name: %s, type: %s}".formatted(own, type));
          taken.append("\n  %s: {type: %s}".formatted(own, type));
          report.mapped("variable " + variable, "input " + input + " (" + type + ")");
        });
    SortedMap<String, byte[]> files = new TreeMap<>();
    String own = SkillMarkdown.scalar(name);
    files.put(
        SkillFileNames.OVERLAY,
        """
      name: %s
      version: 1.0.0
      description: %s
      inputs:%s
      workflow: %s
      """
            .formatted(own, SkillMarkdown.scalar(description), declared, SkillFileNames.WORKFLOW)
            .getBytes(UTF_8));
    files.put(
        SkillFileNames.WORKFLOW,
        """
      name: %s
      inputs:%s
      agents:
        writer:
          instructions: %s
      steps:
        %s:
          agent: writer
          prompt: %s
      outputs:
        %s: "${%s}"
      """
            .formatted(
                own,
                taken,
                SkillMarkdown.scalar(
                    instructions.isEmpty() ? NO_INSTRUCTIONS : instructions.toString()),
                STEP,
                SkillMarkdown.scalar(prompt.prompt()),
                STEP,
                STEP)
            .getBytes(UTF_8));
    return new Conversion(name, new PackageTree(files), true, report.done());
  }

  /** Other names for variables whose own no input can have. */
  private static Map<String, String> names(Set<String> variables) {
    Map<String, String> names = new LinkedHashMap<>();
    for (String variable : variables) {
      if (ReservedNames.contains(variable) || variable.equals(STEP)) {
        String free = variable + "_";
        while (variables.contains(free)) {
          free += "_";
        }
        names.put(variable, free);
      }
    }
    return names;
  }

  /** One message is the prompt; several are told with who says them. */
  private static PromptText prompt(List<Message> messages, Draft report) {
    if (messages.size() == 1) {
      report.kept("text of the prompt");
      return messages.getFirst().text();
    }
    PromptText all = PromptText.literal("");
    for (Message message : messages) {
      String who =
          switch (message.role()) {
            case "user" -> "User: ";
            case "assistant" -> "Assistant: ";
            default -> "";
          };
      all =
          all.then(PromptText.literal((all.parts().isEmpty() ? "" : "\n\n") + who))
              .then(message.text());
    }
    report.mapped(messages.size() + " messages", "one prompt that tells who says what");
    return all;
  }
}
