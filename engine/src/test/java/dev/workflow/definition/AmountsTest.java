package dev.workflow.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AmountsTest {

  @Test
  void durationsHaveAWholeNumberAndAUnit() {
    assertThat(Durations.parse("500ms")).contains(Duration.ofMillis(500));
    assertThat(Durations.parse(" 20s ")).contains(Duration.ofSeconds(20));
    assertThat(Durations.parse("5m")).contains(Duration.ofMinutes(5));
    assertThat(Durations.parse("1h")).contains(Duration.ofHours(1));
    assertThat(Durations.parse("2d")).contains(Duration.ofDays(2));
    for (String wrong : List.of("", "5", "0s", "-1s", "1.5s", "1 s", "1w", "9999999999s")) {
      assertThat(Durations.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void durationsAreWrittenInTheLargestUnitThatKeepsThemWhole() {
    for (String text : List.of("500ms", "1500ms", "20s", "90s", "5m", "1h", "25h", "2d")) {
      assertThat(Durations.text(Durations.parse(text).orElseThrow())).isEqualTo(text);
    }
    assertThat(Durations.text(Duration.ofHours(24))).isEqualTo("1d");
    assertThat(Durations.text(Duration.ZERO)).isEqualTo("0s");
  }

  @Test
  void countsMayEndWithThousandsAndMillions() {
    assertThat(Counts.parse("200")).hasValue(200);
    assertThat(Counts.parse("500k")).hasValue(500_000);
    assertThat(Counts.parse("2M")).hasValue(2_000_000);
    for (String wrong : List.of("", "k", "-1", "1.5k", "2147483648", "3000m")) {
      assertThat(Counts.parse(wrong)).as(wrong).isEmpty();
    }
  }

  @Test
  void oneLimitChangesAndTheOthersStay() {
    assertThat(Limits.DEFAULT.with("concurrency", "1"))
        .isEqualTo(new Limits(1, Duration.ofMinutes(30), 2, 2, Limits.DEFAULT.budget()));
    assertThat(Limits.DEFAULT.with("time", "5m").with("tool_calls", "1k").with("revisions", "0"))
        .isEqualTo(
            new Limits(
                8, Duration.ofMinutes(5), 0, 2, new Allowance(null, null, 1000, 1000, null, null)));
  }

  @Test
  void limitsThatDoNotFitSayWhatIsExpected() {
    assertThatThrownBy(() -> Limits.DEFAULT.with("concurency", "1"))
        .hasMessage("Unknown limit `concurency`. Did you mean `concurrency`?");
    assertThatThrownBy(() -> Limits.DEFAULT.with("concurrency", "0"))
        .hasMessage("Expected a count of at least 1 for `concurrency`, found `0`.");
    assertThatThrownBy(() -> Limits.DEFAULT.with("time", "30"))
        .hasMessage("Expected a duration such as 20s, 5m or 2d for `time`, found `30`.");
  }

  @Test
  void moneyIsExactAndInDollars() {
    assertThat(Money.parse("2.00 USD").text()).isEqualTo("2 USD");
    assertThat(Money.parse(" 0.000000000001USD ")).isEqualTo(new Money(1));
    assertThat(Money.read("-0.5 USD")).isEqualTo(new Money(-500_000_000_000L));
    assertThat(Money.atLeast(new BigDecimal("1e-13"))).isEqualTo(new Money(1));
    assertThat(Limits.DEFAULT.with("cost", "1.5 USD").budget().cost())
        .isEqualTo(Money.parse("1.50 USD"));
    assertThatThrownBy(() -> Limits.DEFAULT.with("cost", "2"))
        .hasMessage(
            "Expected an amount in USD, in which models are priced, such as 2 USD; found `2`.");
    assertThatThrownBy(() -> Money.parse("2.00 EUR"))
        .hasMessage(
            "Expected an amount in USD, in which models are priced, such as 2.00 USD; found `2.00"
                + " EUR`.");
    assertThatThrownBy(() -> Money.parse("-1 USD"))
        .hasMessage("Expected an amount of money such as 2.00 USD, found `-1 USD`.");
  }

  @Test
  void modelsAreReadFromANameOrAMap() {
    JsonMapper json = JsonMapper.builder().build();
    assertThat(ModelRef.parse("openai/org/model")).isEqualTo(ModelRef.of("openai", "org/model"));
    assertThat(
            ModelRef.read(
                json.readTree(
                    """
                    {"model": "meta/llama", "base_url": "http://x/v1", "temperature": 0,
                     "reasoning": "low", "max_tokens": 100, "images": true}
                    """)))
        .isEqualTo(new ModelRef("openai", "meta/llama", "http://x/v1", 0.0, "low", 100, true));
    assertThatThrownBy(() -> ModelRef.parse("gpt-5"))
        .hasMessage(
            "Expected a model as provider/model with one of the providers openai, anthropic,"
                + " ollama, found `gpt-5`.");
    assertThatThrownBy(() -> ModelRef.parse("openai/"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ModelRef.read(json.readTree("{}")))
        .hasMessage("Expected `model: provider/model`, found {}.");
  }
}
