package dev.workflow.mcp;

import dev.workflow.definition.ErrorKind;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Measures how hostile servers, programs and sites, are borne, one after the other, and prints for
 * each what was told, how long after its fault by the server's own clock (or after the time given
 * was over), the longest call of a harmless server meanwhile, the peak of the heap, and the
 * processes left after five seconds. Ends with 1 where one is told later than 250 ms or holds the
 * other up for more than 50 ms: on a machine that does something else that means nothing.
 *
 * <p>{@code java -Xmx256m -cp ... dev.workflow.mcp.ZooFigures [VICE...]}
 */
public final class ZooFigures {
  private static final long TOLD_MILLIS = 250;
  private static final long DELAY_MILLIS = 50;
  private static final Set<String> KINDS =
      Arrays.stream(ErrorKind.values()).map(ErrorKind::word).collect(Collectors.toSet());

  private ZooFigures() {}

  /** Arguments: the vices; none: all. */
  public static void main(String[] vices) throws IOException {
    List<String> wanted = List.of(vices);
    boolean good = true;
    Path folder = Files.createTempDirectory("zoo");
    Process site =
        new ProcessBuilder(
                Fakes.java().toString(),
                "-cp",
                System.getProperty("java.class.path"),
                HostileSite.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader told = site.inputReader();
        Zoo zoo = new Zoo(folder)) {
      String address = Objects.requireNonNull(told.readLine(), "the address of the site");
      List<Hostile> all = new ArrayList<>(Hostile.all());
      all.addAll(Hostile.sites(address, HostileSitesTest.all()));
      zoo.visit(Hostile.all().getLast());
      zoo.visit(all.getLast());
      print("vice", "told", "ms after", "ms delay", "MiB heap", "left");
      for (Hostile hostile : all) {
        if (wanted.isEmpty() || wanted.contains(hostile.vice())) {
          Visit visit = zoo.visit(hostile);
          good &= print(visit);
        }
      }
    } finally {
      site.destroy();
    }
    System.exit(good ? 0 : 1);
  }

  private static boolean print(Visit visit) {
    long delay = visit.meanwhile().slowestMillis();
    long latest = visit.outcomes().stream().mapToLong(Visit.Outcome::millis).max().orElse(0);
    print(
        visit.vice(),
        visit.outcomes().stream()
            .map(ZooFigures::kind)
            .distinct()
            .collect(Collectors.joining(", ")),
        visit.outcomes().stream().anyMatch(Visit.Outcome::failed) ? "" + latest : "-",
        "" + delay,
        "" + visit.peakMebibytes(),
        "" + visit.left().size());
    return latest <= TOLD_MILLIS && delay <= DELAY_MILLIS && visit.left().isEmpty();
  }

  private static String kind(Visit.Outcome outcome) {
    String word = outcome.text().split("[,:]", 2)[0];
    return KINDS.contains(word) ? word : "answer";
  }

  private static void print(
      String vice, String told, String after, String delay, String heap, String left) {
    System.out.printf(
        Locale.ROOT, "%-27s %-28s %9s %9s %9s %5s%n", vice, told, after, delay, heap, left);
  }
}
