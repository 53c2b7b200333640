package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TreeDifferenceTest {
  private static final PackageTree NONE = PackageWorld.tree(Map.of());

  private static List<String> added(int files, String text) {
    Map<String, String> tree = new LinkedHashMap<>();
    for (int i = 0; i < files; i++) {
      tree.put("%03d.md".formatted(i), text);
    }
    return TreeDifference.of(NONE, PackageWorld.tree(tree));
  }

  @Test
  void ofManyFilesTheFirstAreShownAndTheOthersCounted() {
    assertThat(added(75, "x")).hasSize(300).doesNotContain("... and 0 more files");
    assertThat(added(100, "x")).hasSize(301).endsWith("+x", "... and 25 more files");
    assertThat(added(100, "x\ny"))
        .hasSize(301)
        .contains("--- /dev/null", "+++ 000.md", "@@ -1 +1 @@", "+x")
        .endsWith("... and 40 more files");
    assertThat(added(3, "x\n".repeat(200)))
        .hasSize(302)
        .endsWith("... and 106 more lines", "... and 1 more files");
  }

  @Test
  void aTextOfMoreThanTwoThousandLinesIsNotComparedLineByLine() {
    assertThat(TreeDifference.of(NONE, one("x\n".repeat(2_000)))).hasSize(301);
    assertThat(TreeDifference.of(NONE, one("x\n".repeat(2_001))))
        .containsExactly("a.md: nothing -> 3.9 KiB");
  }

  private static PackageTree one(String text) {
    return PackageWorld.tree(Map.of("a.md", text));
  }
}
