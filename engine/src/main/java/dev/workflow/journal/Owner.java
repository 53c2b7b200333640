package dev.workflow.journal;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;

/** This process, as others are told of it. */
final class Owner {
  private Owner() {}

  static long pid() {
    return ProcessHandle.current().pid();
  }

  static String host() {
    return Name.HOST;
  }

  /** Asked once. Where the system does not just tell, a name service does, perhaps slowly. */
  private static final class Name {
    private static final Path TOLD = Path.of("/proc/sys/kernel/hostname");
    static final String HOST = find();

    private static String find() {
      try {
        return Files.isReadable(TOLD)
            ? Files.readString(TOLD).strip()
            : InetAddress.getLocalHost().getHostName();
      } catch (IOException e) {
        return "localhost";
      }
    }
  }
}
