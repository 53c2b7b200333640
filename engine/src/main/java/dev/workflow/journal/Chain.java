package dev.workflow.journal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The hash chain of a run: each hash covers the one before it, the sequence number and the record,
 * which holds the epoch. Beside each record stands the start of its hash, beside the run the whole
 * last hash: the first finds the place of any damage, the second proves that nothing is missing at
 * the end.
 */
final class Chain {
  /** Bytes of the hash that stand beside a record. */
  static final int MARK_BYTES = 8;

  private final MessageDigest sha = sha256();
  private Octets hash;

  private Chain(Octets hash) {
    this.hash = hash;
  }

  /** The chain of a run without events; runs never share a chain. */
  static Chain begin(String run) {
    return new Chain(sha256(("workflow journal 1\n" + run).getBytes(StandardCharsets.UTF_8)));
  }

  /** The chain that goes on after a hash. */
  static Chain after(Octets hash) {
    return new Chain(hash);
  }

  /** Adds a record and gives its mark. */
  Octets add(long seq, Octets record) {
    sha.update(hash.bytes());
    sha.update(ByteBuffer.allocate(8).putLong(seq).array());
    hash = new Octets(sha.digest(record.bytes()));
    return mark();
  }

  /** The start of the newest hash. */
  Octets mark() {
    return new Octets(Arrays.copyOf(hash.bytes(), MARK_BYTES));
  }

  /** The newest hash. */
  Octets head() {
    return hash;
  }

  static Octets sha256(byte[] bytes) {
    return new Octets(sha256().digest(bytes));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
