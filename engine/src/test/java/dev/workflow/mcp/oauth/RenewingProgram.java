package dev.workflow.mcp.oauth;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;

/** A process that is about to send a request to a server. */
final class RenewingProgram {
  private RenewingProgram() {}

  public static void main(String[] args) {
    URI url = URI.create(args[1]);
    HttpClient http = HttpClient.newHttpClient();
    Resource resource = new Resource("guarded", url, false, ClientSettings.NONE, address -> http);
    Access access = new OAuth(Path.of(args[0]), InstantSource.system()).access(resource);
    System.out.println(access.authorization(url).orElseThrow());
  }
}
