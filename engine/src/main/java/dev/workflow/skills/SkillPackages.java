package dev.workflow.skills;

import dev.workflow.definition.Nearest;
import dev.workflow.definition.Problem;
import dev.workflow.definition.Rule;
import dev.workflow.definition.Skill;
import dev.workflow.engine.Documents;
import dev.workflow.engine.Validator;
import dev.workflow.skills.InstalledSkill.Scope;
import dev.workflow.skills.InstalledSkill.State;
import dev.workflow.skills.SkillSource.Ref;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Skills from elsewhere: fetches, installs, updates, removes, packs and publishes them. Nothing of
 * a package runs, and whatever fails leaves everything as it was.
 */
public final class SkillPackages {
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9][A-Za-z0-9.+_-]{0,63}");

  private final Setting setting;
  private final SkillFinder finder;

  /**
   * Where it works.
   *
   * @param home of the user, with {@code skills/} and a lock file
   * @param shipped folder of the shipped skills; absent: there are none
   * @param workspace of the project, with the same
   * @param registry file that {@code mcp://skills/NAME} is looked up in
   * @param token for the host of a repository; absent: only what anybody may read
   */
  public record Setting(
      Path home, @Nullable Path shipped, Path workspace, Path registry, @Nullable String token) {}

  /** Nothing is read yet. */
  public SkillPackages(
      Documents documents, Validator validator, Setting setting, PackageLimits limits) {
    this.setting = setting;
    this.finder =
        new SkillFinder(documents, validator, setting.registry(), setting.token(), limits);
  }

  private record Place(SkillStore store, Path folder, @Nullable Path commonLock, Path home) {
    WorkflowLock lock() {
      return WorkflowLock.read(folder.resolve(WorkflowLock.FILE));
    }

    /** Fails where a record is damaged. */
    void requireSound() {
      lock();
      if (commonLock != null) {
        CommonLock.read(commonLock);
      }
    }

    /** Changes the records: all of them, or none. */
    void record(Consumer<WorkflowLock> edit, Consumer<CommonLock> common) {
      CommonLock other = commonLock == null ? null : CommonLock.read(commonLock);
      try {
        WorkflowLock.<@Nullable Void>change(
            home,
            folder.resolve(WorkflowLock.FILE),
            lock -> {
              edit.accept(lock);
              if (other != null) {
                common.accept(other);
                other.write();
              }
              return null;
            });
      } catch (RuntimeException e) {
        if (other != null) {
          other.undo();
        }
        throw e;
      }
    }
  }

  private Place place(Scope scope) {
    return switch (scope) {
      case project ->
          new Place(
              new SkillStore(setting.workspace().resolve("skills")),
              setting.workspace(),
              setting.workspace().resolve(CommonLock.FILE),
              setting.home());
      case user ->
          new Place(
              new SkillStore(setting.home().resolve("skills")),
              setting.home(),
              null,
              setting.home());
      case shipped -> throw new IllegalArgumentException("shipped skills are never changed");
    };
  }

  /**
   * Fetches a skill and looks at it. Nothing is installed.
   *
   * @param name of the skill, where there are several; absent: there is one
   * @param base folder that relative paths are below
   * @throws SkillPackageException when it cannot be had or may not be installed
   */
  public Candidate find(String source, @Nullable String name, Path base) {
    return finder.find(SkillSource.of(source, base), name);
  }

  /**
   * Installs a skill that was found.
   *
   * @return whether it was not there yet
   * @throws SkillPackageException when another skill of its name is there
   */
  public boolean install(Candidate candidate, Scope scope) {
    Place place = place(scope);
    SkillStore store = place.store();
    return store.alone(
        () -> {
          boolean fresh = !store.has(candidate.name());
          if (!fresh) {
            requireSame(candidate, place);
          }
          record(place, candidate, fresh);
          return fresh;
        });
  }

  private void requireSame(Candidate candidate, Place place) {
    String name = candidate.name();
    PackageTree there = place.store().files(name, finder.limits());
    if (there == null || !there.hash().equals(candidate.hash())) {
      boolean recorded = place.lock().skill(name) != null;
      throw SkillPackageException.refused(
          Rule.SKILL_EXISTS,
          place.store().of(name).toString(),
          "There is a skill `%s` already, and it is another one.".formatted(name),
          recorded
              ? "To change it: workflow skill update %s. To begin anew: workflow skill remove %s."
                  .formatted(name, name)
              : "It was not installed by a command: move it away first.");
    }
  }

  /** Puts files and records in place; where the records fail, so do the files. */
  private static void record(Place place, Candidate candidate, boolean put) {
    String name = candidate.name();
    place.requireSound(); // What is damaged is told of before anything is changed.
    LockedSkill locked = candidate.locked(place.folder());
    Runnable records =
        () ->
            place.record(
                lock -> lock.put(name, locked),
                common -> common.put(name, locked, candidate.tree()));
    if (put) {
      place.store().put(name, candidate.tree(), records);
    } else {
      records.run();
    }
  }

  /**
   * What came of installing all that the lock files record.
   *
   * @param installed names
   * @param problems with those that are not
   */
  public record Restored(List<String> installed, List<Problem> problems) {
    public Restored {
      installed = List.copyOf(installed);
      problems = List.copyOf(problems);
    }
  }

  /**
   * Installs what the lock file records and is not there, each the very commit and files that are
   * recorded; in a project also what {@code skills-lock.json} records.
   */
  public Restored restore(Scope scope) {
    Place place = place(scope);
    Map<String, LockedSkill> recorded = place.lock().skills();
    List<String> installed = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    recorded.forEach(
        (name, locked) -> {
          if (!place.store().has(name)) {
            restored(name, () -> pinned(name, locked, place), scope, installed, problems);
          }
        });
    Path common = place.commonLock();
    if (common != null) {
      CommonLock.read(common)
          .skills()
          .forEach(
              (name, entry) -> {
                if (!recorded.containsKey(name) && !place.store().has(name)) {
                  restored(name, () -> common(name, entry, place), scope, installed, problems);
                }
              });
    }
    return new Restored(installed, problems);
  }

  private void restored(
      String name,
      Supplier<Candidate> found,
      Scope scope,
      List<String> installed,
      List<Problem> problems) {
    try {
      install(found.get(), scope);
      installed.add(name);
    } catch (SkillPackageException e) {
      problems.addAll(e.problems());
    }
  }

  private Candidate pinned(String name, LockedSkill locked, Place place) {
    Candidate candidate = finder.find(finder.source(locked, place.folder(), true), name);
    if (!candidate.hash().equals(locked.tree())) {
      throw SkillPackageException.untrusted(
          Rule.LOCK_MISMATCH,
          place.folder().resolve(WorkflowLock.FILE).toString(),
          "Expected the files of `%s` that are recorded (%s), found others (%s): %s."
              .formatted(
                  name, locked.tree(), candidate.hash(), different(locked, candidate.tree())),
          "Nothing was installed. If they are meant: workflow skill install %s"
              .formatted(candidate.source()));
    }
    return candidate.as(locked);
  }

  private static String different(LockedSkill locked, PackageTree tree) {
    return String.join(", ", locked.differences(tree));
  }

  private Candidate common(String name, CommonLock.Entry entry, Place place) {
    String source = entry.asSource();
    if (source == null) {
      throw SkillPackageException.missing(
          Rule.PACKAGE_SOURCE,
          name,
          "skills-lock.json has `%s` from `%s`, which is not known here."
              .formatted(name, entry.sourceType()),
          null);
    }
    Candidate candidate = find(source, name, place.folder());
    String hash = CommonLock.hash(candidate.tree());
    if (!hash.equals(entry.computedHash())) {
      throw SkillPackageException.untrusted(
          Rule.LOCK_MISMATCH,
          name,
          "Expected the files that skills-lock.json records (%s), found others (%s)."
              .formatted(entry.computedHash(), hash),
          "Nothing was installed. If they are meant: workflow skill install " + source);
    }
    return candidate;
  }

  /** The names of the skills that were installed. */
  public Set<String> recorded(Scope scope) {
    return place(scope).lock().skills().keySet();
  }

  /**
   * Looks for what a skill is at its source now. Nothing is changed.
   *
   * @throws SkillPackageException when it was not installed, was edited since, or cannot be had
   */
  public SkillUpdate look(String name, Scope scope) {
    Place place = place(scope);
    LockedSkill locked = locked(name, place);
    PackageTree now = unedited(name, locked, place);
    Candidate candidate = finder.find(finder.source(locked, place.folder(), false), name);
    boolean tagged = Ref.of(locked.ref()) instanceof Ref.Tag;
    if (tagged && !Objects.equals(locked.commit(), candidate.commit())) {
      throw SkillPackageException.untrusted(
          Rule.TAG_MOVED,
          candidate.source(),
          "Expected that the tag still names commit %s, found %s."
              .formatted(locked.commit(), candidate.commit()),
          "Nothing was changed. A tag that moves is a sign of tampering; ask its owner.");
    }
    SkillWishes before = finder.wishes(place.store().of(name), name, now);
    return new SkillUpdate(
        locked,
        candidate.as(locked),
        before == null
            ? List.of("what is installed cannot be read, so what it may do cannot be compared")
            : before.changesTo(candidate.wishes()),
        TreeDifference.of(now, candidate.tree()));
  }

  private LockedSkill locked(String name, Place place) {
    WorkflowLock lock = place.lock();
    LockedSkill locked = lock.skill(name);
    if (locked == null) {
      throw SkillPackageException.missing(
          Rule.SKILL_UNKNOWN,
          place.folder().resolve(WorkflowLock.FILE).toString(),
          "No skill `%s` was installed here.".formatted(name),
          lock.skills().isEmpty() ? null : Nearest.hint(name, lock.skills().keySet()));
    }
    return locked;
  }

  private PackageTree unedited(String name, LockedSkill locked, Place place) {
    PackageTree now = place.store().files(name, finder.limits());
    if (now == null) {
      throw gone(name, place);
    }
    if (!now.hash().equals(locked.tree())) {
      throw SkillPackageException.untrusted(
          Rule.SKILL_EDITED,
          place.store().of(name).toString(),
          "Expected the files that were installed, found that some were edited since: %s."
              .formatted(different(locked, now)),
          "Nothing was changed. Move your edits away, or keep the folder and remove its record from"
              + " workflow.lock.");
    }
    return now;
  }

  private static SkillPackageException gone(String name, Place place) {
    return SkillPackageException.missing(
        Rule.SKILL_GONE,
        place.store().of(name).toString(),
        "The skill `%s` is recorded, and its folder is not there.".formatted(name),
        "To have it back: workflow skill install");
  }

  /** Does what {@link #look} has shown, unless the skill has changed since. */
  public void update(SkillUpdate update, Scope scope) {
    Place place = place(scope);
    String name = update.to().name();
    place
        .store()
        .alone(
            () -> {
              unedited(name, update.from(), place);
              record(place, update.to(), true);
              return true;
            });
  }

  /**
   * Removes a skill that was installed, and its records.
   *
   * @throws SkillPackageException when it was not installed, or was edited since
   */
  public void remove(String name, Scope scope) {
    Place place = place(scope);
    place
        .store()
        .alone(
            () -> {
              LockedSkill locked = locked(name, place);
              if (place.store().has(name)) {
                unedited(name, locked, place);
              }
              place.requireSound();
              place
                  .store()
                  .remove(
                      name,
                      () -> place.record(lock -> lock.remove(name), common -> common.remove(name)));
              return true;
            });
  }

  /**
   * A skill that is not as it is recorded.
   *
   * @param state edited or gone
   * @param files the paths of those that differ
   */
  public record Deviation(String name, State state, List<String> files) {
    public Deviation {
      files = List.copyOf(files);
    }
  }

  /**
   * Pins installed skills as their files are now; one that is gone stays recorded.
   *
   * @param named absent: all that are recorded
   * @param write whether to write it, or only to look
   * @return those that are not as they were recorded
   * @throws SkillPackageException when the named one was not installed, or is gone
   */
  public List<Deviation> pin(@Nullable String named, Scope scope, boolean write) {
    Place place = place(scope);
    if (named != null) {
      locked(named, place);
      if (!place.store().has(named)) {
        throw gone(named, place);
      }
    }
    List<Deviation> found = new ArrayList<>();
    Supplier<List<Deviation>> look =
        () -> {
          place.lock().skills().entrySet().stream()
              .filter(skill -> named == null || named.equals(skill.getKey()))
              .forEach(skill -> pin(skill.getKey(), skill.getValue(), place, write, found));
          return found;
        };
    return write ? place.store().alone(look) : look.get();
  }

  private void pin(
      String name, LockedSkill locked, Place place, boolean write, List<Deviation> found) {
    PackageTree now = place.store().files(name, finder.limits());
    if (now == null) {
      found.add(new Deviation(name, State.GONE, List.of()));
      return;
    }
    if (now.hash().equals(locked.tree())) {
      return;
    }
    found.add(new Deviation(name, State.EDITED, locked.differences(now)));
    if (write) {
      Skill skill = finder.reader().read(place.store().of(name), name, false).skill();
      LockedSkill fresh = locked.as(skill == null ? locked.version() : skill.version(), now);
      place.record(
          lock -> lock.put(name, fresh),
          common -> {
            if (common.skills().containsKey(name)) {
              common.put(name, fresh, now);
            }
          });
    }
  }

  /** All skills there are, those of the project first, by name. */
  public List<InstalledSkill> list() {
    List<InstalledSkill> all = new ArrayList<>();
    for (Scope scope : List.of(Scope.project, Scope.user)) {
      Place place = place(scope);
      Map<String, LockedSkill> recorded = place.lock().skills();
      Set<String> names = new TreeSet<>(recorded.keySet());
      names.addAll(SkillFolders.namesIn(place.store().folder()));
      names.forEach(name -> all.add(installed(name, scope, place, recorded.get(name))));
    }
    if (setting.shipped() != null) {
      for (String name : SkillFolders.namesIn(setting.shipped())) {
        Path folder = setting.shipped().resolve(name);
        all.add(listed(name, Scope.shipped, folder, null, State.OWN));
      }
    }
    return all;
  }

  private InstalledSkill installed(
      String name, Scope scope, Place place, @Nullable LockedSkill locked) {
    State state = State.OWN;
    if (locked != null) {
      state = place.store().has(name) ? state(name, locked, place) : State.GONE;
    }
    return listed(name, scope, place.store().of(name), locked, state);
  }

  private State state(String name, LockedSkill locked, Place place) {
    try {
      unedited(name, locked, place);
      return State.LOCKED;
    } catch (SkillPackageException e) {
      return State.EDITED;
    }
  }

  private InstalledSkill listed(
      String name, Scope scope, Path folder, @Nullable LockedSkill locked, State state) {
    Skill skill = state == State.GONE ? null : finder.reader().read(folder, name, false).skill();
    return new InstalledSkill(
        name,
        skill == null ? "" : skill.version(),
        skill == null ? "" : skill.description(),
        scope,
        folder,
        locked == null ? null : locked.source() + locked.ref(),
        locked == null ? null : locked.commit(),
        skill == null && state != State.GONE ? State.UNSOUND : state);
  }

  /**
   * Packs a skill of a folder: the same files give the same archive, byte for byte.
   *
   * @param file {@code .tar.gz} to write; absent: {@code NAME-VERSION.tar.gz} in the base folder
   * @return the file
   */
  public Path pack(Path skill, @Nullable Path file, Path base) {
    Candidate candidate = versioned(skill, base);
    String name = candidate.name() + "-" + candidate.version();
    Path target = file == null ? base.resolve(name + ".tar.gz") : file;
    SkillArchive.write(candidate.tree(), candidate.name(), target);
    return target;
  }

  /** A skill of a folder, whose version can be part of the name of a file and of a tag. */
  private Candidate versioned(Path folder, Path base) {
    Candidate candidate = find(folder.toAbsolutePath().normalize().toString(), null, base);
    if (!VERSION.matcher(candidate.version()).matches()) {
      throw SkillPackageException.refused(
          Rule.SKILL_VERSION,
          folder.toString(),
          "Expected a version of letters, digits and `.+_-`, such as 1.0.0, found `%s`."
              .formatted(candidate.version()),
          null);
    }
    return candidate;
  }

  /**
   * What was published.
   *
   * @param repository that it was pushed to
   */
  public record Published(String repository, String tag, String commit, Candidate skill) {}

  /**
   * Commits a skill of a folder to a repository, below {@code skills/}, and pushes that with a tag.
   *
   * @param repository an https address, or a bare repository of this machine
   * @param tag absent: {@code NAME@VERSION}
   * @throws SkillPackageException when the repository has that tag already
   */
  public Published publish(Path skill, String repository, @Nullable String tag, Path base) {
    Candidate candidate = versioned(skill, base);
    return new SkillPublisher(finder.limits(), setting.token())
        .publish(candidate, repository, tag, base);
  }
}
