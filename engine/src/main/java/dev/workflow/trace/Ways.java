package dev.workflow.trace;

import dev.workflow.run.Plan.Edge;
import dev.workflow.run.Plan.Node;
import dev.workflow.run.StepInfo;
import dev.workflow.trace.StepGraph.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The edges between the revisions of the steps of one graph, as the run took them.
 *
 * @param beside the revisions of each step, by id
 */
record Ways(List<Node> nodes, Map<String, Revisions> beside, RunTrace trace) {

  /** The sources of a step in the revisions that it has waited for. */
  List<Link> after(StepInfo step, Node node) {
    List<Link> links = new ArrayList<>();
    for (Edge edge : node.edges()) {
      Revisions source = beside.get(nodes.get(edge.source()).id());
      if (source != null) {
        StepInfo waitedFor = before(source, trace.of(step.path()).prepared);
        links.add(Revisions.link(waitedFor, Layers.isSoft(edge.kind())));
      }
    }
    return links.stream().distinct().toList();
  }

  /** The newest revision that had ended when an event came; 0: it has not come. */
  private StepInfo before(Revisions source, long event) {
    if (event > 0) {
      for (StepInfo revision : source.alone().reversed()) {
        long ended = trace.of(revision.path()).ended;
        if (ended > 0 && ended < event) {
          return revision;
        }
      }
    }
    return source.newest();
  }

  /** What a judge had run again; of one that has not asked for it yet, what it would. */
  @Nullable String revises(StepInfo judge, Node node) {
    Revisions own = beside.get(node.id());
    Revisions target =
        node.revise() == null ? null : beside.get(nodes.get(node.revise().target()).id());
    if (own == null || target == null) {
      return null;
    }
    long asked = trace.of(judge.path()).revised;
    if (asked == 0) {
      boolean asksNoMore = judge.status().ended() || !own.newest().path().equals(judge.path());
      return asksNoMore ? null : target.newest().path().toString();
    }
    for (StepInfo revision : target.alone()) {
      if (trace.of(revision.path()).prepared > asked) {
        return revision.path().toString();
      }
    }
    return target.newest().path().toString();
  }
}
