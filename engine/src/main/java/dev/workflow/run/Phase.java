package dev.workflow.run;

/** Where one step stands in detail: what the kernel will do with it next. */
enum Phase {
  /** Some of its sources have not ended. */
  BEHIND(StepStatus.PENDING, Mover.SOURCES),
  /** All sources have ended; its expressions are to be evaluated. */
  DUE(StepStatus.PENDING, Mover.ENGINE),
  /** Evaluated, and what follows needs no slot. */
  PREPARED(StepStatus.PENDING, Mover.ENGINE),
  /** Waits for a slot. */
  READY(StepStatus.PENDING, Mover.ENGINE),
  /** Holds a slot; the next call is to be decided. */
  RUNNING(StepStatus.RUNNING, Mover.ENGINE),
  /** Holds a slot; calls are under way. */
  CALLING(StepStatus.RUNNING, Mover.ENGINE),
  /** Holds a slot; every call under way waits for a person whom its server asked. */
  CONSULTING(StepStatus.WAITING, Mover.PEOPLE),
  /** Calls were given up while their servers asked for a person, and none is under way. */
  POSTPONED(StepStatus.WAITING, Mover.PEOPLE),
  /** An {@code each} whose elements are at work. */
  FANNED_OUT(StepStatus.RUNNING, Mover.SOURCES),
  /** A container whose steps are at work. */
  OPEN(StepStatus.RUNNING, Mover.SOURCES),
  /** An agent whose plan is at work; it takes a slot again to go on. */
  DELEGATING(StepStatus.RUNNING, Mover.SOURCES),
  /** A person was asked. */
  ASKING(StepStatus.WAITING, Mover.PEOPLE),
  /** Waits for a time. */
  SLEEPING(StepStatus.WAITING, Mover.ENGINE),
  /** Some call's answer is lost, and none is under way. */
  IN_DOUBT(StepStatus.IN_DOUBT, Mover.DECISION),
  /** An attempt failed; retry or end is to be decided. */
  FAILING(StepStatus.RUNNING, Mover.ENGINE),
  /** No retry is left, and a person was asked what to do. */
  REFERRED(StepStatus.WAITING, Mover.PEOPLE),
  /** No retry is left, and another way is to be looked for. */
  REPLANNING(StepStatus.RUNNING, Mover.ENGINE),
  /** A graph attached to it looks for another way. */
  PLANNING(StepStatus.RUNNING, Mover.SOURCES),
  /** Waits for the time of its next attempt. */
  BACKING_OFF(StepStatus.WAITING, Mover.ENGINE),
  /** Succeeded; the condition of its {@code repeat} or {@code revise} is to be evaluated. */
  JUDGING(StepStatus.SUCCEEDED, Mover.ENGINE),
  /** Succeeded, but is to run again; whether it may is to be decided. */
  REPEATING(StepStatus.RUNNING, Mover.ENGINE),
  /** Waits for the time of its next run. */
  PAUSING(StepStatus.WAITING, Mover.ENGINE),
  /** Succeeded, but wants its region again. */
  REVISING(StepStatus.SUCCEEDED, Mover.ENGINE),
  /** Will not move again. */
  ENDED(StepStatus.SUCCEEDED, Mover.NOBODY);

  /** Who makes the next move. */
  enum Mover {
    ENGINE,
    SOURCES,
    PEOPLE,
    DECISION,
    NOBODY
  }

  private final StepStatus status;
  private final Mover mover;

  Phase(StepStatus status, Mover mover) {
    this.status = status;
    this.mover = mover;
  }

  /** What people see; of an ended step its own final status counts. */
  StepStatus status() {
    return status;
  }

  Mover mover() {
    return mover;
  }

  /**
   * Whether time passes in it that the engine works for: calls, and waits for a time; neither those
   * for a slot nor those for a person.
   */
  boolean takesTime() {
    return this == RUNNING
        || this == CALLING
        || this == SLEEPING
        || this == BACKING_OFF
        || this == PAUSING;
  }

  boolean holdsSlot() {
    return this == RUNNING || this == CALLING || this == CONSULTING;
  }

  /** Whether calls without an answer are what it is about. */
  boolean hasCalls() {
    return this == CALLING || this == CONSULTING || this == IN_DOUBT || this == POSTPONED;
  }
}
