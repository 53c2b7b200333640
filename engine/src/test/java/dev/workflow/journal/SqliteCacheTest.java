package dev.workflow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Cache;
import dev.workflow.engine.CacheContract;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.node.JsonNodeFactory;

/** The cache in the database of a home. */
class SqliteCacheTest extends CacheContract {
  @TempDir private Path folder;
  private SqliteJournal journal = new SqliteJournal(Path.of(""));

  @BeforeEach
  void open() {
    journal = new SqliteJournal(folder);
  }

  @AfterEach
  void close() {
    journal.close();
  }

  @Override
  protected Cache cache() {
    return journal.cache();
  }

  private void reopen() {
    journal.close();
    open();
  }

  @Test
  void anotherProcessFindsWhatThisOneKept() {
    cache().keep("key", kept("r1", "7"), LATER);
    try (SqliteJournal other = new SqliteJournal(folder)) {
      assertThat(other.cache().find("key")).contains(kept("r1", "7"));
    }
  }

  @Test
  void neitherKeysNorTheSecretsInThemAreWrittenAnywhere() throws IOException {
    cache().keep("a key with hunter2", kept("r1", "7"), LATER);
    journal.close();
    try (var files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
            .as("%s", file)
            .doesNotContain("hunter2");
      }
    }
    Path key = folder.resolve("cache.key");
    assertThat(Files.size(key)).isEqualTo(32);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(key)))
        .isEqualTo("rw-------");
  }

  @Test
  void withoutTheKeyOfTheHomeNothingIsFoundAnyMore() throws IOException {
    cache().keep("key", kept("r1", "7"), LATER);
    reopen();
    Files.delete(folder.resolve("cache.key"));
    Cache cache = cache();
    assertThat(cache.find("key")).isEmpty();
    cache.keep("key", kept("r2", "8"), LATER);
    reopen();
    assertThat(cache().find("key")).contains(kept("r2", "8"));
  }

  @Test
  void whatIsTooOldIsRemovedWhenSomethingElseIsKept() {
    Cache cache = cache();
    cache.keep("old", kept("r1", "1"), AT.minus(Duration.ofNanos(1)));
    assertThat(rows()).isZero();
    cache.keep("new", kept("r1", "2"), AT);
    cache.keep("for ever", kept("r1", "3"), AT.plus(Duration.ofDays(999_999_999)));
    assertThat(rows()).isEqualTo(2);
  }

  @Test
  void theOldestIsRemovedWhereThereIsTooMuch() {
    Cache cache = journal.cache(new CacheRows.Bounds(3, 100, 60));
    for (String key : new String[] {"a", "b", "c", "d"}) {
      cache.keep(key, kept("r1", "1"), LATER);
    }
    assertThat(cache.find("a")).isEmpty();
    assertThat(cache.find("b")).isPresent();
    String long50 = JsonNodeFactory.instance.stringNode("x".repeat(50)).toString();
    cache.keep("e", kept("r1", long50), LATER);
    cache.keep("f", kept("r1", long50), LATER);
    assertThat(rows()).isEqualTo(1);
    assertThat(cache.find("f")).isPresent();
    cache.keep(
        "g", kept("r1", JsonNodeFactory.instance.stringNode("x".repeat(80)).toString()), LATER);
    assertThat(cache.find("g")).isEmpty();
    assertThat(cache.find("f")).isPresent();
  }

  @Test
  void whatARunGaveGoesWithTheRun() {
    try (var log = journal.create("r1")) {
      Story.append(log, Story.begun("r1", "travel"));
    }
    Cache cache = cache();
    cache.keep("key", kept("r1", "7"), LATER);
    cache.keep("other", kept("r2", "8"), LATER);
    journal.delete("r1");
    assertThat(cache.find("key")).isEmpty();
    assertThat(cache.find("other")).isPresent();
  }

  @Test
  void aDamagedValueWasNeverThere() {
    Cache cache = cache();
    cache.keep("key", kept("r1", "[7]"), LATER);
    Raw.execute(folder, "UPDATE cache SET value = x'7f'");
    assertThat(cache.find("key")).isEmpty();
    Raw.execute(folder, "DROP TABLE cache");
    assertThat(cache.find("key")).isEmpty();
    cache.keep("key", kept("r1", "[7]"), LATER);
  }

  private long rows() {
    return Raw.number(folder, "SELECT count(*) FROM cache");
  }
}
