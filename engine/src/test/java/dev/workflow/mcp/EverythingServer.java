package dev.workflow.mcp;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;

/** The official everything server behind a port of its own. */
public final class EverythingServer implements AutoCloseable {
  private final int port;
  private final Process process;

  public EverythingServer() throws IOException {
    this("streamableHttp");
  }

  EverythingServer(String transport) throws IOException {
    this(transport, freePort());
  }

  EverythingServer(String transport, int port) throws IOException {
    this.port = port;
    ProcessBuilder builder =
        new ProcessBuilder("node", NpmServers.script("everything").toString(), transport)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("PORT", String.valueOf(port));
    this.process = builder.start();
    Fakes.await("the server listens", () -> listens(port));
  }

  public int port() {
    return port;
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket("localhost", port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** Dies at once, while somebody may be using it. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
  }
}
