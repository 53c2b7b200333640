package dev.workflow.journal;

import dev.workflow.engine.Cache;
import dev.workflow.engine.DurableFile;
import dev.workflow.engine.Journal.JournalException;
import dev.workflow.journal.CacheRows.Row;
import dev.workflow.run.StepPath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The cache of a home, in the database of its journal. Keys are stored as HMAC-SHA-256 under a key
 * of the home, which stands in a file of its own: whoever gets hold of the database alone cannot
 * try secrets against it, and without the file nothing is found any more. Values are sealed with
 * it: what was damaged was never there.
 */
final class SqliteCache implements Cache {
  private static final String HMAC = "HmacSHA256";
  private static final int KEY_BYTES = 32;
  private static final Octets UNSEALED = new Octets(new byte[0]);

  private final Home home;
  private final ReadConnection reading;
  private final Supplier<Committer> writing;
  private final CacheRows.Bounds bounds;
  private byte @Nullable [] secret;

  SqliteCache(
      Home home, ReadConnection reading, Supplier<Committer> writing, CacheRows.Bounds bounds) {
    this.home = home;
    this.reading = reading;
    this.writing = writing;
    this.bounds = bounds;
  }

  @Override
  public Optional<Kept> find(String key) {
    if (!home.hasJournal()) {
      return Optional.empty();
    }
    try {
      Mac mac = mac();
      Octets hash = hash(mac, key);
      return reading
          .query("be read", connection -> CacheRows.find(connection, hash))
          .filter(row -> row.seal().equals(seal(mac, row)))
          .map(SqliteCache::kept);
    } catch (IOException | JournalException | IllegalArgumentException unreadable) {
      // A run that finds nothing does its work; what is wrong with the journal it tells itself.
      return Optional.empty();
    }
  }

  private static Kept kept(Row row) {
    return new Kept(
        new CompactReader(row.value().bytes(), SqliteCache::noBlob).lastValue(),
        row.run(),
        StepPath.parse(row.step()),
        RecordCodec.instant(row.at()));
  }

  private static JsonNode noBlob(Octets hash) {
    throw new IllegalArgumentException("expected a value in one piece, found a blob");
  }

  @Override
  public void keep(String key, Kept kept, Instant until) {
    try {
      Mac mac = mac();
      Octets value =
          new Octets(
              new CompactWriter(Integer.MAX_VALUE, Octets::new).value(kept.output()).toBytes());
      Row open =
          new Row(
              hash(mac, key),
              kept.run(),
              kept.step().toString(),
              RecordCodec.nanos(kept.at()),
              value,
              UNSEALED);
      Row row = new Row(open.key(), open.run(), open.step(), open.at(), value, seal(mac, open));
      writing
          .get()
          .call(
              "keep an output",
              connection -> {
                CacheRows.keep(connection, row, until, bounds);
                return row;
              });
    } catch (IOException | JournalException | IllegalArgumentException notKept) {
      // The output is on disk as a fact of its run; that the next run computes it anew is no loss.
      return;
    }
  }

  private static Octets hash(Mac mac, String key) {
    return new Octets(mac.doFinal(("key\n" + key).getBytes(StandardCharsets.UTF_8)));
  }

  private static Octets seal(Mac mac, Row row) {
    mac.update(row.key().bytes());
    mac.update(
        String.join("\n", "", row.run(), row.step(), Long.toString(row.at()), "")
            .getBytes(StandardCharsets.UTF_8));
    return new Octets(mac.doFinal(row.value().bytes()));
  }

  private Mac mac() throws IOException {
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret(), HMAC));
      return mac;
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
    DurableFile.replacePrivate(file, drawn);
  }
}
