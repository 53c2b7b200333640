package dev.workflow.ranking;

import dev.workflow.engine.Embeddings;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Embeddings whose vectors are kept by the hash of their text, in one file for each kind of them.
 * The file is replaced as a whole; it may be deleted at any time, and one that cannot be read or
 * written is done without. Of two processes that add at the same time one may keep for both.
 */
final class KeptVectors implements Embeddings {

  /** About 16 MB; those that were not asked for go. */
  static final int VECTORS_MAX = 10_000;

  private static final int FORMAT = 1;

  /** This many new ones are lost at most where the process is killed. */
  private static final int UNWRITTEN_MAX = 64;

  private final Embeddings embeddings;
  private final Path file;
  private final int vectorsMax;
  private final LinkedHashMap<String, float[]> vectors = new LinkedHashMap<>(16, 0.75f, true);
  private int unwritten;

  KeptVectors(Embeddings embeddings, Path folder) {
    this(embeddings, folder, VECTORS_MAX);
  }

  KeptVectors(Embeddings embeddings, Path folder, int vectorsMax) {
    this.embeddings = embeddings;
    this.file = folder.resolve(hash(embeddings.name()).substring(0, 16) + ".vectors");
    this.vectorsMax = vectorsMax;
    read();
  }

  @Override
  public String name() {
    return embeddings.name();
  }

  @Override
  public float[] vector(String text) {
    String key = hash(text);
    float[] kept = vectors.get(key);
    if (kept != null) {
      return kept;
    }
    float[] made = embeddings.vector(text);
    vectors.put(key, made);
    if (vectors.size() > vectorsMax) {
      vectors.pollFirstEntry();
    }
    unwritten++;
    if (unwritten >= UNWRITTEN_MAX) {
      write();
    }
    return made;
  }

  /** Keeps what was made since it was last kept. */
  void write() {
    if (unwritten == 0) {
      return;
    }
    unwritten = 0;
    try {
      Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent(), "a file in a folder");
      Files.createDirectories(folder, ofTheUser(folder));
      Path fresh = Files.createTempFile(folder, ".new-", ".tmp");
      try {
        try (DataOutputStream out =
            new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(fresh)))) {
          out.writeInt(FORMAT);
          out.writeInt(vectors.size());
          for (Map.Entry<String, float[]> each : vectors.entrySet()) {
            out.write(HexFormat.of().parseHex(each.getKey()));
            out.writeInt(each.getValue().length);
            for (float number : each.getValue()) {
              out.writeFloat(number);
            }
          }
        }
        Files.move(
            fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(fresh);
      }
    } catch (IOException e) {
      // Then they are made again the next time.
      unwritten = 0;
    }
  }

  private void read() {
    if (!Files.exists(file)) {
      return;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      if (in.readInt() != FORMAT) {
        return;
      }
      int size = Math.min(in.readInt(), vectorsMax);
      for (int i = 0; i < size; i++) {
        String key = HexFormat.of().formatHex(in.readNBytes(32));
        int length = in.readInt();
        if (length <= 0 || length > 8_192) {
          throw new IOException("a vector of " + length + " numbers");
        }
        float[] vector = new float[length];
        for (int at = 0; at < length; at++) {
          vector[at] = in.readFloat();
        }
        vectors.put(key, vector);
      }
    } catch (IOException e) {
      vectors.clear();
    }
  }

  private static FileAttribute<?>[] ofTheUser(Path folder) {
    return folder.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
