package dev.workflow.mcp.oauth;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;

/** A process that is about to send a request to a server. */
final class RenewingProgram {
  private RenewingProgram() {}

  public static void main(String[] args) {
    URI url = URI.create(args[1]);
    Resource resource = FakeOAuth.resource(args[1], ClientSettings.NONE);
    Access access = new OAuth(Path.of(args[0]), InstantSource.system()).access(resource);
    System.out.println(access.authorization(url).orElseThrow());
  }
}
