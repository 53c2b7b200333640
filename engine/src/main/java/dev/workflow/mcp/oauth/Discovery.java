package dev.workflow.mcp.oauth;

import dev.workflow.mcp.remote.Refused;
import dev.workflow.mcp.remote.Unreadable;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Finds out where to log in at a server, in the order that MCP's authorization prescribes. */
final class Discovery {
  private static final String RESOURCE = "/.well-known/oauth-protected-resource";
  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";

  private static final int TOO_MANY_REQUESTS = 429;

  private final Http http;

  Discovery(Http http) {
    this.http = http;
  }

  /**
   * What was found.
   *
   * @param resource what tokens are asked for (RFC 8707)
   * @param scopes that the server proposes; empty: it proposes none
   */
  record Found(URI resource, AuthorizationServer server, List<String> scopes) {}

  /**
   * Looks at a server's metadata (RFC 9728), and at those of the authorization server it names.
   *
   * @throws OAuthException where the server does not say where to log in, or nobody may believe it
   */
  Found find(Resource resource, Challenge challenge) {
    String subject = "server '" + resource.name() + "'";
    Optional<JsonNode> described = described(resource, challenge, subject);
    URI own = resource.client().issuerMetadata();
    if (described.isEmpty()) {
      return new Found(
          resource.identifier(),
          own == null ? ofOldServer(resource, subject) : at(own, subject),
          List.of());
    }
    JsonNode json = described.get();
    URI identifier = identifier(json, resource, subject);
    List<String> scopes = AuthorizationServer.texts(json, "scopes_supported");
    if (own != null) {
      return new Found(identifier, at(own, subject), scopes);
    }
    List<String> issuers = AuthorizationServer.texts(json, "authorization_servers");
    if (issuers.isEmpty()) {
      throw OAuthException.failed(
          subject + " names no authorization server: nobody can log in there");
    }
    return new Found(identifier, named(issuers.getFirst(), subject), scopes);
  }

  /** What the server says of itself; empty: nothing, at none of the places where it could. */
  private Optional<JsonNode> described(Resource resource, Challenge challenge, String subject) {
    if (challenge.resourceMetadata() != null) {
      String place = challenge.resourceMetadata();
      try {
        URI address = Address.endpoint(place);
        return Optional.of(
            read(address)
                .orElseThrow(
                    () ->
                        OAuthException.failed(
                            subject
                                + " says that its metadata stand at "
                                + Address.shown(address)
                                + ", where there are none")));
      } catch (IOException e) {
        throw unreadable(subject + ": its metadata at " + Words.cut(place), e);
      }
    }
    URI url = resource.url();
    String path = Address.path(url);
    String origin = Address.origin(url);
    try {
      Address.endpoint(origin);
    } catch (IOException notEncrypted) {
      return Optional.empty();
    }
    String place = origin + RESOURCE;
    try {
      return first(path.isEmpty() ? List.of(place) : List.of(place + path, place));
    } catch (Unreadable | Refused noDescription) {
      return Optional.empty();
    } catch (IOException e) {
      throw unreadable(subject + ": its metadata at " + Words.cut(place + path), e);
    }
  }

  /**
   * What stands at the first of these places that has something.
   *
   * @throws IOException where one cannot be reached, or none has anything and one is out of order
   * @throws Unreadable where one has no metadata, but something that is no text of ours
   * @throws Refused where one leads nowhere
   */
  private Optional<JsonNode> first(List<String> places) throws IOException {
    IOException broken = null;
    IOException strange = null;
    for (String place : places) {
      try {
        Optional<JsonNode> found = read(URI.create(place));
        if (found.isPresent()) {
          return found;
        }
      } catch (OutOfOrder e) {
        broken = e;
      } catch (Unreadable | Refused e) {
        strange = strange == null ? e : strange;
      }
    }
    if (broken != null) {
      throw broken;
    }
    if (strange != null) {
      throw strange;
    }
    return Optional.empty();
  }

  /** What the tokens are for. A server that names another one would get what that one trusts. */
  private static URI identifier(JsonNode json, Resource resource, String subject) {
    String text = json.path("resource").asString("");
    try {
      URI identifier = Address.of(text);
      if (identifier.getHost() != null
          && identifier.getRawFragment() == null
          && Address.isWithin(resource.url(), identifier)) {
        return identifier;
      }
    } catch (IOException noAddress) {
      // said below
    }
    throw OAuthException.failed(
        subject
            + " asks for a login at another server: expected the resource "
            + resource.identifier()
            + " in its metadata, found "
            + Words.cut(text));
  }

  /**
   * An authorization server by its issuer (RFC 8414 sections 3 and 5, OpenID Connect Discovery).
   */
  private AuthorizationServer named(String issuer, String subject) {
    String about = subject + ": the authorization server " + Words.cut(issuer);
    try {
      URI address = Address.endpoint(issuer);
      String origin = Address.origin(address);
      String path = Address.path(address);
      List<String> places =
          path.isEmpty()
              ? List.of(origin + OAUTH, origin + OPENID)
              : List.of(origin + OAUTH + path, origin + OPENID + path, origin + path + OPENID);
      Optional<JsonNode> found = first(places);
      if (found.isPresent()) {
        String claimed = found.get().path("issuer").asString("");
        if (!withoutSlash(claimed).equals(withoutSlash(issuer))) {
          throw OAuthException.failed(
              about
                  + " cannot be believed: expected its issuer to be that address, found "
                  + Words.cut(claimed.isEmpty() ? "none" : claimed));
        }
        return AuthorizationServer.of(claimed, found.get());
      }
    } catch (IOException e) {
      throw unreadable(about, e);
    }
    throw OAuthException.failed(about + " does not say how to log in: it has no metadata");
  }

  private static String withoutSlash(String issuer) {
    return issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
  }

  /** The authorization server whose metadata the entry names. */
  private AuthorizationServer at(URI place, String subject) {
    String about = subject + ": the authServerMetadataUrl " + Address.shown(place);
    try {
      JsonNode json =
          read(Address.endpoint(place.toString()))
              .orElseThrow(() -> OAuthException.failed(about + " has no metadata"));
      String issuer = json.path("issuer").asString("");
      if (!Address.origin(Address.endpoint(issuer)).equals(Address.origin(place))) {
        throw OAuthException.failed(
            about + " cannot be believed: its issuer is " + Words.cut(issuer));
      }
      return AuthorizationServer.of(issuer, json);
    } catch (IOException e) {
      throw unreadable(about, e);
    }
  }

  /**
   * The authorization server of a server as MCP 2025-03-26 has it: on the same origin, with
   * metadata or without.
   */
  private AuthorizationServer ofOldServer(Resource resource, String subject) {
    String origin = Address.origin(resource.url());
    String about = subject + ": its authorization server at " + origin;
    try {
      Address.endpoint(origin);
      Optional<JsonNode> found = read(URI.create(origin + OAUTH));
      if (found.isEmpty()) {
        return AuthorizationServer.withoutMetadata(origin);
      }
      String issuer = found.get().path("issuer").asString("");
      if (!Address.origin(Address.of(issuer)).equals(origin)) {
        throw OAuthException.failed(
            about + " cannot be believed: its issuer is " + Words.cut(issuer));
      }
      return AuthorizationServer.of(issuer, found.get());
    } catch (IOException e) {
      throw unreadable(about, e);
    }
  }

  /** A server that cannot say now what it has. */
  private static final class OutOfOrder extends IOException {
    private static final long serialVersionUID = 1L;

    OutOfOrder(int status) {
      super("HTTP status " + status);
    }
  }

  /** The JSON object at an address; empty where there is none. */
  private Optional<JsonNode> read(URI address) throws IOException {
    Http.Answer answer = http.get(address);
    if (answer.status() >= 500 || answer.status() == TOO_MANY_REQUESTS) {
      throw new OutOfOrder(answer.status());
    }
    return answer.isGood() && answer.json().isObject()
        ? Optional.of(answer.json())
        : Optional.empty();
  }

  private static OAuthException unreadable(String what, IOException e) {
    return OAuthException.failed(what + " cannot be read: " + e.getMessage());
  }
}
