package dev.workflow.yaml;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BudgetTest {

  @TempDir Path folder;

  @Test
  void aFileHasAtMostOneMebibyte() throws IOException {
    Path file = folder.resolve("big.yaml");
    Files.writeString(file, "#".repeat(1024 * 1024 + 1));

    assertThat(Yaml.DOCUMENTS.workflow(file).problems())
        .extracting(Problem::message)
        .containsExactly("Expected a file of at most 1 MiB, found a larger one.");
    assertThat(messages("#".repeat(1024 * 1024 + 1)))
        .containsExactly("Expected a file of at most 1 MiB, found a larger one.");
  }

  @Test
  void aValueNestsAtMostAHundredLevels() {
    String deep = "[".repeat(98) + "]".repeat(98);
    String tooDeep = "[".repeat(5_000) + "]".repeat(5_000);

    assertThat(messages("steps: {a: {set: " + deep.substring(2, 194) + "}}")).isEmpty();
    assertThat(messages("steps: {a: {set: " + tooDeep + "}}"))
        .containsExactly("Expected at most 100 levels of nesting, found more.");
  }

  @Test
  void aBombOfAliasesIsCountedAsWhatItExpandsTo() {
    StringBuilder bomb = new StringBuilder("a: &a [" + "1, ".repeat(4_000) + "1]\n");
    bomb.append("b: &b [*a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b]\n");

    assertThat(messages(bomb.toString()))
        .containsExactly(
            "Expected at most 100,000 values in a file, aliases expanded; found more.");
  }

  @Test
  void moreThanAHundredThousandValuesAreTooMany() {
    assertThat(messages("steps: {a: {set: [" + "1,".repeat(100_001) + "]}}"))
        .containsExactly(
            "Expected at most 100,000 values in a file, aliases expanded; found more.");
  }

  @Test
  void aNumberWithAMegabyteOfDigitsIsRefusedAtOnce() {
    assertThat(messages("steps: {a: {set: 1" + "0".repeat(900_000) + "}}"))
        .containsExactly("Expected a number that fits 64 bits, found one that is larger.");
  }

  @Test
  void aTagThatTheParserCannotReadIsAProblem() {
    assertThat(messages("steps: !<%20a> x")).isNotEmpty();
    assertThat(messages("%YAML 9.9\n---\na: 1\n")).isNotEmpty();
    assertThat(messages("%FOO\n%TAG ! x\n---\na: !<%zz> 1\n")).isNotEmpty();
  }

  @Test
  void linesOfAMegabyteAreReadWithoutGoingBackAndForth() {
    String spaces = " ".repeat(500_000);

    assertThat(messages("prompt" + spaces + "x: \"a\" b")).isNotEmpty();
    assertThat(messages("prompt: " + "a: ".repeat(200_000))).isNotEmpty();
    assertThat(messages("steps: {a: {prompt: " + "${x} ".repeat(100_000) + "}}")).isNotEmpty();
    assertThat(messages("\t".repeat(500_000) + "x: 1")).isNotEmpty();
  }

  @Test
  void aLongLineWithManyMistakesIsNeitherSlowNorLarge() {
    StringBuilder line = new StringBuilder("steps: {\uD83D\uDE00: {set: 1}");
    for (int i = 0; i < 20_000; i++) {
      line.append(", a").append(i).append(": {}");
    }

    assertThat(messages(line.append('}').toString())).hasSize(500);
  }

  @Test
  void filesThatAreNotThereNotTextOrFoldersAreProblems() throws IOException {
    Path latin = folder.resolve("latin.yaml");
    Files.write(latin, new byte[] {'a', ':', ' ', (byte) 0xE9, '\n'});

    assertThat(Yaml.DOCUMENTS.workflow(latin).problems())
        .extracting(Problem::message)
        .containsExactly("Expected text in UTF-8, found other bytes.");
    assertThat(Yaml.DOCUMENTS.workflow(folder.resolve("none.yaml")).problems())
        .extracting(Problem::message)
        .containsExactly("Expected a file, found none.");
    assertThat(Yaml.DOCUMENTS.tree(folder, "").problems())
        .extracting(Problem::message)
        .containsExactly("Expected a readable file, found a folder.");
  }

  private static List<String> messages(String text) {
    return Yaml.read(text).problems().stream().map(Problem::message).toList();
  }
}
