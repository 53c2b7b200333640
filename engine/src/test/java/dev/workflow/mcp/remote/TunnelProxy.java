package dev.workflow.mcp.remote;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A proxy that leads every tunnel to one port of this machine, and keeps what it was asked. */
final class TunnelProxy implements AutoCloseable {
  private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int target;
  private final String wantedAuthorization;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /**
   * A proxy.
   *
   * @param wantedAuthorization without which it answers 407; empty: it lets in everybody
   */
  TunnelProxy(int target, String wantedAuthorization) throws IOException {
    this.target = target;
    this.wantedAuthorization = wantedAuthorization;
    Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return socket.getLocalPort();
  }

  /** The first lines of requests, and their proxy authorizations. */
  List<String> asked() {
    return asked;
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      boolean open = false;
      while (!open) {
        List<String> head = head(client);
        if (head.isEmpty()) {
          return;
        }
        String authorization =
            head.stream()
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("proxy-auth"))
                .findFirst()
                .orElse("none");
        asked.add(head.getFirst() + " " + authorization);
        open = wantedAuthorization.isEmpty() || authorization.endsWith(wantedAuthorization);
        OutputStream out = client.getOutputStream();
        String answer =
            open
                ? "HTTP/1.1 200 OK\r\n\r\n"
                : String.join(
                    "\r\n",
                    "HTTP/1.1 407 Who",
                    "Proxy-Authenticate: Basic realm=x",
                    "Content-Length: 0",
                    "",
                    "");
        out.write(answer.getBytes(ISO_8859_1));
        out.flush();
      }
      try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
        Thread back = Thread.ofVirtual().start(() -> copy(server, client));
        copy(client, server);
        back.join();
      }
    } catch (IOException e) {
      // the client learns it from its connection
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Reads no byte more than the head: what follows belongs to the tunnel. */
  private static List<String> head(Socket client) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int c = client.getInputStream().read();
      if (c < 0) {
        return List.of();
      }
      text.append((char) c);
    }
    return new ArrayList<>(List.of(text.toString().split("\r\n")));
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // the other direction ends, too
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
