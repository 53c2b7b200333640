package dev.workflow.run;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Idempotency keys: equal for every repetition of the same call of a run, different for all others.
 */
public final class CallKey {
  private CallKey() {}

  /** The key of the call that a tool step makes. */
  public static String of(String run, StepPath step) {
    return of(run, step, "");
  }

  /** The key of the call that asks about a lost one of the step. */
  public static String ofProbe(String run, StepPath step) {
    return of(run, step, "verify");
  }

  /** The key of a call that an agent asks for, by the model's id of it. */
  static String of(String run, StepPath step, String wanted) {
    return digest(run + "\n" + step + "\n" + wanted, 16);
  }

  /** So many bytes of the SHA-256 of an identity, in hexadecimal digits. */
  static String digest(String identity, int bytes) {
    return HexFormat.of().formatHex(sha256(identity), 0, bytes);
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
