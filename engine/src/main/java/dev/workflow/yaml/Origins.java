package dev.workflow.yaml;

import dev.workflow.definition.Place;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the values of a long form stand in what they were made from: a short form, or patterns.
 *
 * <p>A value that was copied keeps what is below it; of one that was made up, all parts stand where
 * it stands.
 */
final class Origins {

  private record Origin(String pointer, boolean key, int offset, boolean copied) {}

  /**
   * A part of a made text.
   *
   * @param start where it begins in the made text
   * @param written pointer of the text that it was copied from
   */
  record Piece(int start, String written) {}

  private final Map<String, Origin> origins = new HashMap<>();
  private final Map<String, List<Piece>> texts = new HashMap<>();

  Origins() {
    copied("", "");
  }

  /** The value, and all below it, was copied from another pointer. */
  void copied(String made, String written) {
    origins.put(made, new Origin(written, false, 0, true));
  }

  /** The value was made of the value at another pointer, from a character on. */
  void value(String made, String written, int offset) {
    origins.put(made, new Origin(written, false, offset, false));
  }

  /** The value was made of the key of another pointer, from a character on. */
  void key(String made, String written, int offset) {
    origins.put(made, new Origin(written, true, offset, false));
  }

  /** The value was found inside the text that another made value was copied from. */
  void inside(String made, String text, int offset) {
    value(made, origin(text).pointer(), offset);
  }

  /** The value is a text with these parts, in order, and other words between them. */
  void pieces(String made, List<Piece> pieces) {
    value(made, pieces.getFirst().written(), 0);
    texts.put(made, List.copyOf(pieces));
  }

  /** A source that speaks of the long form and shows the short one. */
  TextSource over(TextSource written) {
    return new Mapped(written);
  }

  private final class Mapped implements TextSource {
    private final TextSource written;

    Mapped(TextSource written) {
      this.written = written;
    }

    @Override
    public Place place(String pointer) {
      Origin origin = origin(pointer);
      if (origin.copied()) {
        return written.place(origin.pointer());
      }
      return origin.key()
          ? written.insideKey(origin.pointer(), origin.offset())
          : written.inside(origin.pointer(), origin.offset());
    }

    @Override
    public Place key(String pointer) {
      Origin origin = origin(pointer);
      return origin.offset() > 0 ? place(pointer) : written.key(origin.pointer());
    }

    @Override
    public Place inside(String pointer, int offset) {
      List<Piece> pieces = texts.get(pointer);
      if (pieces != null) {
        Piece piece = around(pieces, offset);
        return written.inside(piece.written(), Math.max(0, offset - piece.start()));
      }
      Origin origin = origin(pointer);
      int at = origin.offset() + offset;
      return origin.key()
          ? written.insideKey(origin.pointer(), at)
          : written.inside(origin.pointer(), at);
    }

    @Override
    public Place insideKey(String pointer, int offset) {
      Origin origin = origin(pointer);
      return written.insideKey(origin.pointer(), origin.offset() + offset);
    }

    @Override
    public String entry(String pointer) {
      Origin origin = origin(pointer);
      return origin.copied() ? written.entry(origin.pointer()) : "";
    }

    @Override
    public String written(String pointer) {
      Origin origin = origin(pointer);
      return origin.copied() ? written.written(origin.pointer()) : "";
    }
  }

  /** The last part that begins at or before a character, else the first. */
  private static Piece around(List<Piece> pieces, int offset) {
    Piece found = pieces.getFirst();
    for (Piece piece : pieces) {
      found = piece.start() <= offset ? piece : found;
    }
    return found;
  }

  private Origin origin(String pointer) {
    String at = pointer;
    Origin origin = origins.get(at);
    while (origin == null) {
      at = Pointers.parent(at);
      origin = origins.get(at);
    }
    return origin.copied()
        ? new Origin(origin.pointer() + pointer.substring(at.length()), false, 0, true)
        : origin;
  }
}
