package dev.workflow.check.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ToolWordsTest {

  @Test
  void wordsAreSmallAndInTheSingular() {
    assertThat(ToolWords.words("listEmail_addresses, recipients' inboxes & entries"))
        .containsExactly("list", "email", "address", "recipient", "inbox", "entry");
    assertThat(ToolWords.words("Publishes, pushes and fetches"))
        .containsExactly("publish", "push", "and", "fetch");
    assertThat(ToolWords.words("caches databases of DNS status news via https"))
        .containsExactly("cache", "database", "of", "dns", "status", "news", "via", "https");
  }
}
