package dev.workflow.journal;

/**
 * The first byte of each value of the compact form. It keeps the type of every number and every
 * text exactly, which JSON text would not: {@code 1}, {@code 1L} and {@code 1.0} stay apart.
 */
final class Tags {
  static final int NULL = 0x00;
  static final int FALSE = 0x01;
  static final int TRUE = 0x02;

  /** Whole numbers, zigzag in seven-bit groups. */
  static final int SHORT = 0x03;

  static final int INT = 0x04;
  static final int LONG = 0x05;

  /** Length and two's complement bytes. */
  static final int BIG = 0x06;

  static final int FLOAT = 0x07;
  static final int DOUBLE = 0x08;

  /** Scale, length and two's complement bytes. */
  static final int DECIMAL = 0x09;

  /** Length and UTF-8. */
  static final int TEXT = 0x0a;

  /** Length in units and UTF-16, for texts that are no sound Unicode. */
  static final int UNITS = 0x0b;

  /** 64 hexadecimal digits as 32 bytes. */
  static final int HEX = 0x0c;

  /** Place in the list of words. */
  static final int WORD = 0x0d;

  static final int BYTES = 0x0e;
  static final int ARRAY = 0x0f;
  static final int OBJECT = 0x10;

  /** SHA-256 of a value that is stored as a blob. */
  static final int BLOB = 0x11;

  /** Sixteen tags each, for that many fields or items. */
  static final int SMALL_OBJECT = 0x20;

  static final int SMALL_ARRAY = 0x30;

  /** 64 tags each: the numbers 0 to 63, texts of 0 to 63 bytes, the first 64 words. */
  static final int SMALL_INT = 0x40;

  static final int SMALL_TEXT = 0x80;
  static final int SMALL_WORD = 0xc0;

  /** Levels of a value; deeper ones cannot be recorded. */
  static final int DEPTH_MAX = 1_000;

  private Tags() {}
}
