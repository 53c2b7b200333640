package dev.workflow.skills;

import dev.workflow.definition.Skill;
import dev.workflow.engine.Documents;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The workflows of a skill's folder that may run: the one that the skill names, and those that it
 * leads to, by the file or by a skill of the same folder.
 */
final class BroughtWorkflows {
  private final Documents documents;
  private final SkillReader reader;
  private final Path folder;
  private final Map<Path, JsonNode> texts = new LinkedHashMap<>();

  private BroughtWorkflows(Documents documents, SkillReader reader, Path folder) {
    this.documents = documents;
    this.reader = reader;
    this.folder = folder.normalize();
  }

  /** As they are written. Nothing outside of the folder is read. */
  static Collection<JsonNode> of(
      Skill skill, Path folder, Documents documents, SkillReader reader) {
    BroughtWorkflows brought = new BroughtWorkflows(documents, reader, folder);
    brought.read(folder.resolve(SkillFileNames.WORKFLOW));
    brought.read(folder, skill);
    return brought.texts.values();
  }

  private void read(Path of, @Nullable Skill skill) {
    if (skill != null && skill.workflow() != null) {
      read(of.resolve(skill.workflow()));
    }
  }

  private void read(Path file) {
    Path path = file.normalize();
    if (path.startsWith(folder) && !texts.containsKey(path) && Files.isRegularFile(path)) {
      JsonNode text = documents.tree(path, "").value();
      if (text != null) {
        texts.put(path, text);
        follow(text, path);
      }
    }
  }

  private void follow(JsonNode node, Path from) {
    String file = node.path("workflow").asString("");
    if (!file.isEmpty() && file.indexOf('\0') < 0) {
      read(from.resolveSibling(file));
    }
    String name = node.path("skill").asString("");
    if (SkillFolders.isName(name)) {
      for (Path each : List.of(from.resolveSibling("skills"), folder.resolve("skills"))) {
        Path inner = each.resolve(name).normalize();
        if (inner.startsWith(folder) && SkillReader.isSkill(inner)) {
          read(inner, reader.read(inner, name, false).skill());
        }
      }
    }
    node.forEach(child -> follow(child, from));
  }
}
