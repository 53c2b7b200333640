package dev.workflow.skills;

import dev.workflow.definition.Rule;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** A package in a {@code .tar.gz} file, of the usual formats: ustar, GNU long names, pax. */
final class TarPackage {
  private static final int BLOCK = 512;
  private static final int TEXT_MAX = 1 << 16;

  /** Padding and headers of files come on top of these themselves. */
  private static final int AROUND_BYTES = 8 << 20;

  private final InputStream tar;
  private final Unpacking into;
  private @Nullable String longName;
  private Map<String, String> extended = Map.of();

  private TarPackage(InputStream tar, Unpacking into) {
    this.tar = tar;
    this.into = into;
  }

  /**
   * Reads a compressed archive.
   *
   * @param unpackedMax what it may inflate to, in bytes
   */
  static void read(byte[] archive, long unpackedMax, Unpacking into) throws IOException {
    try (InputStream inflated =
        new Bounded(
            new GZIPInputStream(new ByteArrayInputStream(archive)),
            unpackedMax + AROUND_BYTES,
            into)) {
      new TarPackage(inflated, into).read();
    }
  }

  private void read() throws IOException {
    while (true) {
      byte[] header = tar.readNBytes(BLOCK);
      if (header.length < BLOCK || isZero(header)) {
        return;
      }
      long size = number(header, 124, 12);
      switch (header[156]) {
        case 'L' -> longName = text(size).replace("\0", "");
        case 'x' -> extended = records(text(size));
        case 'g' -> text(size); // about the archive, such as the commit it was made of
        default -> entry(header, size);
      }
    }
  }

  private void entry(byte[] header, long headerSize) throws IOException {
    String path = path(header);
    String own = extended.get("size");
    long size = own == null ? headerSize : parsed(own);
    if (extended.keySet().stream().anyMatch(key -> key.startsWith("GNU.sparse"))) {
      throw into.isNoFile(path, "a sparse file");
    }
    longName = null;
    extended = Map.of();
    switch (header[156]) {
      case '0', '\0', '7' -> {
        if (path.endsWith("/")) {
          into.folder(path);
        } else {
          Slice content = new Slice(tar, size);
          byte[] bytes = into.file(path, content);
          if (bytes.length != size) {
            throw new ZipException("it ends within `" + path + "`");
          }
        }
        tar.skipNBytes(padding(size));
      }
      case '5' -> {
        if (!path.equals("./") && !path.equals(".")) {
          into.folder(path);
        }
      }
      case '1' -> throw into.isNoFile(path, "a hard link");
      case '2' -> throw into.isNoFile(path, "a symbolic link");
      case '3', '4', '6' -> throw into.isNoFile(path, "a device");
      default -> throw into.isNoFile(path, "of the unknown kind `" + (char) header[156] + "`");
    }
  }

  private String path(byte[] header) throws IOException {
    String path = extended.get("path");
    if (path == null) {
      path = longName;
    }
    if (path == null) {
      String prefix = header[257] == 'u' && header[262] == 0 ? string(header, 345, 155) : "";
      String name = string(header, 0, 100);
      path = prefix.isEmpty() ? name : prefix + "/" + name;
    }
    return path.startsWith("./") && path.length() > 2 ? path.substring(2) : path;
  }

  private static Map<String, String> records(String text) throws ZipException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Map<String, String> records = new HashMap<>();
    for (int at = 0; at < bytes.length; ) {
      int space = at;
      while (space < bytes.length && bytes[space] != ' ') {
        space++;
      }
      long length = parsed(new String(bytes, at, space - at, StandardCharsets.UTF_8));
      if (length <= space - at + 1 || at + length > bytes.length) {
        throw new ZipException("an extended header is damaged");
      }
      String record =
          new String(bytes, space + 1, (int) (at + length - space - 2), StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals < 0) {
        throw new ZipException("an extended header is damaged");
      }
      records.put(record.substring(0, equals), record.substring(equals + 1));
      at += (int) length;
    }
    return records;
  }

  private String text(long size) throws IOException {
    if (size > TEXT_MAX) {
      throw new ZipException("a header in it is longer than 64 KiB");
    }
    byte[] bytes = tar.readNBytes((int) size);
    tar.skipNBytes(padding(size));
    return decoded(bytes);
  }

  private static String string(byte[] header, int from, int length) throws ZipException {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    byte[] bytes = new byte[end - from];
    System.arraycopy(header, from, bytes, 0, bytes.length);
    return decoded(bytes);
  }

  private static String decoded(byte[] bytes) throws ZipException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ZipException("a name in it is no UTF-8");
    }
  }

  private static long number(byte[] header, int from, int length) throws ZipException {
    if (header[from] < 0) {
      throw new ZipException("a size in it is too large");
    }
    long value = 0;
    for (int i = from; i < from + length; i++) {
      if (header[i] >= '0' && header[i] <= '7') {
        value = value * 8 + header[i] - '0';
      } else if (header[i] != ' ' && header[i] != 0) {
        throw new ZipException("it is no tar archive");
      }
    }
    return value;
  }

  private static long parsed(String number) throws ZipException {
    if (!number.matches("[0-9]{1,15}")) {
      throw new ZipException("an extended header is damaged");
    }
    return Long.parseLong(number);
  }

  private static long padding(long size) {
    return (BLOCK - size % BLOCK) % BLOCK;
  }

  private static boolean isZero(byte[] block) {
    for (byte each : block) {
      if (each != 0) {
        return false;
      }
    }
    return true;
  }

  /** No more of a stream than one file. */
  private static final class Slice extends InputStream {
    private final InputStream in;
    private long left;

    Slice(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] into, int from, int length) throws IOException {
      Objects.checkFromIndexSize(from, length, into.length);
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int read = in.read(into, from, (int) Math.min(length, left));
      left -= Math.max(0, read);
      return read;
    }
  }

  /** Gives up where an archive inflates to more than it may. */
  private static final class Bounded extends FilterInputStream {
    private final long max;
    private final Unpacking into;
    private long left;

    Bounded(InputStream in, long max, Unpacking into) {
      super(in);
      this.max = max;
      this.left = max;
      this.into = into;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int from, int length) throws IOException {
      int read = super.read(bytes, from, length);
      left -= Math.max(0, read);
      if (left < 0) {
        throw into.refused(
            Rule.PACKAGE_SIZE,
            "Expected an archive that inflates to at most %s, found more."
                .formatted(Sizes.of(max)));
      }
      return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
      return Math.max(0, read(new byte[(int) Math.min(bytes, BLOCK)]));
    }
  }
}
