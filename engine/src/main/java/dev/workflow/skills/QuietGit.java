package dev.workflow.skills;

import java.net.InetAddress;
import java.util.TimeZone;
import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.jspecify.annotations.Nullable;

/**
 * What the git library sees of this machine: no configuration of system or user, no variable of the
 * environment. Otherwise it would start the {@code git} program to ask where its configuration is,
 * and what stands there could name programs.
 */
final class QuietGit extends SystemReader {
  static {
    SystemReader.setInstance(new QuietGit());
  }

  private QuietGit() {
    setPlatformChecker();
  }

  /** To be called before anything else of the library. */
  static void use() {
    if (!(SystemReader.getInstance() instanceof QuietGit)) {
      SystemReader.setInstance(new QuietGit());
    }
  }

  @Override
  public String getHostname() {
    return InetAddress.getLoopbackAddress().getHostName();
  }

  @Override
  public @Nullable String getenv(String variable) {
    return null;
  }

  @Override
  public @Nullable String getProperty(String key) {
    return System.getProperty(key);
  }

  @Override
  public FileBasedConfig openUserConfig(@Nullable Config parent, FS fs) {
    return new Empty(parent);
  }

  @Override
  public FileBasedConfig openSystemConfig(@Nullable Config parent, FS fs) {
    return new Empty(parent);
  }

  @Override
  public FileBasedConfig openJGitConfig(@Nullable Config parent, FS fs) {
    return new Empty(parent);
  }

  @Override
  @SuppressWarnings("deprecation") // abstract in the library, which replaces it by another
  public long getCurrentTime() {
    return System.currentTimeMillis();
  }

  @Override
  @SuppressWarnings("deprecation") // as above
  public int getTimezone(long when) {
    return TimeZone.getDefault().getOffset(when) / 60_000;
  }

  /** In no file. */
  private static final class Empty extends FileBasedConfig {
    Empty(@Nullable Config parent) {
      super(parent, null, null);
    }

    @Override
    public void load() {}

    @Override
    public void save() {}

    @Override
    public boolean isOutdated() {
      return false;
    }
  }
}
