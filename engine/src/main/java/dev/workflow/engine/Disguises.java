package dev.workflow.engine;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.databind.node.JsonNodeFactory;

/** The ways in which a secret is written by those who did not mean to give it away. */
final class Disguises {

  /** Base64 writes three bytes as four characters. */
  private static final int BYTES = 3;

  private static final int CHARS = 4;

  /** Shorter pieces would tear ordinary text. */
  private static final int SHORTEST = 6;

  private Disguises() {}

  /**
   * The secret itself, as part of a JSON text or of an address, and what is certain of it in
   * Base64, wherever it stands in what was encoded.
   */
  static Set<String> of(String secret) {
    Set<String> all = new LinkedHashSet<>();
    all.add(secret);
    String quoted = JsonNodeFactory.instance.stringNode(secret).toString();
    all.add(quoted.substring(1, quoted.length() - 1));
    all.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    for (int before = 0; before < BYTES; before++) {
      for (Base64.Encoder encoder :
          new Base64.Encoder[] {Base64.getEncoder(), Base64.getUrlEncoder()}) {
        String piece = certain(bytes, before, encoder.withoutPadding());
        if (piece.length() >= SHORTEST) {
          all.add(piece);
        }
      }
    }
    return all;
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
