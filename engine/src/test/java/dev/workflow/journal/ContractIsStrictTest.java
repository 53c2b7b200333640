package dev.workflow.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Journal;
import dev.workflow.run.Recorded;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ContractIsStrictTest {

  @Test
  void everyTestOfTheContractFailsForAStoreThatKeepsNothing() throws Exception {
    List<String> passed = new ArrayList<>();
    List<Method> tests =
        Arrays.stream(JournalContract.class.getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Test.class))
            .toList();
    for (Method test : tests) {
      test.setAccessible(true);
      try {
        test.invoke(new OnNothing());
        passed.add(test.getName());
      } catch (InvocationTargetException failed) {
        assertThat(failed.getCause()).isNotNull();
      }
    }
    assertThat(tests).hasSizeGreaterThan(20);
    assertThat(passed).isEmpty();
  }

  private static final class OnNothing extends JournalContract {
    @Override
    Journal newJournal() {
      return new Nothing();
    }
  }

  /** Says yes to everything and keeps nothing. */
  private static final class Nothing implements Journal {
    @Override
    public RunLog create(String run) {
      return new NothingLog();
    }

    @Override
    public RunLog open(String run, boolean takeOver) {
      return new NothingLog();
    }

    @Override
    public void read(String run, long fromSeq, Consumer<Recorded> reader) {}

    @Override
    public List<RunSummary> runs() {
      return List.of();
    }

    @Override
    public List<RunSummary> find(String prefix) {
      return List.of();
    }

    @Override
    public void delete(String run) {}

    @Override
    public void post(String run, Message message) {}

    @Override
    public Map<String, Duration> durations(String workflow) {
      return Map.of();
    }

    @Override
    public void close() {}
  }

  private static final class NothingLog implements Journal.RunLog {
    @Override
    public long epoch() {
      return 1;
    }

    @Override
    public long lastSeq() {
      return 0;
    }

    @Override
    public void append(
        List<Recorded> events, Consumer<Journal.@Nullable JournalException> durable) {
      durable.accept(null);
    }

    @Override
    public List<Journal.Message> takeMessages() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
