package dev.workflow.run;

import dev.workflow.definition.Allowance;
import dev.workflow.definition.Money;
import dev.workflow.definition.Resource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one owner, the run, a step or an agent, has used up and has promised to calls under way. A
 * promise is made before the call and settled after it, so calls side by side cannot exceed the
 * bound together. Each operation costs the same, however many calls there are.
 */
final class Budget {

  /** A warning is due when no more than this part of a bound is left. */
  private static final int WARN_AT_REST = 5;

  private final String owner;
  private Allowance most;
  private final Map<Resource, Account> accounts = new EnumMap<>(Resource.class);

  /** How long the owner has worked; absent: it is not one whose time is bounded. */
  final @Nullable WorkTime time;

  /** Steps whose next call waits for calls under way to be settled. */
  final Set<StepRun> waiting = new LinkedHashSet<>();

  /** What is known of one resource. */
  private static final class Account {
    long settled;
    long reserved;

    /** Decided on in this decision, which no event has told yet. */
    long planned;

    boolean warned;
  }

  /**
   * A budget of which nothing is used.
   *
   * @param owner for messages, such as {@code The run}
   */
  Budget(String owner, Allowance most) {
    this(owner, most, null);
  }

  private Budget(String owner, Allowance most, @Nullable WorkTime time) {
    this.owner = owner;
    this.most = most;
    this.time = time;
    for (Resource resource : Resource.values()) {
      accounts.put(resource, new Account());
    }
  }

  /** What a step may use up. */
  static Budget ofStep(StepPath step, Allowance most) {
    return new Budget(
        "Step " + step, most, new WorkTime(new Event.TimeMeasured(step, null), most.time()));
  }

  /** What an agent may use up. */
  static Budget ofAgent(String agent, Allowance most) {
    return new Budget(
        "Agent " + agent, most, new WorkTime(new Event.TimeMeasured(null, agent), most.time()));
  }

  /**
   * Another bound from now on; what is used stays used.
   *
   * @param now the working time of the run
   */
  void allow(Allowance other, Duration now) {
    most = other;
    if (time != null) {
      time.allow(other.time(), now);
    }
    accounts.forEach((resource, account) -> account.warned = isNear(resource));
  }

  /** Whether what a model call will take has to be known before it. */
  boolean boundsTurns() {
    return most.tokens() != null || most.cost() != null;
  }

  /** The bound that the amount exceeds, whatever becomes of calls under way; null: none. */
  @Nullable Resource exceededBy(Amount amount) {
    for (Resource resource : Resource.values()) {
      Account account = account(resource);
      long used = isCounted(resource) ? sum(account.settled, account.planned) : account.settled;
      if (exceeds(resource, used, amount)) {
        return resource;
      }
    }
    return null;
  }

  /** Whether the amount fits only when calls under way take less than they may. */
  boolean mustWaitFor(Amount amount) {
    for (Resource resource : Resource.values()) {
      Account account = account(resource);
      long used = sum(sum(account.settled, account.reserved), account.planned);
      if (exceeds(resource, used, amount)) {
        return true;
      }
    }
    return false;
  }

  private boolean exceeds(Resource resource, long used, Amount amount) {
    Long bound = most.most(resource);
    long wanted = amount.of(resource);
    return bound != null && wanted > 0 && sum(used, wanted) > bound;
  }

  /** Calls are used up when they begin; of a model call, the rest is known when it ends. */
  private static boolean isCounted(Resource resource) {
    return switch (resource) {
      case MODEL_CALLS, TOOL_CALLS, REPLANS -> true;
      case TOKENS, COST -> false;
    };
  }

  /** Takes into account what was decided on, until the events tell. */
  void plan(Amount amount) {
    accounts.forEach(
        (resource, account) -> account.planned = sum(account.planned, amount.of(resource)));
  }

  void forgetPlans() {
    accounts.values().forEach(account -> account.planned = 0);
  }

  /** Promises the amount; what nobody knows cannot be promised. */
  void reserve(Amount amount) {
    accounts.forEach((resource, account) -> account.reserved += known(amount.of(resource)));
  }

  /** Takes a promise back. */
  void release(Amount amount) {
    accounts.forEach((resource, account) -> account.reserved -= known(amount.of(resource)));
  }

  private static long known(long amount) {
    return amount == Amount.UNKNOWN ? 0 : amount;
  }

  /**
   * Uses the amount up.
   *
   * @return the bounds that this comes near to for the first time
   */
  List<Resource> charge(Amount amount) {
    List<Resource> near = new ArrayList<>(0);
    accounts.forEach(
        (resource, account) -> {
          account.settled = sum(account.settled, amount.of(resource));
          if (amount.of(resource) > 0 && !account.warned && isNear(resource)) {
            account.warned = true;
            near.add(resource);
          }
        });
    return near;
  }

  /** That the time is used up; null: some is left, or it has no bound. */
  @Nullable String timeUsedUp(Duration now) {
    return time != null && time.isUsedUp(now) ? owner + time.usedUp() : null;
  }

  /** How much of the time is used, where that is to be told now; null: it is not. */
  @Nullable String timeNear(Duration now) {
    return time != null && time.warns(now) ? owner + time.used(now) : null;
  }

  long settled(Resource resource) {
    return account(resource).settled;
  }

  long reserved(Resource resource) {
    return account(resource).reserved;
  }

  @Nullable Long most(Resource resource) {
    return most.most(resource);
  }

  private Account account(Resource resource) {
    return Objects.requireNonNull(accounts.get(resource), "each resource has its account");
  }

  private boolean isNear(Resource resource) {
    Long bound = most.most(resource);
    return bound != null && bound > 0 && settled(resource) >= bound - bound / WARN_AT_REST;
  }

  /** That the next call would exceed the bound. */
  String exceeded(Resource resource, Amount next, @Nullable String model) {
    long wanted = next.of(resource);
    return switch (resource) {
      case TOOL_CALLS, MODEL_CALLS, REPLANS ->
          owner + " has made the " + most.most(resource) + " " + allowed(resource);
      case TOKENS -> used(resource) + "; the next call may take " + wanted;
      case COST ->
          wanted == Amount.UNKNOWN
              ? "What %s costs is not known, so limits.cost of %s cannot be kept"
                  .formatted(model, text(resource, most.most(resource)))
              : used(resource) + "; the next call may cost " + text(resource, wanted);
    };
  }

  /** How much of a bound is used. */
  String used(Resource resource) {
    String amount =
        settled(resource) == Amount.UNKNOWN ? "an unknown part" : text(resource, settled(resource));
    return owner
        + " has "
        + (isCounted(resource) ? "made " : resource == Resource.COST ? "spent " : "used ")
        + amount
        + " of the "
        + text(resource, most.most(resource))
        + " "
        + allowed(resource);
  }

  private static String allowed(Resource resource) {
    String noun =
        switch (resource) {
          case TOKENS -> "tokens that ";
          case COST -> "that ";
          case MODEL_CALLS -> "model calls that ";
          case TOOL_CALLS -> "tool calls that ";
          case REPLANS -> "changes of plan that ";
        };
    return noun + "limits." + resource.key() + " allows";
  }

  private static String text(Resource resource, @Nullable Long amount) {
    long whole = amount == null ? 0 : amount;
    return resource == Resource.COST ? new Money(whole).text() : Long.toString(whole);
  }

  /** What is unknown stays unknown. */
  private static long sum(long some, long more) {
    long sum = some + more;
    return sum < 0 ? Amount.UNKNOWN : sum;
  }
}
