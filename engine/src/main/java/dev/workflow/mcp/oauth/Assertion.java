package dev.workflow.mcp.oauth;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Signed words of a client about itself (RFC 7523 section 3), with ES256 or RS256. */
final class Assertion {
  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  private static final Duration LIFE = Duration.ofMinutes(5);

  /** Of the curve of ES256. */
  private static final int P256_BITS = 256;

  private Assertion() {}

  /**
   * A new assertion.
   *
   * @param pem a private key, PKCS #8
   * @param issuer of the authorization server that shall believe it
   * @throws OAuthException where the key is none
   */
  static String of(String pem, String client, String issuer, Instant now) {
    PrivateKey key = key(pem);
    boolean curve = key instanceof ECKey;
    ObjectNode header =
        JsonNodeFactory.instance
            .objectNode()
            .put("alg", curve ? "ES256" : "RS256")
            .put("typ", "JWT");
    ObjectNode claims =
        JsonNodeFactory.instance
            .objectNode()
            .put("iss", client)
            .put("sub", client)
            .put("aud", issuer)
            .put("jti", UUID.randomUUID().toString())
            .put("iat", now.getEpochSecond())
            .put("exp", now.plus(LIFE).getEpochSecond());
    String signed = encoded(header.toString()) + "." + encoded(claims.toString());
    try {
      Signature signature =
          Signature.getInstance(curve ? "SHA256withECDSAinP1363Format" : "SHA256withRSA");
      signature.initSign(key);
      signature.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed
          + "."
          + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw OAuthException.failed("the privateKey of its entry cannot sign: " + e.getMessage());
    }
  }

  private static String encoded(String json) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(json.getBytes(StandardCharsets.UTF_8));
  }

  private static PrivateKey key(String pem) {
    try {
      String body = pem.replaceAll("-----(BEGIN|END) PRIVATE KEY-----|\\\\n|\\s", "");
      PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(Base64.getDecoder().decode(body));
      for (String kind : List.of("EC", "RSA")) {
        PrivateKey key = key(kind, spec);
        if (key != null) {
          return key;
        }
      }
    } catch (IllegalArgumentException noBase64) {
      // said below, without the text
    }
    throw OAuthException.failed(
        "the privateKey of its entry is none: expected PEM of PKCS #8 (BEGIN PRIVATE KEY) with an"
            + " RSA key or one of the curve P-256");
  }

  private static @Nullable PrivateKey key(String kind, PKCS8EncodedKeySpec spec) {
    try {
      PrivateKey key = KeyFactory.getInstance(kind).generatePrivate(spec);
      boolean other =
          key instanceof ECKey curve
              && curve.getParams().getCurve().getField().getFieldSize() != P256_BITS;
      return other ? null : key;
    } catch (GeneralSecurityException ofAnotherKind) {
      return null;
    }
  }
}
