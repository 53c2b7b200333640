package dev.workflow.mcp.oauth;

import dev.workflow.engine.DurableFile;
import dev.workflow.engine.FileFault;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * One file for each server, below {@code $WORKFLOW_HOME/oauth}, which only its owner may read
 * (0600, folder 0700). A file is replaced as a whole and is on disk before anybody learns of it: a
 * refresh token that was used up must never be all that is left after a power failure.
 */
final class TokenStore {
  /** Longer than the requests that are made while a lock is held. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final long POLL_MILLIS = 20;

  /** File locks exclude other processes, these exclude other threads. */
  private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

  private final Path folder;

  TokenStore(Path home) {
    this.folder = home.resolve("oauth");
  }

  /** What is kept of a server; nothing where its file cannot be read as one of ours. */
  Kept read(Resource resource) {
    Path file = file(resource, ".json");
    try {
      return KeptJson.read(JsonMapper.shared().readTree(Files.readString(file)));
    } catch (NoSuchFileException e) {
      return Kept.NOTHING;
    } catch (IOException | RuntimeException e) {
      throw OAuthException.loginNeeded(
          "server '" + resource.name() + "': the login kept in " + file + " cannot be read",
          List.of());
    }
  }

  /** Replaces what is kept; only while its lock is held. */
  void write(Resource resource, Kept kept) {
    Path file = file(resource, ".json");
    try {
      String text = JsonMapper.shared().writeValueAsString(KeptJson.write(resource, kept));
      DurableFile.replacePrivate(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw failed(resource, "its login cannot be kept in " + file, e);
    }
  }

  /** Forgets a server; only while its lock is held. Whether anything was kept. */
  boolean delete(Resource resource) {
    try {
      boolean there = Files.deleteIfExists(file(resource, ".json"));
      if (there) {
        DurableFile.sync(folder);
      }
      return there;
    } catch (IOException e) {
      throw failed(resource, "its login cannot be deleted from " + file(resource, ".json"), e);
    }
  }

  /** Does something alone among all threads and processes. */
  <T> T alone(Resource resource, Supplier<T> work) {
    Path file = file(resource, ".lock");
    ReentrantLock threads =
        IN_PROCESS.computeIfAbsent(file.toAbsolutePath(), path -> new ReentrantLock());
    long end = System.nanoTime() + PATIENCE.toNanos();
    try {
      if (!threads.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw busy(resource);
      }
      try (FileChannel channel = DurableFile.openPrivate(file);
          FileLock lock = lock(channel, end, resource)) {
        if (!lock.isValid()) {
          throw busy(resource);
        }
        return work.get();
      } finally {
        threads.unlock();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw OAuthException.failed("server '" + resource.name() + "': interrupted");
    } catch (IOException e) {
      throw failed(resource, "its login cannot be renewed alone, by " + file, e);
    }
  }

  private static FileLock lock(FileChannel channel, long end, Resource resource)
      throws IOException, InterruptedException {
    while (true) {
      FileLock lock = tryLock(channel);
      if (lock != null) {
        return lock;
      }
      if (System.nanoTime() > end) {
        throw busy(resource);
      }
      Thread.sleep(POLL_MILLIS);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException ofThisProcess) {
      return null; // by another name of the same home
    }
  }

  /** What was asked of the server was not sent, or it refused it: nothing is in doubt. */
  private static OAuthException failed(Resource resource, String what, IOException e) {
    return OAuthException.failed(
        "server '" + resource.name() + "': " + what + ": " + FileFault.words(e));
  }

  private static OAuthException busy(Resource resource) {
    return OAuthException.failed(
        "server '"
            + resource.name()
            + "': its token has been renewed by somebody else for "
            + PATIENCE.toSeconds()
            + " s without an end");
  }

  private Path file(Resource resource, String ending) {
    return folder.resolve(resource.key() + ending);
  }
}
