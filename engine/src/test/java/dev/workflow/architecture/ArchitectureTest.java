package dev.workflow.architecture;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  /** Fewer than this and the importer has looked in the wrong place; raise it as the code grows. */
  private static final int CLASSES_AT_LEAST = 150;

  private static final Set<String> EXITS =
      Set.of("java.lang.System.exit", "java.lang.Runtime.exit", "java.lang.Runtime.halt");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.workflow");

  @Test
  void theRulesSeeTheWholeEngine() {
    assertThat(CLASSES.size()).isGreaterThanOrEqualTo(CLASSES_AT_LEAST);
    assertThat(CLASSES.stream().map(ArchitectureTest::room)).containsAll(Rooms.MAY_IMPORT.keySet());
  }

  @Test
  void everyPackageIsARoomOfTheImportTable() {
    assertThat(CLASSES.stream().map(ArchitectureTest::room).distinct())
        .isSubsetOf(Rooms.MAY_IMPORT.keySet());
  }

  @Test
  void everyPackageIsNullMarkedAndSaysWhatItIsFor() {
    assertThat(CLASSES.stream().map(JavaClass::getPackage).distinct())
        .filteredOn(room -> room.tryGetPackageInfo().filter(info -> isNullMarked(room)).isEmpty())
        .extracting(JavaPackage::getName)
        .isEmpty();
  }

  @Test
  void roomsImportOnlyWhatTheTableAllows() {
    assertThat(dependencies(Set.of()).filter(ArchitectureTest::breaksTheTable))
        .extracting(Dependency::getDescription)
        .isEmpty();
  }

  @Test
  void noPackagesImportEachOtherInACircle() {
    slices().matching("dev.workflow.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void everyLibraryIsSeenOnlyInItsHome() {
    assertThat(dependencies(Set.of()).filter(ArchitectureTest::leavesItsHome))
        .extracting(Dependency::getDescription)
        .isEmpty();
  }

  @Test
  void theKernelKnowsOnlyPureTypes() {
    assertThat(dependencies(Rooms.KERNEL).filter(seen -> !KernelPurity.allows(target(seen))))
        .extracting(Dependency::getDescription)
        .isEmpty();
  }

  @Test
  void theKernelAsksNeitherClockNorChanceNorMachine() {
    assertThat(
            in(Rooms.KERNEL)
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> !KernelPurity.allows(access)))
        .extracting(access -> access.getDescription())
        .isEmpty();
  }

  @Test
  void theEngineNeverPrintsNorExits() {
    Stream<String> prints =
        in(Set.of())
            .flatMap(type -> type.getFieldAccessesFromSelf().stream())
            .filter(access -> access.getTargetOwner().isEquivalentTo(System.class))
            .map(access -> access.getDescription());
    Stream<String> exits =
        in(Set.of())
            .flatMap(type -> type.getCodeUnitAccessesFromSelf().stream())
            .filter(
                access ->
                    EXITS.contains(access.getTargetOwner().getName() + "." + access.getName()))
            .map(access -> access.getDescription());

    assertThat(Stream.concat(prints, exits)).isEmpty();
  }

  private static boolean breaksTheTable(Dependency dependency) {
    String from = room(dependency.getOriginClass());
    Predicate<String> allowed =
        to -> to.equals(from) || Rooms.MAY_IMPORT.getOrDefault(from, Set.of()).contains(to);
    return Rooms.roomOf(target(dependency).getPackageName()).filter(allowed.negate()).isPresent();
  }

  private static boolean leavesItsHome(Dependency dependency) {
    JavaClass target = target(dependency);
    if (target.isPrimitive() || Rooms.roomOf(target.getPackageName()).isPresent()) {
      return false;
    }
    String from = room(dependency.getOriginClass());
    return Rooms.homesOf(target.getPackageName())
        .filter(homes -> !homes.contains(from))
        .isPresent();
  }

  private static boolean isNullMarked(JavaPackage room) {
    return room.isAnnotatedWith(NullMarked.class);
  }

  /** The classes of some rooms, or of all rooms where none is named. */
  private static Stream<JavaClass> in(Set<String> rooms) {
    return CLASSES.stream().filter(type -> rooms.isEmpty() || rooms.contains(room(type)));
  }

  private static Stream<Dependency> dependencies(Set<String> rooms) {
    return in(rooms).flatMap(type -> type.getDirectDependenciesFromSelf().stream());
  }

  private static JavaClass target(Dependency dependency) {
    return dependency.getTargetClass().getBaseComponentType();
  }

  private static String room(JavaClass type) {
    return Rooms.roomOf(type.getPackageName()).orElse(type.getPackageName());
  }
}
