package dev.workflow.journal;

import dev.workflow.engine.Journal.JournalException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The operating system's word on who drives a run: the writer of epoch {@code n} holds byte {@code
 * n} of the run's lock file, and a dead process holds nothing. As each epoch has its byte, a writer
 * that took over is seen even while the writer it replaced still lives.
 *
 * <p>POSIX takes all locks of a process on a file away when the process closes <em>any</em> channel
 * of that file. So there is one channel per file in the process, shared and counted; that is the
 * only reason for the static map. For the same reason an interrupt, which closes a channel, is put
 * off until the lock has been looked at.
 */
final class RunLock implements AutoCloseable {
  private static final Map<Path, Shared> OPEN = new HashMap<>();

  private final Path file;
  private final long epoch;

  private RunLock(Path file, long epoch) {
    this.file = file;
    this.epoch = epoch;
  }

  /** Takes the byte of an epoch; null when somebody has it. */
  static @Nullable RunLock tryTake(Path file, long epoch) {
    return uninterrupted(
        file,
        () -> {
          Path key = key(file);
          Shared shared = OPEN.get(key);
          if (shared == null) {
            shared = new Shared(open(file, true), new HashMap<>());
          }
          FileLock lock = shared.held().containsKey(epoch) ? null : shared.lock(epoch, false);
          if (lock != null) {
            shared.held().put(epoch, lock);
            OPEN.put(key, shared);
          } else if (shared.held().isEmpty()) {
            shared.channel().close();
          }
          return lock == null ? null : new RunLock(key, epoch);
        });
  }

  /** Whether a live process, this one included, holds the byte of the epoch. */
  static boolean isHeld(Path file, long epoch) {
    Boolean held =
        uninterrupted(
            file,
            () -> {
              if (!Files.exists(file)) {
                return false;
              }
              Shared shared = OPEN.get(key(file));
              if (shared != null) {
                return shared.held().containsKey(epoch) || isLocked(shared, epoch);
              }
              try (FileChannel channel = open(file, false)) {
                return isLocked(new Shared(channel, Map.of()), epoch);
              }
            });
    return Boolean.TRUE.equals(held);
  }

  @Override
  public void close() {
    uninterrupted(
        file,
        () -> {
          Shared shared = OPEN.get(file);
          FileLock lock = shared == null ? null : shared.held().remove(epoch);
          if (shared != null && lock != null) {
            lock.release();
            if (shared.held().isEmpty()) {
              OPEN.remove(file);
              shared.channel().close();
            }
          }
          return null;
        });
  }

  private static boolean isLocked(Shared shared, long epoch) throws IOException {
    FileLock probe = shared.lock(epoch, true);
    if (probe == null) {
      return true;
    }
    probe.release();
    return false;
  }

  private static FileChannel open(Path file, boolean create) throws IOException {
    Set<StandardOpenOption> how =
        create
            ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
            : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
    return FileChannel.open(file, how, Home.ownerOnly(file));
  }

  /** Two ways to the same file must not count as two files. */
  private static Path key(Path file) throws IOException {
    Path folder = file.getParent();
    return folder == null ? file : folder.toRealPath().resolve(file.getFileName());
  }

  private static <T> @Nullable T uninterrupted(Path file, Step<T> step) {
    boolean interrupted = Thread.interrupted();
    try {
      synchronized (OPEN) {
        return step.run();
      }
    } catch (IOException e) {
      throw new JournalException("Lock " + file + ": cannot be used (" + e + ")", e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private interface Step<T> {
    @Nullable T run() throws IOException;
  }

  /** The one channel of a file, with the locks that this process holds by epoch. */
  private record Shared(FileChannel channel, Map<Long, FileLock> held) {
    @Nullable FileLock lock(long epoch, boolean probe) throws IOException {
      try {
        return channel.tryLock(epoch, 1, probe);
      } catch (OverlappingFileLockException heldInThisProcess) {
        return null;
      }
    }
  }
}
