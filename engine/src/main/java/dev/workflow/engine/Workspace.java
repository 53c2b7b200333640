package dev.workflow.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder of a project, to which its skills, servers and lock file belong. */
public final class Workspace {
  /** Its file of servers. */
  public static final String SERVERS = ".mcp.json";

  /** Its folder of skills. */
  public static final String SKILLS = "skills";

  private static final String REPOSITORY = ".git";

  private Workspace() {}

  /**
   * The workspace that a folder is in: the nearest, from itself up, with {@code .git}, a file
   * {@code .mcp.json} or a folder {@code skills}; else itself.
   */
  public static Path of(Path folder) {
    Path own = folder.toAbsolutePath().normalize();
    for (Path each = own; each != null; each = each.getParent()) {
      if (Files.exists(each.resolve(REPOSITORY))
          || Files.isRegularFile(each.resolve(SERVERS))
          || Files.isDirectory(each.resolve(SKILLS))) {
        return each;
      }
    }
    return own;
  }

  /** The one path that a file has, links followed; of what is not there, its absolute one. */
  public static Path real(Path path) {
    try {
      return path.toRealPath();
    } catch (IOException e) {
      return path.toAbsolutePath().normalize();
    }
  }
}
