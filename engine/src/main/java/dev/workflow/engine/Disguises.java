package dev.workflow.engine;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.node.JsonNodeFactory;

/** The ways in which a secret is written by those who did not mean to give it away. */
final class Disguises {

  /** Base64 writes three bytes as four characters. */
  private static final int BYTES = 3;

  private static final int CHARS = 4;

  /** Shorter pieces would tear ordinary text. */
  private static final int SHORTEST = 6;

  /** Lines of a key in PEM form are as long as this or longer. */
  private static final int LINE = 16;

  private static final Pattern ESCAPED = Pattern.compile("%[0-9A-F]{2}");

  /** What {@code encodeURIComponent} leaves as it is and {@link URLEncoder} does not. */
  private static final Map<String, String> UNRESERVED =
      Map.of("%21", "!", "%27", "'", "%28", "(", "%29", ")", "%7E", "~");

  /** What {@code encodeURI} leaves as it is besides. */
  private static final Map<String, String> RESERVED =
      Map.of(
          "%3B",
          ";", "%2C", ",", "%2F", "/", "%3F", "?", "%3A", ":", "%40", "@", "%26", "&", "%3D", "=",
          "%2B", "+", "%24", "$");

  private Disguises() {}

  /**
   * The secret itself, as part of a JSON text, of an address, of a page, in hexadecimal digits, and
   * what is certain of it in Base64, wherever it stands in what was encoded.
   */
  static Set<String> of(String secret) {
    Set<String> all = new LinkedHashSet<>();
    all.add(secret);
    all.addAll(quoted(secret));
    all.addAll(inAddresses(secret));
    all.add(inPages(secret));
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    all.add(HexFormat.of().formatHex(bytes));
    all.add(HexFormat.of().withUpperCase().formatHex(bytes));
    for (int before = 0; before < BYTES; before++) {
      for (Base64.Encoder encoder : List.of(Base64.getEncoder(), Base64.getUrlEncoder())) {
        String piece = certain(bytes, before, encoder.withoutPadding());
        if (piece.length() >= SHORTEST) {
          all.add(piece);
        }
      }
    }
    return all;
  }

  /** The lines of a secret that has several, which may be told one by one. */
  static List<String> lines(String secret) {
    return secret
        .lines()
        .map(String::strip)
        .filter(line -> line.length() >= LINE && !line.startsWith("-----"))
        .toList();
  }

  /** As writers of JSON do it: some escape slashes, some what has a meaning in pages. */
  private static List<String> quoted(String secret) {
    String text = JsonNodeFactory.instance.stringNode(secret).toString();
    String quoted = text.substring(1, text.length() - 1);
    return List.of(
        quoted,
        quoted.replace("/", "\\/"),
        quoted.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"));
  }

  private static Set<String> inAddresses(String secret) {
    String form = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    String strict = form.replace("+", "%20").replace("*", "%2A");
    String component = replaced(strict.replace("%2A", "*"), UNRESERVED);
    Set<String> all = new LinkedHashSet<>();
    for (String encoded :
        List.of(
            form, strict, strict.replace("%7E", "~"), component, replaced(component, RESERVED))) {
      all.add(encoded);
      all.add(
          ESCAPED.matcher(encoded).replaceAll(escape -> escape.group().toLowerCase(Locale.ROOT)));
    }
    return all;
  }

  private static String replaced(String text, Map<String, String> by) {
    return ESCAPED.matcher(text).replaceAll(escape -> literal(by, escape.group()));
  }

  private static String literal(Map<String, String> by, String escape) {
    return by.getOrDefault(escape, escape).replace("$", "\\$");
  }

  private static String inPages(String secret) {
    return secret
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }

  /** The characters that depend on the secret alone when so many bytes stand before it. */
  private static String certain(byte[] secret, int before, Base64.Encoder encoder) {
    byte[] shifted = new byte[before + secret.length];
    System.arraycopy(secret, 0, shifted, before, secret.length);
    String encoded = encoder.encodeToString(shifted);
    int from = before == 0 ? 0 : before + 1;
    int to = shifted.length / BYTES * CHARS + Math.max(0, shifted.length % BYTES);
    return to <= from ? "" : encoded.substring(from, to);
  }
}
