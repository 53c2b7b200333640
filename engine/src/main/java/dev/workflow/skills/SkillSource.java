package dev.workflow.skills;

import dev.workflow.definition.Rule;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where a skill comes from, as it is written on a command line. */
sealed interface SkillSource {

  /**
   * A git repository.
   *
   * @param repository its address
   * @param folder of the skill, from the top of the repository; empty: it is looked for
   * @param ref which commit is meant
   */
  record Git(String repository, String folder, Ref ref) implements SkillSource {}

  /** A folder of this machine. */
  record Folder(Path path) implements SkillSource {}

  /** A {@code .zip} or {@code .tar.gz} file of this machine. */
  record Archive(Path path) implements SkillSource {}

  /** A name in the registry file. */
  record Listed(String name, @Nullable String version) implements SkillSource {}

  /** Which commit of a repository is meant. */
  sealed interface Ref {
    /** What the repository's HEAD names. */
    record Head() implements Ref {}

    /** A tag, and no branch of that name. */
    record Tag(String name) implements Ref {}

    /** A commit by its full id, else a branch, else a tag. */
    record Named(String name) implements Ref {}

    /** As it is written behind a source; empty for {@link Head}. */
    default String written() {
      return switch (this) {
        case Head head -> "";
        case Tag tag -> "@" + tag.name();
        case Named named -> "#" + named.name();
      };
    }

    /** The reverse of {@link #written}. */
    static Ref of(String written) {
      if (written.isEmpty()) {
        return new Head();
      }
      String name = written.substring(1);
      return written.startsWith("@") ? new Tag(name) : new Named(name);
    }
  }

  /** What a source may be, for messages. */
  String EXPECTED =
      "Expected github.com/USER/REPO[/FOLDER][@TAG|#REF], https://HOST/REPO.git[/FOLDER][@TAG|#REF],"
          + " mcp://skills/NAME[@VERSION], a folder, or a .zip or .tar.gz file";

  /** Reads a source; relative paths are below a folder. */
  static SkillSource of(String written, Path base) {
    return new Reading(written, base).source();
  }

  /** One reading of a source. */
  final class Reading {
    private static final Pattern SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(/?/?)(.*)");
    private static final Pattern SSH = Pattern.compile("[^/@]+@[^/:]+:.*");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");
    private static final Pattern REF = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._/@+-]*");
    private static final String REGISTRY = "mcp://skills/";
    private static final String GIT = ".git";
    private static final List<String> HOSTS =
        List.of("github.com", "gitlab.com", "codeberg.org", "bitbucket.org");
    private static final List<String> LOOPBACK = List.of("localhost", "127.0.0.1", "[::1]");

    private final String written;
    private final Path base;

    private Reading(String written, Path base) {
      this.written = written;
      this.base = base;
    }

    private SkillSource source() {
      if (written.isBlank()) {
        throw refused("nothing");
      }
      if (written.startsWith("-")) {
        throw refused("something that looks like an option");
      }
      if (written.codePoints().anyMatch(c -> Character.isISOControl(c) || c == ' ')
          || PackageNames.key(written).codePoints().anyMatch(Character::isIdentifierIgnorable)) {
        Optional<Path> path = path();
        if (path.isEmpty() || !Files.exists(path.get())) {
          throw refused("spaces or invisible characters");
        }
        return local(path.get());
      }
      if (written.contains("::")) {
        throw refused("an address that would run a program");
      }
      if (written.startsWith(REGISTRY)) {
        return listed(written.substring(REGISTRY.length()));
      }
      Matcher scheme = SCHEME.matcher(written);
      if (scheme.matches() && !scheme.group(2).isEmpty()) {
        return remote(scheme.group(1).toLowerCase(Locale.ROOT), scheme.group(3));
      }
      if (HOSTS.stream().anyMatch(host -> written.startsWith(host + "/"))) {
        return repository("https", written);
      }
      Optional<Path> path = path();
      if (path.isPresent() && Files.exists(path.get())) {
        return local(path.get());
      }
      if (SSH.matcher(written).matches()) {
        throw unsupported("ssh");
      }
      if (written.matches("[A-Za-z0-9][A-Za-z0-9._-]*/[A-Za-z0-9._-]+")) {
        throw SkillPackageException.missing(
            Rule.PACKAGE_SOURCE,
            written,
            "Expected a source of a skill, found no such folder.",
            "If it is on GitHub: github.com/" + written);
      }
      throw SkillPackageException.missing(
          Rule.PACKAGE_SOURCE, written, "There is no such file or folder.", EXPECTED + ".");
    }

    private Optional<Path> path() {
      try {
        return Optional.of(base.resolve(written).normalize());
      } catch (InvalidPathException e) {
        return Optional.empty();
      }
    }

    private SkillSource local(Path path) {
      if (Files.isDirectory(path)) {
        return new Folder(path);
      }
      String name = String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT);
      if (name.endsWith(".zip") || name.endsWith(".tar.gz") || name.endsWith(".tgz")) {
        return new Archive(path);
      }
      throw refused("a file of another kind");
    }

    private SkillSource listed(String rest) {
      int at = rest.indexOf('@');
      String name = at < 0 ? rest : rest.substring(0, at);
      String version = at < 0 ? null : rest.substring(at + 1);
      if (!NAME.matcher(name).matches() || (version != null && !REF.matcher(version).matches())) {
        throw refused("no name of a skill behind " + REGISTRY);
      }
      return new Listed(name, version);
    }

    private SkillSource remote(String scheme, String rest) {
      return switch (scheme) {
        case "https" -> repository(scheme, rest);
        case "http" -> {
          String host = host("http", rest);
          if (!LOOPBACK.contains(host)) {
            throw SkillPackageException.refused(
                Rule.PACKAGE_SOURCE,
                written,
                "Expected https, found http, which anybody on the way can change.",
                "Use https://. Only a server of this machine is read by http.");
          }
          yield repository(scheme, rest);
        }
        case "file" ->
            throw SkillPackageException.refused(
                Rule.PACKAGE_SOURCE,
                written,
                "Expected an address on the network or a path, found the scheme `file`.",
                "Name the folder or the archive itself.");
        default -> throw unsupported(scheme);
      };
    }

    private String host(String scheme, String rest) {
      try {
        String host = new URI(scheme + "://" + rest.split("[/#]", 2)[0]).getHost();
        return host == null ? "" : host.toLowerCase(Locale.ROOT);
      } catch (URISyntaxException e) {
        throw refused("no host");
      }
    }

    /** {@code HOST/PATH[@TAG|#REF]}, where {@code PATH} is a repository and perhaps a folder. */
    private SkillSource repository(String scheme, String rest) {
      int slash = rest.indexOf('/');
      if (slash <= 0 || slash == rest.length() - 1) {
        throw refused("no repository");
      }
      String authority = rest.substring(0, slash);
      if (authority.contains("@")) {
        throw SkillPackageException.refused(
            Rule.PACKAGE_SOURCE,
            scheme + "://" + rest.substring(rest.indexOf('@') + 1),
            "Expected an address without credentials, found some before the host.",
            "What is written here is kept in the lock file, which others read.");
      }
      String host = host(scheme, rest);
      if (host.isEmpty() || host.startsWith("-")) {
        throw refused("no host");
      }
      String path = rest.substring(slash + 1);
      Ref ref = new Ref.Head();
      int hash = path.indexOf('#');
      int at = hash < 0 ? path.indexOf('@') : -1;
      int end = hash < 0 ? at : hash;
      if (end >= 0) {
        String name = path.substring(end + 1);
        if (!REF.matcher(name).matches() || name.contains("..")) {
          throw refused("`" + name + "`, which names no tag, branch or commit");
        }
        ref = hash < 0 ? new Ref.Tag(name) : new Ref.Named(name);
        path = path.substring(0, end);
      }
      if (path.contains("?")) {
        throw refused("a `?`, which no address of a repository has");
      }
      List<String> names = List.of(path.replaceAll("/+$", "").split("/", -1));
      for (String name : names) {
        if (name.isEmpty() || name.startsWith("-") || PackageNames.flaw(name).isPresent()) {
          throw refused("`" + name + "` in its path");
        }
      }
      return repository(scheme + "://" + authority, host, names, ref);
    }

    private SkillSource repository(String server, String host, List<String> names, Ref ref) {
      int length = HOSTS.contains(host) ? 2 : names.size();
      for (int i = 0; i < names.size(); i++) {
        if (names.get(i).endsWith(GIT)) {
          length = i + 1;
          break;
        }
      }
      if (names.size() < length) {
        throw refused("no repository");
      }
      List<String> folder = names.subList(length, names.size());
      Ref meant = ref;
      if (folder.size() >= 2 && folder.get(0).equals("tree") && ref instanceof Ref.Head) {
        meant = new Ref.Named(folder.get(1)); // as a browser shows it
        folder = folder.subList(2, folder.size());
      }
      String repository = server + "/" + String.join("/", names.subList(0, length));
      return new Git(
          HOSTS.contains(host) && repository.endsWith(GIT)
              ? repository.substring(0, repository.length() - GIT.length())
              : repository,
          String.join("/", folder),
          meant);
    }

    private SkillPackageException unsupported(String scheme) {
      return SkillPackageException.refused(
          Rule.PACKAGE_SOURCE,
          written,
          "Expected https, found `%s`, which is not used for skills.".formatted(scheme),
          EXPECTED + ".");
    }

    private SkillPackageException refused(String found) {
      return SkillPackageException.refused(
          Rule.PACKAGE_SOURCE, written, EXPECTED + "; found " + found + ".", null);
    }
  }
}
