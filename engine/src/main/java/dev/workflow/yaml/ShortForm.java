package dev.workflow.yaml;

import tools.jackson.databind.node.ObjectNode;

final class ShortForm {
  private final ObjectNode document;

  ShortForm(ObjectNode document, Findings findings) {
    this.document = document;
  }

  ObjectNode expand() {
    return document;
  }

  TextSource source(TextSource written) {
    return written;
  }
}
