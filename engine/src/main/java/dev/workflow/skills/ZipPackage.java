package dev.workflow.skills;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.zip.CRC32;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;

/**
 * A package in a zip file. Read by its directory alone, since that is what tells links from files,
 * and what the library of the JDK does not show.
 */
final class ZipPackage {
  private static final int END = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int COMMENT_MAX = 0xFFFF;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_BYTES = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int ENCRYPTED = 1;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int TYPE = 0xF000;
  private static final int TYPE_LINK = 0xA000;
  private static final int TYPE_FILE = 0x8000;
  private static final int TYPE_FOLDER = 0x4000;

  private final ByteBuffer zip;
  private final Unpacking into;

  private ZipPackage(byte[] zip, Unpacking into) {
    this.zip = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
    this.into = into;
  }

  static void read(byte[] zip, Unpacking into) throws IOException {
    try {
      new ZipPackage(zip, into).read();
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new ZipException("its directory points outside of it");
    }
  }

  private void read() throws IOException {
    int end = end();
    int entries = u16(end + 10);
    if (u16(end + 4) != 0 || u16(end + 8) != entries || entries == 0xFFFF) {
      throw new ZipException("it has several parts or the large format");
    }
    int at = offset(end + 16);
    for (int i = 0; i < entries; i++) {
      if (zip.getInt(at) != ENTRY) {
        throw new ZipException("its directory is damaged");
      }
      entry(at);
      at += ENTRY_BYTES + u16(at + 28) + u16(at + 30) + u16(at + 32);
    }
  }

  private int end() throws ZipException {
    int last = zip.capacity() - END_BYTES;
    for (int at = last; at >= Math.max(0, last - COMMENT_MAX); at--) {
      if (zip.getInt(at) == END) {
        return at;
      }
    }
    throw new ZipException("it is no zip file");
  }

  private void entry(int at) throws IOException {
    String path = name(at + ENTRY_BYTES, u16(at + 28));
    int type = (zip.getInt(at + 38) >>> 16) & TYPE;
    if (type == TYPE_LINK) {
      throw into.isNoFile(path, "a symbolic link");
    }
    if (type != 0 && type != TYPE_FILE && type != TYPE_FOLDER) {
      throw into.isNoFile(path, "no regular file");
    }
    if (path.endsWith("/")) {
      into.folder(path);
      return;
    }
    if ((u16(at + 8) & ENCRYPTED) != 0) {
      throw new ZipException("`" + path + "` is encrypted");
    }
    int local = offset(at + 42);
    if (zip.getInt(local) != LOCAL || !name(local + LOCAL_BYTES, u16(local + 26)).equals(path)) {
      throw new ZipException("its directory and its entries do not agree about `" + path + "`");
    }
    int data = local + LOCAL_BYTES + u16(local + 26) + u16(local + 28);
    byte[] content = content(path, u16(at + 10), data, offset(at + 20));
    CRC32 sum = new CRC32();
    sum.update(content);
    if ((int) sum.getValue() != zip.getInt(at + 16)) {
      throw new ZipException("`" + path + "` is damaged");
    }
  }

  private byte[] content(String path, int method, int from, int length) throws IOException {
    byte[] whole = zip.array();
    InputStream raw =
        new ByteArrayInputStream(
            whole, Objects.checkFromIndexSize(from, length, whole.length), length);
    if (method == STORED) {
      return into.file(path, raw);
    }
    if (method != DEFLATED) {
      throw new ZipException("`" + path + "` is packed by the unknown method " + method);
    }
    Inflater inflater = new Inflater(true);
    try (InputStream inflated = new InflaterInputStream(raw, inflater)) {
      return into.file(path, inflated);
    } finally {
      inflater.end();
    }
  }

  private String name(int from, int length) throws ZipException {
    byte[] bytes = new byte[length];
    zip.get(from, bytes);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new ZipException("a name in it is no UTF-8");
    }
  }

  private int u16(int at) {
    return zip.getShort(at) & 0xFFFF;
  }

  private int offset(int at) throws ZipException {
    int value = zip.getInt(at);
    if (value < 0) {
      throw new ZipException("it has the large format");
    }
    return value;
  }
}
