package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Schedulers;

class GateTest {
  private final Gate gate = new Gate(2);

  @Test
  void noMoreThanItsWidthPassAtATime() {
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Flux.range(0, 50)
        .flatMap(
            i ->
                gate.pass(
                    Mono.fromCallable(
                            () -> most.accumulateAndGet(inside.incrementAndGet(), Math::max))
                        .delayElement(Duration.ofMillis(1))
                        .doOnNext(done -> inside.decrementAndGet())),
            50)
        .blockLast(Fakes.PATIENCE);
    assertThat(most.get()).isEqualTo(2);
  }

  @Test
  void theOthersWaitInOrderAndOneThatIsCancelledNeverBegins() {
    List<Sinks.One<String>> sinks = new ArrayList<>();
    List<Integer> begun = new ArrayList<>();
    List<Disposable> calls = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      Sinks.One<String> sink = Sinks.one();
      sinks.add(sink);
      calls.add(gate.pass(sink.asMono().doOnSubscribe(s -> begun.add(number))).subscribe());
    }
    assertThat(begun).containsExactly(0, 1);
    calls.get(2).dispose();
    sinks.get(0).tryEmitValue("done");
    assertThat(begun).containsExactly(0, 1, 3);
    calls.get(1).dispose();
    assertThat(begun).containsExactly(0, 1, 3, 4);
  }

  @Test
  void aFailureMakesRoomToo() {
    for (int i = 0; i < 10; i++) {
      gate.pass(Mono.error(new IllegalStateException("no")))
          .onErrorComplete()
          .block(Fakes.PATIENCE);
    }
    assertThat(Fakes.get(gate.pass(Mono.just("through")))).isEqualTo("through");
  }

  @Test
  void cancellingAtAnyMomentLosesNoPlace() {
    Flux.range(0, 5_000)
        .flatMap(
            i -> {
              Mono<Integer> call = gate.pass(Mono.just(i).publishOn(Schedulers.parallel()));
              return i % 2 == 0
                  ? call
                  : Mono.firstWithSignal(call, Mono.just(i).publishOn(Schedulers.parallel()));
            },
            64)
        .blockLast(Fakes.PATIENCE);
    assertThat(Fakes.get(Mono.zip(gate.pass(Mono.just(1)), gate.pass(Mono.just(2))))).isNotNull();
  }
}
