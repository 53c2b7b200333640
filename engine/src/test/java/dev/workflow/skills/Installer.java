package dev.workflow.skills;

import java.nio.file.Path;

/** Installs skills in a process of its own: the folder of the world, then the sources. */
final class Installer {
  private Installer() {}

  public static void main(String[] args) {
    PackageWorld world = new PackageWorld(Path.of(args[0]));
    for (int i = 1; i < args.length; i++) {
      world.install(args[i]);
    }
  }
}
