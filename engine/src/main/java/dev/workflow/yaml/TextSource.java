package dev.workflow.yaml;

import dev.workflow.definition.Place;
import dev.workflow.engine.Documents;

/** A source that also knows how a value was written. */
interface TextSource extends Documents.Source {

  /** The text of a scalar as the author wrote it, without quotes; empty: it is none. */
  String written(String pointer);

  /** An entry with its key as the author wrote it; empty: the value has no key. */
  String entry(String pointer);

  /** The place of a character inside the key of the value at a pointer. */
  Place insideKey(String pointer, int offset);

  /** A source without text: what was read from a journal has no places. */
  static TextSource none(String name) {
    Place nowhere = Place.file(name);
    return new TextSource() {
      @Override
      public Place place(String pointer) {
        return nowhere;
      }

      @Override
      public Place key(String pointer) {
        return nowhere;
      }

      @Override
      public Place inside(String pointer, int offset) {
        return nowhere;
      }

      @Override
      public Place insideKey(String pointer, int offset) {
        return nowhere;
      }

      @Override
      public String written(String pointer) {
        return "";
      }

      @Override
      public String entry(String pointer) {
        return "";
      }
    };
  }
}
