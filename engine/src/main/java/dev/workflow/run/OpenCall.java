package dev.workflow.run;

import dev.workflow.run.AgentRun.Wish;
import dev.workflow.run.Event.ModelCalled;
import dev.workflow.run.Event.ToolCalled;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A call without an answer. */
final class OpenCall {
  final Event.OfCall event;

  /** What the model asked for; absent for the call of a tool step and for a model's turn. */
  final @Nullable Wish wanted;

  /** What a model call may use up, which is promised to it until it ends. */
  final Amount reserved;

  /** Whether its command was given in this process. */
  boolean commanded;

  /** Whether its cancellation was ordered in this process. */
  boolean cancelled;

  /** Why its answer is lost; absent while it is awaited. */
  @Nullable String lost;

  /** What made the answer lost; absent: the engine ended. */
  @Nullable StepError lostBy;

  /** The call that asks about this one; absent: not evaluated yet. */
  Prepared.@Nullable Call probe;

  /** What the probe gave; absent: nothing yet. */
  @Nullable JsonNode found;

  /** Why the probe gave nothing; absent: it did not fail. */
  @Nullable String probeFailed;

  /** Whether the doubt is recorded. */
  boolean inDoubt;

  /** What its server wants of a person; absent: nothing now. */
  Event.@Nullable ElicitationAsked asked;

  /** Whether the question was put in this process. */
  boolean askCommanded;

  /** Whether it was given up while its server asked. */
  boolean postponed;

  /** What the server is to be told; absent: nothing, or the command was given. */
  Event.@Nullable ElicitationAnswered reply;

  /** What its server has asked and was answered. */
  final List<Event.ElicitationAsked> heard = new ArrayList<>(0);

  /** What its server wants a model asked; absent: nothing now. */
  @Nullable Sampling sampling;

  /** What a server wants of this model; absent: it is no call for a server. */
  @Nullable Sampling serves;

  /** Of the call whose server this model is asked for. */
  String servedKey = "";

  /** What its server is to be told about that; absent: nothing, or the command was given. */
  Event.@Nullable SamplingAnswered completion;

  /** What its server wanted and was told the reply of a model to. */
  final List<Event.SamplingAsked> sampled = new ArrayList<>(0);

  /** What a server wants a model asked, and how far that has come. */
  static final class Sampling {
    final Event.SamplingAsked asked;

    /** Index of the model that is asked, or is next. */
    int model;

    /** The call that asks it; absent: none is under way. */
    @Nullable String asking;

    /** The call that was answered; absent: none was. */
    @Nullable String answered;

    /** Why no model answered; absent: one may. */
    @Nullable StepError failed;

    Sampling(Event.SamplingAsked asked) {
      this.asked = asked;
    }
  }

  OpenCall(Event.OfCall event, @Nullable Wish wanted, Amount reserved) {
    this.event = event;
    this.wanted = wanted;
    this.reserved = reserved;
  }

  /** The lost call that this one asks about; null: it is work of the step. */
  @Nullable String verifies() {
    return event instanceof ToolCalled tool ? tool.verifies() : null;
  }

  /** The tool call whose server wants this model asked; null: it is work of the step. */
  @Nullable String samples() {
    return event instanceof ModelCalled model ? model.samples() : null;
  }

  /** Nothing that its server wants of a model is of interest any more. */
  void forgetSampling() {
    sampling = null;
    completion = null;
  }

  /** Whether its answer is awaited, be it that a person is asked first. */
  boolean isAwaited() {
    return lost == null && !postponed;
  }

  /** Whether its server waits for a person. */
  boolean consults() {
    return isAwaited() && asked != null && sampling == null;
  }

  /** Whether only a person brings it forward, and nothing of it is under way. */
  boolean isLeft() {
    return inDoubt || postponed;
  }

  /** Whether the call may run again without asking. */
  boolean repeatable() {
    return !(event instanceof ToolCalled tool) || tool.effect().repeatable();
  }
}
