package dev.workflow.mcp.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.workflow.mcp.ServerJson;
import dev.workflow.schema.JsonSchemas;
import dev.workflow.yaml.YamlDocuments;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ClientFilesTest {
  private final Path home;
  private final Path workspace;
  private final ClientFiles files;

  ClientFilesTest(@TempDir Path folder) throws IOException {
    this.home = folder.resolve("home");
    this.workspace = Files.createDirectories(folder.resolve("workspace"));
    this.files =
        new ClientFiles(
            new YamlDocuments(new JsonSchemas()), Map.of("HOME", home.toString()), workspace);
  }

  private void put(String resource, Path file) throws IOException {
    try (InputStream in =
        Objects.requireNonNull(getClass().getResourceAsStream("/mcp-clients/" + resource))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      Files.createDirectories(Objects.requireNonNull(file.getParent()));
      Files.writeString(file, text.replace("WORKSPACE", workspace.toString()));
    }
  }

  private Map<String, ImportedServer> read(OtherClient client, String resource, String place)
      throws IOException {
    put(resource, home.resolve(place));
    Map<String, ImportedServer> servers = new LinkedHashMap<>();
    files.servers(client).forEach(server -> servers.put(server.name(), server));
    servers.values().stream()
        .filter(ImportedServer::isServer)
        .forEach(
            server ->
                assertThat(ServerFile.ofUser(home, workspace).check(server.name(), server.entry()))
                    .as(server.name())
                    .isEmpty());
    return servers;
  }

  private static void is(Map<String, ImportedServer> servers, String name, String entry) {
    JsonNode expected = JsonMapper.shared().readTree(entry.replace('\'', '"'));
    assertThat(Objects.requireNonNull(servers.get(name)).entry()).as(name).isEqualTo(expected);
  }

  /** What goes to the user's file would never be asked about. */
  @ParameterizedTest
  @ValueSource(strings = {"./proj/../workspace/", "workspace/", "link/", "./workspace/./"})
  void aFileOfTheWorkspaceIsSharedHoweverItIsNamed(String at, @TempDir Path folder)
      throws IOException {
    Path real = Files.createDirectories(folder.resolve("workspace"));
    Files.createDirectories(folder.resolve("proj"));
    Files.createSymbolicLink(folder.resolve("link"), real);
    Files.writeString(
        Files.createDirectories(real.resolve(".cursor")).resolve("mcp.json"),
        "{\"mcpServers\": {\"a\": {\"command\": \"x\"}}}");
    for (String root : List.of("workspace", "link")) {
      ClientFiles here =
          new ClientFiles(files.documents(), files.environment(), folder.resolve(root));
      Path file = Path.of(folder + "/" + at + ".cursor/mcp.json");
      assertThat(here.servers(OtherClient.CURSOR, file))
          .singleElement()
          .matches(ImportedServer::shared);
    }
  }

  @Test
  void claudeDesktopReplacesNoVariables() throws IOException {
    var servers =
        read(
            OtherClient.CLAUDE_DESKTOP,
            "claude-desktop.json",
            ".config/Claude/claude_desktop_config.json");
    assertThat(servers.keySet()).containsExactly("files", "plain");
    is(
        servers,
        "files",
        "{'command':'npx','args':['-y','@modelcontextprotocol/server-filesystem','/srv/a folder'],"
            + "'env':{'MODE':'slow','LITERAL':'$${NOT_REPLACED}'}}");
    is(servers, "plain", "{'command':'uvx','args':['plain-mcp']}");
  }

  @Test
  void claudeCodeHasServersOfTheUserAndOfAProject() throws IOException {
    var servers = read(OtherClient.CLAUDE_CODE, "claude-code.json", ".claude.json");
    assertThat(servers.keySet()).containsExactly("both", "events", "web");
    is(servers, "both", "{'type':'stdio','command':'inner','args':['--x'],'env':{'K':'v'}}");
    is(servers, "events", "{'type':'sse','url':'https://events.example.com/sse'}");
    is(
        servers,
        "web",
        "{'type':'http','url':'${API_BASE:-https://api.example.com}/mcp',"
            + "'headers':{'Authorization':'Bearer ${API_KEY}'},"
            + "'x-claude-code':{'headersHelper':'/opt/bin/headers.sh'}}");
  }

  @Test
  void cursorsVariablesAreOurs() throws IOException {
    var servers = read(OtherClient.CURSOR, "cursor.json", ".cursor/mcp.json");
    is(
        servers,
        "local",
        "{'type':'stdio','command':'python','args':['${workspaceFolder}/tools/mcp_server.py',"
            + "'--home=${userHome}'],'env':{'API_KEY':'${env:API_KEY}'},"
            + "'envFile':'${workspaceFolder}/.env'}");
    is(
        servers,
        "remote",
        "{'url':'https://api.example.com/mcp','headers':{'Authorization':'Bearer ${env:MY_TOKEN}'},"
            + "'oauth':{'clientId':'${env:ID}','scopes':['read']}}");
  }

  @Test
  void whatVsCodeAsksForBecomesAVariable() throws IOException {
    var servers = read(OtherClient.VSCODE, "vscode.json", ".config/Code/User/mcp.json");
    String input = "{'type':'promptString','id':'api-key','description':'The key','password':true}";
    is(
        servers,
        "search",
        "{'type':'stdio','command':'npx','args':['-y','search-mcp@1.2.3'],"
            + "'env':{'API_KEY':'${API_KEY}','LEVEL':'3'},'envFile':'${workspaceFolder}/.env',"
            + "'x-vscode':{'dev':{'watch':'build/**/*.js'},'inputs':["
            + input
            + "]}}");
    is(
        servers,
        "docs",
        "{'type':'http','url':'https://docs.example.com/mcp','headers':{'X-Key':'${API_KEY}'},"
            + "'x-vscode':{'inputs':["
            + input
            + "]}}");
    assertThat(Objects.requireNonNull(servers.get("docs")).notes())
        .containsExactly("VS Code asks for api-key: set the variable API_KEY of your environment");
  }

  @Test
  void geminisAddressesSayTheirTransport() throws IOException {
    var servers = read(OtherClient.GEMINI, "gemini.json", ".gemini/settings.json");
    is(
        servers,
        "python",
        "{'command':'python','args':['-m','my_mcp_server','--port','8080'],"
            + "'cwd':'${workspaceFolder}/./servers/python',"
            + "'env':{'DATABASE_URL':'${DB_URL}','API_KEY':'${EXTERNAL_KEY}'},'timeout':15000,"
            + "'includeTools':['safe'],'excludeTools':['rm'],'x-gemini':{'trust':true}}");
    is(
        servers,
        "stream",
        "{'type':'http','url':'http://localhost:3000/mcp','headers':{'X-A':'b'},'timeout':5000}");
    is(servers, "events", "{'type':'sse','url':'http://localhost:3001/sse'}");
    is(
        servers,
        "cloud",
        "{'type':'http','url':'https://cloud.example.com/mcp','x-gemini':{'authProviderType':"
            + "'google_credentials','oauth':{'scopes':['https://www.example.com/auth']}}}");
  }

  @Test
  void codexHasItsOwnWordsInToml() throws IOException {
    var servers = read(OtherClient.CODEX, "codex.toml", ".codex/config.toml");
    is(
        servers,
        "context",
        "{'command':'npx','args':['-y','@upstash/context7-mcp'],'env':{'LOCAL_TOKEN':"
            + "'${LOCAL_TOKEN:-}','OTHER':'${OTHER:-}','MY_VAR':'literal $${X}'},"
            + "'cwd':'/srv/context','startupTimeout':12500,'timeout':'45s','enabled':false,"
            + "'required':true,'includeTools':['search'],'excludeTools':['drop']}");
    is(
        servers,
        "my figma",
        "{'url':'https://mcp.example.com/mcp','headers':{'Authorization':'Bearer ${FIGMA_TOKEN}',"
            + "'X-Region':'us-east-1','X-Key':'${KEY_VARIABLE}'},'oauth':{'scopes':['read']}}");
  }

  @Test
  void goosesExtensionsAreServersOrNone() throws IOException {
    var servers = read(OtherClient.GOOSE, "goose.yaml", ".config/goose/config.yaml");
    assertThat(Objects.requireNonNull(servers.get("developer")).isServer()).isFalse();
    assertThat(Objects.requireNonNull(servers.get("developer")).notes())
        .containsExactly("it is no MCP server with a command or an address (builtin)");
    is(
        servers,
        "drive",
        "{'enabled':true,'type':'stdio','description':'Files of the drive','command':'npx',"
            + "'args':['-y','@modelcontextprotocol/server-gdrive'],'env':{'MODE':'ro',"
            + "'GDRIVE_TOKEN':'${GDRIVE_TOKEN}'},'timeout':'120s','x-goose':{'name':'Drive'}}");
    is(
        servers,
        "remote",
        "{'enabled':false,'type':'http','url':'https://mcp.example.com/mcp','headers':{'X-A':'b'},"
            + "'timeout':'60s','x-goose':{'name':'remote'}}");
    is(
        servers,
        "older",
        "{'type':'sse','url':'http://localhost:9000/sse','enabled':true,'x-goose':{'name':'older'}}");
  }

  @Test
  void theOlderFormOfLoomIsRead() throws IOException {
    var servers = read(OtherClient.LOOM, "loom.toml", ".loom/loom.toml");
    is(
        servers,
        "notes",
        "{'command':'uvx','args':['notes-mcp'],'timeout':'90s','enabled':true,"
            + "'env':{'NOTES':'/srv/notes'}}");
    is(
        servers,
        "far",
        "{'type':'http','url':'https://far.example.com/mcp','headers':{'X-Team':'blue'},"
            + "'x-loom':{'fallback_sse_url':'https://far.example.com/sse',"
            + "'allow_insecure_http':false,'oauth':{'enabled':true}},'oauth':{'scopes':['read']}}");
  }

  @Test
  void whatAClientSaysOfLoginsIsOursWhereItMeansTheSame() throws IOException {
    imports(
        OtherClient.CLAUDE_CODE,
        ".claude.json",
        "{'url':'https://h/mcp','oauth':{'clientId':'c','callbackPort':8080,'scopes':'a b',"
            + "'authServerMetadataUrl':'https://a/m','other':1}}",
        "{'url':'https://h/mcp','oauth':{'clientId':'c','callbackPort':8080,'scopes':'a b',"
            + "'authServerMetadataUrl':'https://a/m'},'x-claude-code':{'oauth':{'other':1}}}");
    imports(
        OtherClient.GEMINI,
        ".gemini/settings.json",
        "{'httpUrl':'https://h/mcp','oauth':{'enabled':true,'clientId':'$ID','clientSecret':'$S',"
            + "'scopes':['a'],'authorizationUrl':'https://a/x'}}",
        "{'type':'http','url':'https://h/mcp','oauth':{'clientId':'${ID}','clientSecret':'${S}',"
            + "'scopes':['a']},'x-gemini':{'oauth':{'enabled':true,"
            + "'authorizationUrl':'https://a/x'}}}");
    for (String ofNoUse :
        List.of("'oauth':{'enabled':false,'clientId':'c'}", "'oauth':true", "'auth':'oauth'")) {
      imports(
          OtherClient.GEMINI,
          ".gemini/settings.json",
          "{'httpUrl':'https://h/mcp'," + ofNoUse + "}",
          "{'type':'http','url':'https://h/mcp','x-gemini':{" + ofNoUse + "}}");
    }
    imports(
        OtherClient.CURSOR,
        ".cursor/mcp.json",
        "{'url':'https://h/mcp','auth':{'CLIENT_ID':'','scopes':[1],'CLIENT_SECRET':'${env:S}'}}",
        "{'url':'https://h/mcp','oauth':{'clientSecret':'${env:S}'},"
            + "'x-cursor':{'auth':{'CLIENT_ID':'','scopes':[1]}}}");
    imports(
        OtherClient.CURSOR,
        ".cursor/mcp.json",
        "{'command':'x','auth':{'CLIENT_ID':'c'}}",
        "{'command':'x','x-cursor':{'oauth':{'clientId':'c'}}}");
  }

  private void imports(OtherClient client, String place, String theirs, String ours)
      throws IOException {
    ImportedServer server = written(client, place, "'s':" + theirs).getFirst();
    assertThat(server.entry()).isEqualTo(JsonMapper.shared().readTree(ours.replace('\'', '"')));
  }

  private List<ImportedServer> written(OtherClient client, String place, String servers)
      throws IOException {
    Path file = home.resolve(place);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, "{\"mcpServers\": {" + servers.replace('\'', '"') + "}}");
    return files.servers(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "CURSOR|'url':'https://h/mcp','env':{'A':'b'},'args':['x'],'cwd':'/c','envFile':'/e'"
            + "|'url':'https://h/mcp','x-cursor':{'args':['x'],'cwd':'/c','env':{'A':'b'},"
            + "'envFile':'/e'}"
            + "|args, cwd, env, envFile mean nothing beside an address; they are kept below"
            + " x-cursor",
        "CURSOR|'command':'c','headers':{'A':'b'},'type':'sse','url':'https://h/mcp'"
            + "|'command':'c','x-cursor':{'headers':{'A':'b'},'type':'sse','url':'https://h/mcp'}"
            + "|headers, type, url mean nothing beside a command; they are kept below x-cursor",
        "GEMINI|'httpUrl':'https://h/mcp','url':'https://h/sse'"
            + "|'type':'http','url':'https://h/mcp','x-gemini':{'url':'https://h/sse'}|",
        "GEMINI|'url':'https://h/sse','httpUrl':'https://h/mcp'"
            + "|'type':'http','url':'https://h/mcp','x-gemini':{'url':'https://h/sse'}|",
      })
  void whatDoesNotGoWithTheRestIsKeptAside(
      OtherClient client, String written, String entry, @Nullable String note) throws IOException {
    String place = client == OtherClient.CURSOR ? ".cursor/mcp.json" : ".gemini/settings.json";
    ImportedServer server = written(client, place, "'s': {" + written + "}").getFirst();
    assertThat(server.entry())
        .isEqualTo(JsonMapper.shared().readTree(("{" + entry + "}").replace('\'', '"')));
    assertThat(server.notes()).isEqualTo(note == null ? List.of() : List.of(note));
  }

  @Test
  void twoServersOfOneNameAreTwo() throws IOException {
    List<ImportedServer> servers =
        written(
            OtherClient.CURSOR,
            ".cursor/mcp.json",
            "'a-b': {'command': 'x'}, 'a/b': {'command': 'y'}");
    assertThat(servers).extracting(ImportedServer::name).containsExactly("a-b", "a-b");
    assertThat(servers.getLast().notes())
        .containsExactly("its name is a-b here, as tools are named SERVER/TOOL");
  }

  /** Every value of the client's file stands somewhere in the entry. */
  @ParameterizedTest
  @CsvSource({
    "CLAUDE_DESKTOP,claude-desktop.json,mcpServers",
    "CURSOR,cursor.json,mcpServers",
    "GEMINI,gemini.json,mcpServers",
    "VSCODE,vscode.json,servers"
  })
  void nothingThatAClientSaysIsLost(OtherClient client, String resource, String key)
      throws IOException {
    Path file = home.resolve(resource);
    put(resource, file);
    JsonNode written = ServerJson.read(Files.readString(file)).path(key);
    for (ImportedServer server : files.servers(client, file)) {
      String entry = plain(server.entry().toString());
      for (JsonNode leaf : leaves(written.path(server.name()))) {
        assertThat(entry).as("%s of %s", leaf, server.name()).contains(plain(leaf.asString("")));
      }
    }
  }

  /** Without the ways in which variables are written. */
  private static String plain(String text) {
    return text.replaceAll("\\$+\\{?(input:)?|}", "").replace("-", "_").toLowerCase(Locale.ROOT);
  }

  private static List<JsonNode> leaves(JsonNode value) {
    return value.isContainer()
        ? value.valueStream().flatMap(child -> leaves(child).stream()).toList()
        : List.of(value);
  }

  @Test
  void theWorkspacesFileWinsOverThatOfTheUser() throws IOException {
    put("cursor.json", home.resolve(".cursor/mcp.json"));
    Files.createDirectories(workspace.resolve(".cursor"));
    Files.writeString(
        workspace.resolve(".cursor/mcp.json"), "{\"mcpServers\":{\"local\":{\"command\":\"x\"}}}");
    List<ImportedServer> servers = files.servers(OtherClient.CURSOR);
    assertThat(servers).extracting(ImportedServer::name).containsExactly("local", "remote");
    assertThat(servers).extracting(ImportedServer::shared).containsExactly(true, false);
  }

  @ParameterizedTest
  @EnumSource(OtherClient.class)
  void aFileThatCannotBeReadIsToldWithoutItsText(OtherClient client) throws IOException {
    Path file = files.places(client).getLast();
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, "{ \"token\": planted-secret [\n = planted-secret");
    assertThatThrownBy(() -> files.servers(client))
        .isInstanceOf(ServerFileException.class)
        .hasMessageContaining(file.toString() + ":");
    if (client != OtherClient.GOOSE) {
      assertThatThrownBy(() -> files.servers(client)).hasMessageNotContaining("planted");
    }
  }

  @Test
  void aNameWithASlashIsAnotherOneHere() throws IOException {
    Path file =
        Files.writeString(
            workspace.resolve("m.json"), "{\"mcpServers\":{\"a/b\":{\"url\":\"http://h\"}}}");
    ImportedServer server = files.servers(OtherClient.CURSOR, file).getFirst();
    assertThat(server.name()).isEqualTo("a-b");
    assertThat(server.notes())
        .containsExactly("its name is a-b here, as tools are named SERVER/TOOL");
  }
}
