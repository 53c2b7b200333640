package dev.workflow.travel.place;

import dev.workflow.travel.data.Refusal;
import dev.workflow.travel.data.Table;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The places this server knows, by name and alias. A name belongs to one place. */
public final class Gazetteer {
  private static final int NAME_CHARS_MAX = 200;
  private static final int SUGGESTIONS_MAX = 3;

  private final List<Place> places;
  private final Map<String, Place> byName = new LinkedHashMap<>();

  Gazetteer(List<Place> places) {
    this.places = List.copyOf(places);
    for (Place place : places) {
      names(place).map(Names::folded).distinct().forEach(name -> enter(name, place));
    }
  }

  private void enter(String name, Place place) {
    Place other = byName.put(name, place);
    if (other != null) {
      throw new IllegalStateException(
          "gazetteer: expected one place named \"%s\", found %s and %s"
              .formatted(name, other.label(), place.label()));
    }
  }

  /** The shipped gazetteer. */
  public static Gazetteer shipped() {
    Map<String, Country> countries =
        Country.shipped().stream().collect(Collectors.toMap(Country::code, Function.identity()));
    return new Gazetteer(Table.read("gazetteer.tsv", row -> place(row, countries)));
  }

  private static Place place(Table.Row row, Map<String, Country> countries) {
    Country country = countries.get(row.text("country"));
    if (country == null) {
      throw row.wrong("country", "a code of countries.tsv", row.text("country"));
    }
    return new Place(
        row.text("name"),
        country,
        row.text("region"),
        new GeoPoint(row.number("latitude"), row.number("longitude")),
        row.number("elevation_m"),
        ZoneId.of(row.text("timezone")),
        row.text("kind"),
        row.text("population"),
        Terrain.valueOf(row.text("terrain").toUpperCase(Locale.ROOT)),
        row.text("land"),
        tide(row.text("tide")),
        row.text("gateway"),
        row.parts("aliases", ';'));
  }

  private static TideAccess tide(String cell) {
    return switch (cell) {
      case "inland" -> new TideAccess.Inland();
      case "none" -> new TideAccess.Unrepresented();
      default -> new TideAccess.Port(cell);
    };
  }

  public List<Place> places() {
    return places;
  }

  /**
   * The place called {@code name}, whatever its case and diacritics; region or country may follow,
   * as in {@code Hamilton, New Zealand}.
   *
   * @throws Refusal if there is none, with the nearest names
   */
  public Place find(String name) {
    if (name.length() > NAME_CHARS_MAX) {
      throw new Refusal(
          "the name of a place has at most %d characters, found %d; give the name alone"
              .formatted(NAME_CHARS_MAX, name.length()));
    }
    Place exact = byName.get(Names.folded(name));
    if (exact != null) {
      return exact;
    }
    int comma = name.indexOf(',');
    Place qualified =
        comma > 0
            ? inRegion(name.substring(0, comma), List.of(name.substring(comma + 1).split(",")))
            : spaced(Names.folded(name));
    if (qualified != null) {
      return qualified;
    }
    throw unknown(name, comma > 0 ? name.substring(0, comma) : name);
  }

  private @Nullable Place inRegion(String head, List<String> qualifiers) {
    Place place = byName.get(Names.folded(head));
    return place != null && qualifiers.stream().allMatch(q -> liesIn(place, q)) ? place : null;
  }

  /** {@code hamilton new zealand}: the longest leading name whose rest says where it lies. */
  private @Nullable Place spaced(String folded) {
    for (int cut = folded.lastIndexOf(' '); cut > 0; cut = folded.lastIndexOf(' ', cut - 1)) {
      Place place = byName.get(folded.substring(0, cut));
      if (place != null && liesIn(place, folded.substring(cut + 1))) {
        return place;
      }
    }
    return null;
  }

  private static boolean liesIn(Place place, String qualifier) {
    String folded = Names.folded(qualifier);
    Country country = place.country();
    return folded.isEmpty()
        || Stream.concat(
                Stream.of(place.region(), country.name(), country.code()),
                country.aliases().stream())
            .anyMatch(known -> Names.folded(known).equals(folded));
  }

  private Refusal unknown(String name, String head) {
    Optional<Place> elsewhere = Optional.ofNullable(byName.get(Names.folded(head)));
    if (elsewhere.isPresent()) {
      return new Refusal(
          "unknown place \"%s\": the only %s here is %s"
              .formatted(name, elsewhere.get().name(), elsewhere.get().label()));
    }
    List<Place> near = suggestions(Names.folded(head));
    String advice =
        near.isEmpty()
            ? "no known name is near; name a larger town close by"
            : "did you mean "
                + near.stream().map(Place::label).collect(Collectors.joining(" or "))
                + "?";
    return new Refusal(
        "unknown place \"%s\": it is none of the %d places here; %s"
            .formatted(name, places.size(), advice));
  }

  /** The places with the nearest names, nearest first; none if nothing is near. */
  private List<Place> suggestions(String folded) {
    record Near(int distance, String name, Place place) {}
    int reach = Math.max(1, folded.length() / 3);
    var near = new ArrayList<Near>();
    byName.forEach(
        (name, place) -> {
          boolean begins = folded.length() >= 3 && name.startsWith(folded);
          int distance = begins ? 1 : Names.distance(folded, name);
          if (distance <= reach) {
            near.add(new Near(distance, name, place));
          }
        });
    return near.stream()
        .sorted(Comparator.comparingInt(Near::distance).thenComparing(Near::name))
        .map(Near::place)
        .distinct()
        .limit(SUGGESTIONS_MAX)
        .toList();
  }

  private static Stream<String> names(Place place) {
    return Stream.concat(Stream.of(place.name()), place.aliases().stream());
  }
}
