package dev.workflow.skills;

import dev.workflow.engine.DurableFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * A {@code .tar.gz} of a skill that depends on its files alone: sorted, of no time and no owner,
 * all of one mode. It is framed as gzip and not compressed, since what a compressor gives depends
 * on its version.
 */
final class SkillArchive {
  private static final int BLOCK = 512;
  private static final int NAME_BYTES_MAX = 100;
  private static final int STORED_MAX = 0xFFFF;
  private static final byte[] GZIP_HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private SkillArchive() {}

  /** Writes the archive in one step; its files stand in one folder of the given name. */
  static void write(PackageTree tree, String folder, Path file) {
    byte[] bytes = gzip(tar(tree, folder));
    try {
      DurableFile.replace(file, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("The archive " + file + " cannot be written", e);
    }
  }

  private static byte[] tar(PackageTree tree, String folder) {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    for (Map.Entry<String, byte[]> file : tree.files().entrySet()) {
      String path = folder + "/" + file.getKey();
      byte[] name = path.getBytes(StandardCharsets.UTF_8);
      if (name.length > NAME_BYTES_MAX) {
        byte[] record = record(path);
        entry(tar, "long-name".getBytes(StandardCharsets.US_ASCII), 'x', record);
        name = Arrays.copyOf(name, NAME_BYTES_MAX);
      }
      entry(tar, name, '0', file.getValue());
    }
    tar.writeBytes(new byte[2 * BLOCK]);
    return tar.toByteArray();
  }

  /** {@code LENGTH path=VALUE}, where the length counts itself. */
  private static byte[] record(String path) {
    byte[] rest = (" path=" + path + "\n").getBytes(StandardCharsets.UTF_8);
    int length = rest.length + 1;
    while (Integer.toString(length).length() + rest.length != length) {
      length = Integer.toString(length).length() + rest.length;
    }
    return (length + " path=" + path + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void entry(ByteArrayOutputStream tar, byte[] name, char kind, byte[] content) {
    byte[] header = new byte[BLOCK];
    System.arraycopy(name, 0, header, 0, name.length);
    octal(header, 100, 8, 0644);
    octal(header, 108, 8, 0);
    octal(header, 116, 8, 0);
    octal(header, 124, 12, content.length);
    octal(header, 136, 12, 0);
    text(header, 148, "        ");
    header[156] = (byte) kind;
    text(header, 257, "ustar\u000000");
    int sum = 0;
    for (byte each : header) {
      sum += each & 0xFF;
    }
    text(header, 148, "%06o\0 ".formatted(sum));
    tar.writeBytes(header);
    tar.writeBytes(content);
    tar.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void octal(byte[] header, int at, int length, long value) {
    text(header, at, ("%0" + (length - 1) + "o").formatted(value));
  }

  private static void text(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static byte[] gzip(byte[] content) {
    ByteArrayOutputStream gzip = new ByteArrayOutputStream();
    gzip.writeBytes(GZIP_HEADER);
    int from = 0;
    do {
      int length = Math.min(STORED_MAX, content.length - from);
      gzip.write(from + length == content.length ? 1 : 0);
      little(gzip, length, 2);
      little(gzip, ~length, 2);
      gzip.write(content, from, length);
      from += length;
    } while (from < content.length);
    CRC32 sum = new CRC32();
    sum.update(content);
    little(gzip, (int) sum.getValue(), 4);
    little(gzip, content.length, 4);
    return gzip.toByteArray();
  }

  private static void little(ByteArrayOutputStream out, int value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write(value >>> (Byte.SIZE * i));
    }
  }
}
