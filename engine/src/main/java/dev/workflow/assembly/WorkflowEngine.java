package dev.workflow.assembly;

import dev.workflow.check.CheckRequest;
import dev.workflow.check.Checked;
import dev.workflow.check.Checker;
import dev.workflow.check.Folder;
import dev.workflow.check.PlanCheck;
import dev.workflow.check.RankedSkills;
import dev.workflow.check.Servers;
import dev.workflow.definition.Limits;
import dev.workflow.definition.ModelRef;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Workflow;
import dev.workflow.engine.Cache;
import dev.workflow.engine.Clock;
import dev.workflow.engine.Difference;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Expressions;
import dev.workflow.engine.Journal;
import dev.workflow.engine.Journal.RunLog;
import dev.workflow.engine.Models;
import dev.workflow.engine.People;
import dev.workflow.engine.Prices;
import dev.workflow.engine.Ranking;
import dev.workflow.engine.Resolved;
import dev.workflow.engine.ResolvedJson;
import dev.workflow.engine.RunDriver;
import dev.workflow.engine.RunObserver;
import dev.workflow.engine.SystemClock;
import dev.workflow.engine.ToolExperience;
import dev.workflow.engine.Tools;
import dev.workflow.engine.Unasked;
import dev.workflow.engine.Validator;
import dev.workflow.engine.Workspace;
import dev.workflow.expression.CelExpressions;
import dev.workflow.journal.SqliteJournal;
import dev.workflow.mcp.ChildRegistry;
import dev.workflow.mcp.Logins;
import dev.workflow.mcp.McpHost;
import dev.workflow.mcp.McpSettings;
import dev.workflow.mcp.McpTools;
import dev.workflow.mcp.ServerEntry;
import dev.workflow.mcp.ServerLayers;
import dev.workflow.mcp.ServerList;
import dev.workflow.mcp.Trust;
import dev.workflow.models.PriceTables;
import dev.workflow.models.ProviderModels;
import dev.workflow.models.ProviderTimeouts;
import dev.workflow.models.ScriptedModels;
import dev.workflow.ranking.ToolRanking;
import dev.workflow.run.Change;
import dev.workflow.run.Event.RunStarted;
import dev.workflow.run.Recorded;
import dev.workflow.run.RunState;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.skills.PackageLimits;
import dev.workflow.skills.SkillConversions;
import dev.workflow.skills.SkillFolders;
import dev.workflow.skills.SkillPackages;
import dev.workflow.yaml.YamlDocuments;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiPredicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The library's front door: checks workflows, starts runs and takes them up again. Nothing is
 * opened or started before it is needed. Safe for several threads; close it to end all servers.
 */
public final class WorkflowEngine implements AutoCloseable {
  private final Home home;
  private final Validator validator = new JsonSchemas();
  private final Documents documents = new YamlDocuments(validator);
  private final Expressions expressions = new CelExpressions();
  private final KeptDefinition kept = new KeptDefinition(documents);
  private final ProviderModels models;
  private final SkillFolders skills;
  private final Ranking ranking;
  private final ToolExperience experience;
  private final SystemClock clock = new SystemClock();
  private final AtomicReference<@Nullable SqliteJournal> journal = new AtomicReference<>();
  private final AtomicReference<@Nullable McpHost> host = new AtomicReference<>();
  private volatile boolean caches = true;
  private volatile LockUse locks = LockUse.DEFAULT;

  /** An engine that works in a home. */
  public WorkflowEngine(Home home) {
    this.home = home;
    this.models = new ProviderModels(home.environment(), ProviderTimeouts.DEFAULT);
    this.skills =
        new SkillFolders(
            documents,
            validator,
            home.folder().resolve("skills"),
            home.distribution() == null ? null : home.distribution().resolve("skills"));
    this.ranking = ToolRanking.in(home.folder());
    this.experience = new EarlierCalls(this::journal);
  }

  /**
   * From now on no step is answered by what an earlier run gave, and nothing is kept for later
   * ones; a run that begins so remains so when it is resumed.
   */
  public void useNoCache() {
    caches = false;
  }

  /** From now on lock files are used like this. */
  public void use(LockUse use) {
    locks = use;
  }

  /** Writes lock files. */
  public Locking locking() {
    return new Locking(home.folder());
  }

  /**
   * Checks a workflow. Nothing is started unless the request wants servers probed. For a lock that
   * is to be written it does not matter which models there are.
   *
   * @param approved keys of servers approved for this run alone, see {@link #untrusted}
   */
  public Checked check(CheckRequest request, Set<String> approved) {
    LockUse use = locks;
    return new Checker(
            new Checker.Ports(
                documents,
                rankedSkills(),
                new WorkspaceServers(home, this::host, approved),
                use.renews() ? Unasked.byCheck() : models,
                new ScriptedAnswers(documents, expressions)::read,
                expressions,
                validator,
                new WorkspaceLocks(use)))
        .check(
            use.renews()
                ? new CheckRequest(
                    request.file(),
                    request.text(),
                    request.probe(),
                    LockUse.anyModels(request.models()),
                    request.learned())
                : request);
  }

  /**
   * The servers that the workflow uses and a person must approve before they may start.
   *
   * @param approved keys of servers approved for this run alone
   */
  public List<Trust.Question> untrusted(Checked checked, Set<String> approved) {
    Checked.Definition definition = checked.definition();
    if (definition == null || !(checked.tools() instanceof McpTools tools)) {
      return List.of();
    }
    return trust().decide(UsedServers.of(definition.resolved(), tools.entries()), approved);
  }

  /** The servers of a run that a person must approve before they may start. */
  public List<Trust.Question> untrusted(RunState run) {
    Resolved resolved = definition(run);
    ServerList began = ServerList.fromJson(resolved.servers());
    boolean locked = KeptDefinition.locksServers(run.definition());
    Collection<ServerEntry> entries =
        (locked ? began : began.now(home.folder())).entries().values();
    return trust()
        .decide(UsedServers.of(resolved, entries), KeptDefinition.approved(run.definition()));
  }

  /** Model aliases of the user, in {@code models.yaml} of the home. */
  public Map<String, List<ModelRef>> sharedModels() {
    return new SharedModels(documents).read(home.folder().resolve("models.yaml"));
  }

  /**
   * What models cost: by the given files, by {@code prices.json} of the home, by the shipped list.
   *
   * @throws IllegalArgumentException when a file cannot be read; its message is for people
   */
  public Prices prices(List<Path> files) {
    List<Path> all = new ArrayList<>(files);
    Path own = home.folder().resolve("prices.json");
    if (Files.exists(own)) {
      all.add(own);
    }
    return new PriceTables(all, models::isOfficial);
  }

  /** The approvals of this home. */
  public Trust trust() {
    return new Trust(home.folder(), home.environment());
  }

  /** Who is logged in at which remote server, as kept in the home. */
  public Logins logins() {
    return host().logins();
  }

  /** The events of all runs. Opened by the first call. */
  public Journal journal() {
    return sqlite();
  }

  private SqliteJournal sqlite() {
    return made(journal, () -> new SqliteJournal(home.folder()));
  }

  /** JSON Schema validation, for answers and inputs that come from outside. */
  public Validator validator() {
    return validator;
  }

  /** The plans that are kept in this home. */
  public Plans plans() {
    return new Plans(home.folder().resolve("plans"), documents);
  }

  /** Tests of workflows and skills by their cases. */
  public Cases cases() {
    return new Cases(caseRunPorts());
  }

  private CaseRun.Ports caseRunPorts() {
    return new CaseRun.Ports(documents, skills, models, expressions, validator);
  }

  /**
   * Keys of providers and secrets of servers that this engine knows by now. Never to be written.
   */
  public Set<String> secrets() {
    McpHost servers = host.get();
    return servers == null ? models.secrets() : union(models.secrets(), servers.secrets());
  }

  /** Runs on cassettes. */
  public Cassettes cassettes() {
    return new Cassettes(this, caseRunPorts());
  }

  /** Reads YAML and JSON files. */
  public Documents documents() {
    return documents;
  }

  /** The skills that can be found. */
  public SkillFolders skills() {
    return skills;
  }

  /**
   * Skills from elsewhere.
   *
   * @param workspace that a project's skills are installed in
   * @param registry file that {@code mcp://skills/NAME} is looked up in; absent: {@code
   *     registry.yaml} of the home
   * @param token for the host of a repository; absent: only what anybody may read
   */
  public SkillPackages packages(Path workspace, @Nullable Path registry, @Nullable String token) {
    Path distribution = home.distribution();
    return new SkillPackages(
        documents,
        validator,
        new SkillPackages.Setting(
            home.folder(),
            distribution == null ? null : distribution.resolve("skills"),
            workspace,
            registry == null ? home.folder().resolve("registry.yaml") : registry,
            token),
        PackageLimits.DEFAULT);
  }

  /** The skills with what ranks tools for their capabilities. */
  public RankedSkills rankedSkills() {
    return new RankedSkills(skills, ranking, experience);
  }

  /** What tells which tool, or which skill, does what some words ask for. */
  public Ranking ranking() {
    return ranking;
  }

  /** Skills of what other clients have, and the reverse. */
  public SkillConversions conversions() {
    return new SkillConversions(documents, validator);
  }

  /** The models behind {@code provider/model}. */
  public Models models() {
    return models;
  }

  /**
   * The servers in force for a workflow, or for the folder of this process.
   *
   * @param file a workflow file; absent: there is none
   */
  public ServerList servers(@Nullable Path file) {
    if (file == null) {
      return serversOf(Workspace.of(Path.of("").toAbsolutePath()));
    }
    Documents.Reading reading = documents.workflow(file);
    ServerList found =
        reading.workflow() == null
            ? new ServerList(Map.of(), List.of(), Set.of(), List.of())
            : WorkspaceServers.of(
                home,
                List.of(
                    new Servers.Written(
                        reading.workflow(),
                        reading.source(),
                        file,
                        Folder.of(reading.workflow(), file))));
    List<Problem> all = new ArrayList<>(reading.problems());
    all.addAll(found.problems());
    return new ServerList(found.entries(), found.hidden(), found.unsound(), all);
  }

  /** The workspace of a workflow file, to which approvals of its servers belong. */
  public Path workspaceOf(Path file) {
    Workflow workflow = documents.workflow(file).workflow();
    return Workspace.of(
        workflow == null
            ? Objects.requireNonNullElse(file.toAbsolutePath().getParent(), file)
            : Folder.of(workflow, file));
  }

  /** The servers in force in a workspace, where no workflow is meant. */
  public ServerList serversOf(Path workspace) {
    return ServerLayers.read(home.folder(), workspace, home.mcpConfigs(), List.of());
  }

  /** These servers, none of them started; the caller closes them. */
  public McpTools tools(ServerList servers, Set<String> approved) {
    return host().tools(servers, approved, WorkflowEngine::neverPinned);
  }

  public Home home() {
    return home;
  }

  /**
   * A run to begin.
   *
   * @param run its id
   * @param definition that was checked without errors
   * @param inputs that fit the workflow's input schema
   * @param approved keys of servers approved for this run and its resumes
   * @param file that the definition was read from; absent: from no file
   */
  public record Start(
      String run,
      Checked.Definition definition,
      JsonNode inputs,
      Limits limits,
      Set<String> approved,
      @Nullable Path file) {
    public Start {
      approved = Set.copyOf(approved);
    }
  }

  private static boolean mentions(JsonNode value, String text) {
    return value.isString()
        ? value.stringValue().contains(text)
        : value.valueStream().anyMatch(child -> mentions(child, text));
  }

  /**
   * Begins a run.
   *
   * @param checked what the definition came from; its servers are closed with the run
   * @throws Journal.JournalException when a run of that id exists
   */
  public Run begin(Start start, Checked checked, People people, RunObserver observer) {
    Resolved resolved = start.definition().resolved();
    Tools tools = Objects.requireNonNull(checked.tools(), "a definition comes with its servers");
    ObjectNode definition = kept.write(resolved, start.approved(), start.file());
    if (!caches) {
      KeptDefinition.useNoCache(definition);
    }
    if (locks.isStrict()) {
      KeptDefinition.lockServers(definition);
    }
    followFiles(tools, definition);
    if (mentions(definition, "previous.")) {
      KeptRuns runs = runs();
      runs.previous(resolved.workflow().name(), start.definition().simulated())
          .ifPresent(
              run -> ResolvedJson.keepPrevious(definition, run.started(), runs.outputs(run.run())));
    }
    RunLog log = journal().create(start.run());
    RunStarted first =
        new RunStarted(
            start.run(),
            resolved.workflow().name(),
            start.definition().plan(),
            definition,
            start.inputs(),
            start.limits(),
            start.definition().simulated());
    RunDriver driver =
        RunDriver.begin(first, log, ports(definition, resolved, tools, people, observer), resolved);
    return new Run(driver, log, tools);
  }

  private static void followFiles(Tools tools, JsonNode definition) {
    if (tools instanceof McpTools servers && !KeptDefinition.locksServers(definition)) {
      servers.followFiles();
    }
  }

  private KeptRuns runs() {
    return new KeptRuns(journal());
  }

  /** The state of a run, folded from its journal. */
  public RunState state(String run) {
    return runs().state(run);
  }

  /** All events of a run. */
  List<Recorded> events(String run) {
    return runs().events(run);
  }

  /** What is different in a definition as it reads today, as far as that can be told from files. */
  public List<Change> changes(RunState run, Resolved today) {
    return new Difference(kept.fromFiles(run), today, false, Set.of()).changes();
  }

  /**
   * What it means for a run that has not ended to go over to a definition that was checked.
   *
   * @param approved keys of servers approved for this run and its resumes, beside those that were
   */
  public Adoption adoption(
      RunState run, Checked.Definition definition, Set<String> approved, Path file) {
    Set<String> keys = new HashSet<>(approved);
    keys.addAll(KeptDefinition.approved(run.definition()));
    Resolved now = definition(run);
    boolean same =
        new Difference(kept.fromFiles(run), definition.resolved(), true, Set.of())
            .changes()
            .isEmpty();
    return new TimeTravel(
            expressions,
            validator,
            resolved -> kept.adopted(run.definition(), resolved, keys, file))
        .adopt(
            events(run.start().run()),
            now,
            same ? now : definition.resolved(),
            same ? run.plan() : definition.plan());
  }

  /**
   * A new run that goes on from a step of another.
   *
   * @param approved keys of servers approved for it, beside those that were for the other
   */
  public Fork fork(Fork.Wish wish, Set<String> approved) {
    RunState from = state(wish.from());
    Set<String> keys = new HashSet<>(approved);
    keys.addAll(KeptDefinition.approved(from.definition()));
    return new TimeTravel(
            expressions, validator, resolved -> kept.forked(from.definition(), resolved, keys))
        .fork(events(wish.from()), wish, definition(from), clock.now());
  }

  /**
   * Records a fork, all of it or nothing; {@link #resume} goes on with it.
   *
   * @throws Journal.JournalException when a run of its id exists
   */
  public void record(Fork fork) {
    runs().record(fork.run(), fork.events());
  }

  /** The definition that a run was started with. */
  public Resolved definition(RunState run) {
    return kept.read(run);
  }

  /** What a run of a definition would do, as far as it is known before anything is started. */
  public Forecast forecast(Checked.Definition definition, JsonNode inputs) {
    return Forecast.of(definition, inputs, expressions);
  }

  /**
   * The digest of a run of a definition.
   *
   * @param shown what was shown of it, such as its forecast
   */
  public RunDigest digest(
      Checked.Definition definition, JsonNode inputs, Limits limits, JsonNode shown) {
    return RunDigest.of(definition, inputs, limits, shown, documents);
  }

  /** The file that a run was started from, and what became of it; empty where it came from none. */
  public Optional<Origin> origin(RunState run) {
    return KeptDefinition.origin(run.definition());
  }

  /** The other files of a run, such as those of skills and other workflows. */
  public List<Origin> otherFiles(RunState run) {
    return KeptDefinition.otherFiles(run.definition());
  }

  /**
   * Ends the servers that a process of this home left behind when it was killed. To be called
   * before servers are started.
   */
  public List<ChildRegistry.Reaped> reap() {
    return new ChildRegistry(home.folder()).reap();
  }

  /**
   * Takes a run up again that has not ended.
   *
   * @param limits from now on; absent: those in force
   * @param takeOver also when another process seems to drive it
   * @param adoption what it goes over to; absent: it goes on as it was
   * @throws Journal.RunBusyException when another process drives it
   */
  public Run resume(
      String run,
      @Nullable Limits limits,
      boolean takeOver,
      @Nullable Adoption adoption,
      People people,
      RunObserver observer) {
    RunLog log = journal().open(run, takeOver);
    try {
      RunState state = state(run);
      if (adoption != null && adoption.asOf() != state.lastSeq()) {
        throw new Journal.JournalException(
            "Run " + run + " has moved on since the change was looked at: do it again", null);
      }
      Resolved resolved = adoption == null ? definition(state) : adoption.resolved();
      JsonNode definition = adoption == null ? state.definition() : adoption.event().definition();
      Set<String> approved = KeptDefinition.approved(definition);
      Tools tools =
          host().tools(ServerList.fromJson(resolved.servers()), approved, pinned(state, resolved));
      followFiles(tools, definition);
      RunDriver driver =
          RunDriver.resume(
              state,
              limits == null ? state.limits() : limits,
              adoption == null ? null : adoption.event(),
              log,
              ports(definition, resolved, tools, people, observer),
              resolved);
      return new Run(driver, log, tools);
    } catch (RuntimeException e) {
      log.close();
      throw e;
    }
  }

  private static boolean neverPinned(String tool, String digest) {
    return false;
  }

  /** What the lock of its file pins by now; a run of no file has none. */
  private BiPredicate<String, String> pinned(RunState run, Resolved resolved) {
    return origin(run)
        .map(Origin::file)
        .map(file -> WorkspaceLocks.pinned(Folder.of(resolved.workflow(), file), file))
        .orElse(WorkflowEngine::neverPinned);
  }

  /** The servers that a run was started with, none of them started; the caller closes them. */
  Tools tools(JsonNode definition, Resolved resolved) {
    return tools(ServerList.fromJson(resolved.servers()), KeptDefinition.approved(definition));
  }

  private RunDriver.Ports ports(
      JsonNode definition, Resolved resolved, Tools tools, People people, RunObserver observer) {
    Models answering =
        resolved.answers() == null ? models : new ScriptedModels(resolved.answers(), expressions);
    return new RunDriver.Ports(
        tools,
        answering,
        people,
        validator,
        expressions,
        new PlanCheck(documents, skills, expressions, validator),
        caches && KeptDefinition.usesCache(definition) ? sqlite().cache() : Cache.NONE,
        clock,
        observer,
        () -> union(models.secrets(), tools.secrets()));
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return all;
  }

  /** Time and timers of this engine. */
  public Clock clock() {
    return clock;
  }

  private McpHost host() {
    return made(host, () -> new McpHost(home.folder(), home.environment(), McpSettings.DEFAULT));
  }

  private synchronized <T> T made(AtomicReference<@Nullable T> kept, Supplier<T> maker) {
    T made = kept.get();
    if (made == null) {
      made = maker.get();
      kept.set(made);
    }
    return made;
  }

  @Override
  public synchronized void close() {
    clock.close();
    McpHost servers = host.get();
    if (servers != null) {
      servers.close();
    }
    Journal open = journal.get();
    if (open != null) {
      open.close();
    }
  }
}
