package dev.workflow.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HomeTest {
  @Test
  void stateLivesInTheHomeOfTheEnvironmentUnlessAnotherFolderIsNamed() {
    assertThat(folder(Map.of("HOME", "/people/ada"))).isEqualTo(Path.of("/people/ada/.workflow"));
    assertThat(folder(Map.of("HOME", "/people/ada", "WORKFLOW_HOME", "/state")))
        .isEqualTo(Path.of("/state"));
  }

  @Test
  void aHomeThatIsNoAbsolutePathIsThatOfThePasswordFile() {
    Path known = Path.of(System.getProperty("user.home"), ".workflow");
    assertThat(folder(Map.of())).isEqualTo(known);
    assertThat(folder(Map.of("HOME", ""))).isEqualTo(known);
    assertThat(folder(Map.of("HOME", "somewhere"))).isEqualTo(known);
  }

  private static Path folder(Map<String, String> environment) {
    return Home.of(environment, List.of()).folder();
  }
}
