package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  /** Fewer than this and the importer has looked in the wrong place; raise it as the code grows. */
  private static final int CLASSES_AT_LEAST = 60;

  /** What the command line may see: itself, the engine's front door and its own two libraries. */
  private static final Set<String> OWN_LIBRARIES =
      Set.of(
          "dev.workflow.",
          "java.",
          "jdk.",
          "org.jline.",
          "org.jspecify.annotations.",
          "picocli.",
          // What the engine's own interfaces speak.
          "org.reactivestreams.",
          "reactor.",
          "tools.jackson.core.",
          "tools.jackson.databind.");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.workflow.cli");

  @Test
  void theRulesSeeTheWholeCommandLine() {
    assertThat(CLASSES.size()).isGreaterThanOrEqualTo(CLASSES_AT_LEAST);
  }

  @Test
  void theCommandLineReachesLibrariesOfRimsOnlyThroughTheEngine() {
    assertThat(CLASSES.stream().flatMap(type -> type.getDirectDependenciesFromSelf().stream()))
        .filteredOn(seen -> !isOwn(seen.getTargetClass().getBaseComponentType()))
        .extracting(Dependency::getDescription)
        .isEmpty();
  }

  private static boolean isOwn(JavaClass target) {
    String dotted = target.getPackageName() + ".";
    return target.isPrimitive() || OWN_LIBRARIES.stream().anyMatch(dotted::startsWith);
  }
}
