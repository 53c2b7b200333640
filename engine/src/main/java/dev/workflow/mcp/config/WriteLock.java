package dev.workflow.mcp.config;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a second writer away from a file, of this process or another. The lock is a file beside it,
 * {@code NAME.lock}, which is removed again; one that a killed process left behind is free.
 */
final class WriteLock implements AutoCloseable {
  /** File locks exclude other processes, these exclude other threads. */
  private static final Map<Path, ReentrantLock> IN_PROCESS = new ConcurrentHashMap<>();

  /** Bytes that a lock file does not reach; by its length a writer tells its own from another. */
  private static final int LONGEST = 1 << 20;

  private final Path file;
  private final Path path;
  private final ReentrantLock thread;
  private final FileChannel channel;

  private WriteLock(Path file, Path path, ReentrantLock thread, FileChannel channel) {
    this.file = file;
    this.path = path;
    this.thread = thread;
    this.channel = channel;
  }

  /**
   * Waits for the lock; the folder must be there.
   *
   * @throws IOException also when it is not free within {@code patience}
   */
  static WriteLock take(Path file, Duration patience) throws IOException {
    long deadline = System.nanoTime() + patience.toNanos();
    Path path = file.resolveSibling(file.getFileName() + ".lock");
    ReentrantLock thread = IN_PROCESS.computeIfAbsent(path, key -> new ReentrantLock(true));
    try {
      if (!thread.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS)) {
        throw busy(file, path, patience);
      }
      try {
        while (true) {
          FileChannel channel = tryLock(path);
          if (channel != null) {
            return new WriteLock(file, path, thread, channel);
          }
          if (System.nanoTime() - deadline > 0) {
            throw busy(file, path, patience);
          }
          TimeUnit.MILLISECONDS.sleep(ThreadLocalRandom.current().nextInt(5, 25));
        }
      } catch (IOException | InterruptedException | RuntimeException e) {
        thread.unlock();
        throw e;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for the lock " + path, e);
    }
  }

  /** Locks the file that has the name; absent: somebody else has it. */
  private static @Nullable FileChannel tryLock(Path path) throws IOException {
    refuseForeign(path);
    FileChannel channel =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            LinkOption.NOFOLLOW_LINKS);
    try {
      if (channel.tryLock() != null && isStillThere(channel, path)) {
        return channel;
      }
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }

  /** A project brings its own files: one of the lock's name may lead to a file of the user. */
  private static void refuseForeign(Path path) throws IOException {
    try {
      BasicFileAttributes found =
          Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!found.isRegularFile()) {
        throw new IOException(
            path
                + " is no lock: expected an ordinary file, found "
                + (found.isSymbolicLink() ? "a link" : "something else")
                + "; delete it and try again");
      }
    } catch (NoSuchFileException free) {
      // The usual case.
    }
  }

  /**
   * Whether what we have locked still has its name, which the writer before us takes away: nobody
   * else is likely to give a file the length that we do. It must not be opened to find out, as
   * closing it would end the lock.
   */
  private static boolean isStillThere(FileChannel channel, Path path) throws IOException {
    if (!isOurs(channel)) {
      throw new IOException(path + " is no lock: there is text in it; move it away and try again");
    }
    long length = ThreadLocalRandom.current().nextInt(1, LONGEST);
    channel.truncate(0);
    channel.write(ByteBuffer.wrap(new byte[] {'\n'}), length - 1);
    try {
      return Files.size(path) == length;
    } catch (NoSuchFileException removed) {
      return false;
    }
  }

  /** Whether a lock file is empty, or as {@link #isStillThere} writes it: zeros and a line end. */
  private static boolean isOurs(FileChannel channel) throws IOException {
    if (channel.size() >= LONGEST) {
      return false;
    }
    ByteBuffer content = ByteBuffer.allocate(Math.toIntExact(channel.size()));
    while (content.hasRemaining() && channel.read(content, content.position()) > 0) {}
    for (int i = 0; i < content.position() - 1; i++) {
      if (content.get(i) != 0) {
        return false;
      }
    }
    return content.position() == 0 || content.get(content.position() - 1) == '\n';
  }

  private static IOException busy(Path file, Path lock, Duration patience) {
    return new IOException(
        "another process is changing "
            + file
            + ": "
            + lock.getFileName()
            + " was not free for "
            + patience.toSeconds()
            + " s; nothing was written, try again");
  }

  /** What nobody else writes now. */
  Path file() {
    return file;
  }

  @Override
  public void close() throws IOException {
    try (channel) {
      Files.deleteIfExists(path);
    } finally {
      thread.unlock();
    }
  }
}
