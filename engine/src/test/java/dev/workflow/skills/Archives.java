package dev.workflow.skills;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Archives with whatever a test puts into them. */
final class Archives {
  private static final int BLOCK = 512;

  private Archives() {}

  /** One entry of a tar archive; the kind is that of the format, such as {@code 2} for a link. */
  record Tarred(String name, char kind, String link, String content) {
    static Tarred file(String name, String text) {
      return new Tarred(name, '0', "", text);
    }
  }

  static byte[] tarGz(Tarred... entries) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (Tarred entry : entries) {
        byte[] header = new byte[BLOCK];
        byte[] content = entry.content().getBytes(StandardCharsets.UTF_8);
        put(header, 0, entry.name());
        put(header, 100, "0000644");
        put(header, 124, "%011o".formatted(content.length));
        header[156] = (byte) entry.kind();
        put(header, 157, entry.link());
        put(header, 257, "ustar\u000000");
        gzip.write(header);
        gzip.write(content);
        gzip.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
      }
      gzip.write(new byte[2 * BLOCK]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** Names and texts in turn. */
  static byte[] zip(String... namesAndTexts) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (int i = 0; i < namesAndTexts.length; i += 2) {
        zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
        zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Makes the last entry of a zip file a symbolic link, as its directory says it. */
  static byte[] linked(byte[] zip) {
    for (int at = zip.length - 46; at >= 0; at--) {
      if (zip[at] == 'P' && zip[at + 1] == 'K' && zip[at + 2] == 1 && zip[at + 3] == 2) {
        zip[at + 5] = 3; // made by Unix
        zip[at + 41] = (byte) 0xA1;
        return zip;
      }
    }
    throw new IllegalArgumentException("no zip file");
  }
}
