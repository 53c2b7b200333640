package dev.workflow.expression;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExpressionGuideTest {
  private static final Pattern ROW = Pattern.compile("^\\| `(.*)` \\| `(.*)` \\|$");

  @Test
  void everyExampleOfTheGuideHasTheValueItSays() throws IOException {
    Scene scene = Scene.trip();
    int examples = 0;
    for (String line : Files.readAllLines(Path.of("..", "docs", "expressions.md"))) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        String value = row.group(2).replace('"', '\'');
        assertThat(scene.result(row.group(1))).as(row.group(1)).isEqualTo(value);
        examples++;
      }
    }
    assertThat(examples).isGreaterThan(20);
  }
}
