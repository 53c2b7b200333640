package dev.workflow.run;

import dev.workflow.definition.Durations;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long the owner of a budget has worked: it runs while anything of the owner is at work, what
 * is side by side counts once. Times are those of the working time of the run, which knows neither
 * downtime nor clocks that step back.
 */
final class WorkTime {

  /** A warning is due when no more than this part of the bound is left. */
  private static final int WARN_AT_REST = 5;

  /** What tells that the time is worth a look. */
  final Event.TimeMeasured look;

  private @Nullable Duration most;
  private Duration worked = Duration.ZERO;
  private Duration since = Duration.ZERO;
  private int atWork;
  private boolean warned;

  /** Whether it was seen that nothing is left. */
  private boolean seenUsedUp;

  WorkTime(Event.TimeMeasured look, @Nullable Duration most) {
    this.look = look;
    this.most = most;
  }

  /** Whether it runs towards a bound. */
  boolean isWatched() {
    return runs() && most != null && !seenUsedUp;
  }

  /** Takes note of what can be seen now. */
  void looked(Duration now) {
    seenUsedUp = isUsedUp(now);
  }

  boolean runs() {
    return atWork > 0;
  }

  /** Another bound from now on; the time that has passed stays. */
  void allow(@Nullable Duration other, Duration now) {
    most = other;
    warned = isNear(now);
    seenUsedUp = false;
  }

  /** One more of the owner is at work. */
  void start(Duration now) {
    if (atWork == 0) {
      since = now;
    }
    atWork++;
  }

  /** One less of the owner is at work. */
  void stop(Duration now) {
    worked = worked(now);
    since = now;
    atWork--;
  }

  private Duration worked(Duration now) {
    return runs() ? worked.plus(now).minus(since) : worked;
  }

  /** Whether nothing of the bound is left. */
  boolean isUsedUp(Duration now) {
    return most != null && worked(now).compareTo(most) >= 0;
  }

  private boolean isNear(Duration now) {
    return most != null && worked(now).compareTo(warningAt(most)) >= 0;
  }

  private static Duration warningAt(Duration bound) {
    return bound.minus(bound.dividedBy(WARN_AT_REST));
  }

  /** Whether the bound has come near for the first time. */
  boolean warns(Duration now) {
    boolean warns = !warned && isNear(now);
    warned |= warns;
    return warns;
  }

  /** How long it takes, when the owner goes on working, until the next look is worth it. */
  Duration untilNextLook(Duration now) {
    Duration bound = most == null ? Duration.ZERO : most;
    Duration left = (warned ? bound : warningAt(bound)).minus(worked(now));
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** That the bound is used up, after the owner. */
  String usedUp() {
    return " has worked for the " + text(most) + allowed();
  }

  /** How much of the bound is used, after the owner. */
  String used(Duration now) {
    Duration whole = worked(now);
    Duration shown =
        whole.compareTo(Duration.ofSeconds(1)) < 0 ? whole : Duration.ofSeconds(whole.toSeconds());
    return " has worked for " + text(shown) + " of the " + text(most) + allowed();
  }

  private static String allowed() {
    return " that limits.time allows";
  }

  private static String text(@Nullable Duration time) {
    return Durations.text(time == null ? Duration.ZERO : time);
  }
}
