package dev.workflow.yaml;

import dev.workflow.definition.Place;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Definitions written in YAML or JSON. A workflow with problems is read as far as it can be, so
 * that the checks that follow can report their own in the same run; it is not fit to run.
 */
public final class YamlDocuments implements Documents {

  private final Validator validator;

  /** Reads with a validator of the shipped schemas. */
  public YamlDocuments(Validator validator) {
    this.validator = validator;
  }

  @Override
  public Reading workflow(Path file) {
    String name = file.toString();
    Content content = content(file);
    return content.problem() != null
        ? new Reading(null, TextSource.none(name), List.of(content.problem()))
        : workflow(name, content.text());
  }

  @Override
  public Reading workflow(String name, String text) {
    return new WorkflowReader(validator).read(new SourceText(name, withoutMark(text)));
  }

  @Override
  public Workflow restore(JsonNode document) {
    if (!(document.deepCopy() instanceof ObjectNode map)) {
      throw new IllegalArgumentException("Expected the long form of a workflow, found " + document);
    }
    Findings findings = new Findings(TextSource.none("journal"));
    Workflow workflow = new LongForm(map, findings, validator).read();
    if (!findings.none()) {
      throw new IllegalArgumentException(
          "Expected the long form of a sound workflow: " + findings.sorted().getFirst().message());
    }
    return workflow;
  }

  @Override
  public Tree tree(Path file, String schema) {
    String name = file.toString();
    Content content = content(file);
    if (content.problem() != null) {
      return new Tree(null, TextSource.none(name), List.of(content.problem()));
    }
    YamlTree tree = YamlTree.read(new SourceText(name, withoutMark(content.text())));
    JsonNode value = tree.value();
    Findings findings = new Findings(tree.source());
    findings.addAll(tree.problems());
    if (value != null && !schema.isEmpty()) {
      new Structure(Shipped.schema(schema), validator).check(value, findings, violation -> false);
    }
    return new Tree(findings.none() ? value : null, tree.source(), findings.sorted());
  }

  @Override
  public Tree part(Path file, String text) {
    YamlTree tree = YamlTree.read(new SourceText(file.toString(), withoutMark(text)));
    return new Tree(tree.value(), tree.source(), tree.problems());
  }

  /** A byte order mark is no part of the text. */
  private static String withoutMark(String text) {
    return text.startsWith("\uFEFF") ? text.substring(1) : text;
  }

  /** One byte more than is allowed is enough to know; a device may have no size and no end. */
  private static byte[] beginning(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(Budget.FILE_BYTES_MAX + 1);
    }
  }

  private record Content(String text, @Nullable Problem problem) {}

  private static Content content(Path file) {
    Place place = Place.file(file.toString());
    try {
      byte[] bytes = beginning(file);
      if (bytes.length > Budget.FILE_BYTES_MAX) {
        return new Content("", YamlTree.tooLarge(file.toString()));
      }
      CharsetDecoder strict = StandardCharsets.UTF_8.newDecoder();
      return new Content(strict.decode(ByteBuffer.wrap(bytes)).toString(), null);
    } catch (CharacterCodingException e) {
      return failed(
          Rule.NOT_UTF8, place, "Expected text in UTF-8, found other bytes.", "Save it as UTF-8.");
    } catch (NoSuchFileException e) {
      return failed(Rule.NO_FILE, place, "Expected a file, found none.", "Check the path.");
    } catch (AccessDeniedException e) {
      return failed(
          Rule.UNREADABLE_FILE,
          place,
          "Expected a readable file, found one that you may not read.",
          "Check who owns it.");
    } catch (IOException e) {
      String reason = Files.isDirectory(file) ? "a folder" : String.valueOf(e.getMessage());
      return failed(
          Rule.UNREADABLE_FILE, place, "Expected a readable file, found " + reason + ".", null);
    }
  }

  private static Content failed(Rule rule, Place place, String message, @Nullable String hint) {
    return new Content("", Problem.invalid(rule, place, message, hint));
  }
}
