package dev.workflow.yaml;

import dev.workflow.definition.Place;
import dev.workflow.yaml.Spot.Span;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The places of a tree that was read from text. */
final class SpotSource implements TextSource {

  private final SourceText text;
  private final Spot root;

  SpotSource(SourceText text, Spot root) {
    this.text = text;
    this.root = root;
  }

  Spot root() {
    return root;
  }

  SourceText text() {
    return text;
  }

  @Override
  public Place place(String pointer) {
    return text.place(nearest(pointer).value().start());
  }

  @Override
  public Place key(String pointer) {
    Spot spot = nearest(pointer);
    Span key = spot.key();
    return text.place(key == null ? spot.value().start() : key.start());
  }

  @Override
  public Place inside(String pointer, int offset) {
    Spot found = nearest(pointer);
    boolean scalar = found.value().style().isText();
    return text.place(
        scalar ? ScalarOffsets.locate(text, found.value(), offset) : found.value().start());
  }

  @Override
  public String entry(String pointer) {
    Spot spot = spot(pointer);
    return spot == null || spot.key() == null
        ? ""
        : text.text()
            .substring(spot.key().start(), Math.max(spot.key().start(), spot.value().end()));
  }

  @Override
  public String written(String pointer) {
    Spot spot = spot(pointer);
    return spot == null ? "" : spot.value().text();
  }

  @Override
  public Place insideKey(String pointer, int offset) {
    Spot spot = nearest(pointer);
    Span key = spot.key() == null ? spot.value() : spot.key();
    return text.place(ScalarOffsets.locate(text, key, offset));
  }

  /** The spot of a value; absent: the tree has no such value. */
  @Nullable Spot spot(String pointer) {
    Spot spot = root;
    for (String token : Pointers.tokens(pointer)) {
      Spot child = spot.children().get(token);
      if (child == null) {
        return null;
      }
      spot = child;
    }
    return spot;
  }

  private Spot nearest(String pointer) {
    Spot spot = root;
    List<String> tokens = Pointers.tokens(pointer);
    for (String token : tokens) {
      Spot child = spot.children().get(token);
      if (child == null) {
        return spot;
      }
      spot = child;
    }
    return spot;
  }
}
