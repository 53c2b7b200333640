package dev.workflow.architecture;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import java.util.Set;

/**
 * What the kernel may touch: values and pure functions of the JDK, and the JSON tree. Time, chance
 * and ids arrive inside events, so the same journal always gives the same commands.
 */
final class KernelPurity {
  private static final Set<String> PURE_PACKAGES =
      Set.of(
          "java.lang",
          "java.lang.annotation",
          "java.lang.invoke",
          "java.lang.runtime",
          "java.math",
          "java.nio.charset",
          "java.text",
          "java.time",
          "java.time.format",
          "java.time.temporal",
          "java.util",
          "java.util.function",
          "java.util.regex",
          "java.util.stream",
          "org.jspecify.annotations",
          "tools.jackson.databind.node");

  private static final Set<String> PURE_CLASSES =
      Set.of(
          "java.security.MessageDigest",
          "java.security.NoSuchAlgorithmException",
          "tools.jackson.databind.JsonNode");

  /** Classes of pure packages that are a clock, chance, a thread, a process or an open file. */
  private static final Set<String> IMPURE_CLASSES =
      Set.of(
          "java.lang.InheritableThreadLocal",
          "java.lang.Process",
          "java.lang.ProcessBuilder",
          "java.lang.ProcessHandle",
          "java.lang.Runtime",
          "java.lang.Thread",
          "java.lang.ThreadGroup",
          "java.lang.ThreadLocal",
          "java.time.Clock",
          "java.time.InstantSource",
          "java.util.Random",
          "java.util.Scanner",
          "java.util.ServiceLoader",
          "java.util.SplittableRandom",
          "java.util.Timer",
          "java.util.TimerTask");

  /** The parts of {@link System} that read nothing and change nothing outside. */
  private static final Set<String> PURE_SYSTEM = Set.of("arraycopy", "identityHashCode");

  /** Ways into the common pool's threads from otherwise pure classes. */
  private static final Set<String> PARALLEL =
      Set.of("parallel", "parallelPrefix", "parallelSetAll", "parallelSort", "parallelStream");

  /** What the JDK answers differently from one call or machine to the next. */
  private static final Set<String> AMBIENT =
      Set.of(
          "java.lang.Math.random",
          "java.lang.StrictMath.random",
          "java.nio.charset.Charset.defaultCharset",
          "java.time.ZoneId.systemDefault",
          "java.util.Collections.shuffle",
          "java.util.Locale.getDefault",
          "java.util.TimeZone.getDefault",
          "java.util.UUID.randomUUID");

  private KernelPurity() {}

  static boolean allows(JavaClass target) {
    String name = outermost(target.getName());
    if (target.isPrimitive() || Rooms.roomOf(target.getPackageName()).isPresent()) {
      return true; // Between our own rooms the import table decides.
    }
    return PURE_CLASSES.contains(name)
        || (PURE_PACKAGES.contains(target.getPackageName()) && !IMPURE_CLASSES.contains(name));
  }

  static boolean allows(JavaAccess<? extends AccessTarget> access) {
    String owner = access.getTargetOwner().getName();
    String member = access.getName();
    if (owner.equals("java.lang.System")) {
      return PURE_SYSTEM.contains(member);
    }
    if (owner.startsWith("java.time.") && member.equals("now")) {
      return false;
    }
    if (owner.startsWith("java.util.") && PARALLEL.contains(member)) {
      return false;
    }
    return !AMBIENT.contains(owner + "." + member);
  }

  private static String outermost(String className) {
    int dollar = className.indexOf('$');
    return dollar < 0 ? className : className.substring(0, dollar);
  }
}
