package dev.workflow.check.flow;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LabellingTest {

  @Test
  void wordsAreSmallAndInTheSingular() {
    assertThat(Labelling.words("listEmail_addresses, recipients' inboxes & entries"))
        .containsExactly("list", "email", "address", "recipient", "inbox", "entry");
    assertThat(Labelling.words("Publishes, pushes and fetches"))
        .containsExactly("publish", "push", "and", "fetch");
    assertThat(Labelling.words("caches databases of DNS status news via https"))
        .containsExactly("cache", "database", "of", "dns", "status", "news", "via", "https");
  }
}
