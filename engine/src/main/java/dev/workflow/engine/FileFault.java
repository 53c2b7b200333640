package dev.workflow.engine;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Why a file cannot be read or written, in words: the exceptions themselves often say its name. */
public final class FileFault {
  private FileFault() {}

  /** The reason, to stand behind "cannot be read: ". */
  public static String words(IOException fault) {
    return switch (fault) {
      case AccessDeniedException denied -> "access to " + denied.getFile() + " is denied";
      case NoSuchFileException missing -> "there is no " + missing.getFile();
      case FileAlreadyExistsException there -> there.getFile() + " is there already";
      case FileSystemException other when other.getReason() == null ->
          "the system refuses " + other.getFile();
      case CharacterCodingException notUtf8 -> "it is no text in UTF-8";
      default -> fault.getMessage() == null ? fault.toString() : fault.getMessage();
    };
  }
}
