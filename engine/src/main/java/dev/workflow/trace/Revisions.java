package dev.workflow.trace;

import dev.workflow.run.StepInfo;
import dev.workflow.trace.StepGraph.Link;
import java.util.List;

/**
 * The revisions of one step, or of one element, as they are drawn.
 *
 * @param alone those that are drawn by themselves, at least one
 * @param together those before them, which are drawn as one
 */
record Revisions(List<StepInfo> alone, List<StepInfo> together) {

  /**
   * The newest by themselves where there are many.
   *
   * @param most rows, at least 2
   */
  static Revisions of(List<StepInfo> all, int most) {
    int before = all.size() <= most ? 0 : all.size() - most + 1;
    return new Revisions(all.subList(before, all.size()), all.subList(0, before));
  }

  StepInfo newest() {
    return alone.getLast();
  }

  boolean isFirst(StepInfo step) {
    return step.path().equals(alone.getFirst().path());
  }

  String nameOfRest() {
    return alone.getFirst().path() + " and before";
  }

  String idOfRest() {
    return newest().node().id() + " (" + together.size() + " before)";
  }

  /** An edge from one of them. */
  static Link link(StepInfo revision, boolean soft) {
    return new Link(revision.path().toString(), revision.path().last().toString(), soft);
  }
}
