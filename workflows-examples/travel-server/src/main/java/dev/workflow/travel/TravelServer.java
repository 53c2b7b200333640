package dev.workflow.travel;

import dev.workflow.travel.protocol.McpSession;
import dev.workflow.travel.protocol.ServerCard;
import dev.workflow.travel.protocol.StdioServer;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Objects;

/**
 * The MCP server {@code travel}: a process that speaks the Model Context Protocol on its standard
 * input and output until its input ends.
 */
public final class TravelServer {
  private TravelServer() {}

  public static void main(String[] args) throws InterruptedException {
    var out = new FileOutputStream(FileDescriptor.out);
    Locale.setDefault(Locale.ROOT); // the same question gets the same bytes wherever it runs
    System.setOut(System.err); // standard output carries the protocol and nothing else
    try (var in = new FileInputStream(FileDescriptor.in)) {
      new StdioServer(new McpSession(card(), new TravelTools()), out).serve(in);
    } catch (IOException e) {
      System.err.println("travel: the client went away: " + e.getMessage());
    }
  }

  private static ServerCard card() {
    String version = TravelServer.class.getPackage().getImplementationVersion();
    return new ServerCard(
        "travel",
        "Travel: places, climate, tides and routes",
        Objects.requireNonNullElse(version, "development"),
        "Computes from shipped data: climate normals (never a forecast), harmonic tides (not for"
            + " navigation), estimated routes. Dates are YYYY-MM-DD and always given by the caller.");
  }
}
