package dev.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class FileFaultTest {
  @Test
  void aReasonIsMoreThanTheNameOfAFile() {
    assertThat(FileFault.words(new AccessDeniedException("/a")))
        .isEqualTo("access to /a is denied");
    assertThat(FileFault.words(new NoSuchFileException("/a"))).isEqualTo("there is no /a");
    assertThat(FileFault.words(new FileAlreadyExistsException("/a")))
        .isEqualTo("/a is there already");
    assertThat(FileFault.words(new DirectoryNotEmptyException("/a")))
        .isEqualTo("the system refuses /a");
    assertThat(FileFault.words(new FileSystemException("/a", null, "No space left on device")))
        .isEqualTo("/a: No space left on device");
    assertThat(FileFault.words(new MalformedInputException(1))).isEqualTo("it is no text in UTF-8");
    assertThat(FileFault.words(new IOException("it is too long"))).isEqualTo("it is too long");
    assertThat(FileFault.words(new IOException())).isEqualTo("java.io.IOException");
  }
}
