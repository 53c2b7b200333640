package dev.workflow.journal;

import dev.workflow.engine.Cache;
import dev.workflow.engine.Journal.JournalException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The cache of a home, in the database of its journal. Keys are stored as HMAC-SHA-256 under a key
 * of the home, which stands in a file of its own: whoever gets hold of the database alone cannot
 * try secrets against it, and without the file nothing is found any more.
 */
final class SqliteCache implements Cache {
  private static final String HMAC = "HmacSHA256";
  private static final int KEY_BYTES = 32;

  private final Home home;
  private final ReadConnection reading;
  private final Supplier<Committer> writing;
  private byte @Nullable [] secret;

  SqliteCache(Home home, ReadConnection reading, Supplier<Committer> writing) {
    this.home = home;
    this.reading = reading;
    this.writing = writing;
  }

  @Override
  public Optional<Kept> find(String key) {
    if (!home.hasJournal()) {
      return Optional.empty();
    }
    try {
      byte[] hash = hash(key);
      return reading.query("be read", connection -> CacheRows.find(connection, hash));
    } catch (IOException | JournalException unreadable) {
      // A run that finds nothing does its work; what is wrong with the journal it tells itself.
      return Optional.empty();
    }
  }

  @Override
  public void keep(String key, Kept kept, Instant until) {
    try {
      byte[] hash = hash(key);
      writing
          .get()
          .call(
              "keep an output",
              connection -> {
                CacheRows.keep(connection, hash, kept, until);
                return kept;
              });
    } catch (IOException | JournalException | DateTimeException notKept) {
      // The output is on disk as a fact of its run; that the next run computes it anew is no loss.
      return;
    }
  }

  private byte[] hash(String key) throws IOException {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret(), HMAC));
      return mac.doFinal(key.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Every Java platform has " + HMAC, e);
    }
  }

  /** Where two processes make one at the same time, one of them will not find what it kept. */
  private synchronized byte[] secret() throws IOException {
    byte[] known = secret;
    if (known == null) {
      Path file = home.cacheKey();
      if (!Files.exists(file) || Files.size(file) != KEY_BYTES) {
        make(file);
      }
      known = Files.readAllBytes(file);
      secret = known;
    }
    return known;
  }

  private void make(Path file) throws IOException {
    home.prepare();
    byte[] drawn = new byte[KEY_BYTES];
    new SecureRandom().nextBytes(drawn);
    Path folder = Objects.requireNonNull(file.getParent(), "a file in a folder");
    Path fresh = Files.createTempFile(folder, ".new-", ".tmp", Home.ownerOnly(folder));
    try {
      Files.write(fresh, drawn);
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(fresh);
    }
  }
}
