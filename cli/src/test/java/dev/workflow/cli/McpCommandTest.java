package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class McpCommandTest {
  private final Path folder;
  private final McpWorld world;

  McpCommandTest(@TempDir Path folder) {
    this.folder = folder;
    this.world = new McpWorld(folder);
  }

  private static JsonNode json(String text) {
    return JsonMapper.shared().readTree(text.replace('\'', '"'));
  }

  private JsonNode entry(String name) {
    return world.mcp("get", name, "--json").json().path("entry");
  }

  @Test
  void everyFieldThatIsAddedIsShownAgain() {
    Result added =
        world.mcp(
            "add",
            "files",
            "-t",
            "stdio",
            "-e",
            "MODE=fast",
            "--env",
            "LEVEL=3",
            "--env-ref",
            "TOKEN=FILES_TOKEN",
            "--cwd",
            "sub",
            "--timeout",
            "30s",
            "--startup-timeout",
            "5000",
            "--include-tools",
            "read, list",
            "--include-tools=peek",
            "--exclude-tools",
            "rm",
            "--sampling",
            "--required",
            "--disabled",
            "--description",
            "The files",
            "npx",
            "-y",
            "--json",
            "pkg",
            "-e",
            "A=B");

    assertThat(added.code()).as("%s", added).isZero();
    assertThat(entry("files"))
        .isEqualTo(
            json(
                "{'command':'npx','args':['-y','--json','pkg','-e','A=B'],'type':'stdio',"
                    + "'env':{'MODE':'fast','LEVEL':'3','TOKEN':'${FILES_TOKEN}'},'cwd':'sub',"
                    + "'timeout':'30s','startupTimeout':5000,'includeTools':['read','list','peek'],"
                    + "'excludeTools':['rm'],'sampling':true,'required':true,"
                    + "'enabled':false,'description':'The files'}"));
    world.mcp(
        "add",
        "web",
        "https://h.example/mcp",
        "-t",
        "sse",
        "-H",
        "X-Mode: slow",
        "--header",
        "Authorization: Bearer ${WEB_TOKEN}");
    assertThat(entry("web"))
        .isEqualTo(
            json(
                "{'type':'sse','url':'https://h.example/mcp','headers':{'X-Mode':'slow',"
                    + "'Authorization':'Bearer ${WEB_TOKEN}'}}"));
    world.mcp("add", "near", "--allow-private-network", "https://h.example/mcp");
    assertThat(entry("near"))
        .isEqualTo(
            json("{'type':'http','url':'https://h.example/mcp','allowPrivateNetwork':true}"));
    assertThat(world.mcp("get", "near").out())
        .contains("  risk: it may be, and may lead, in private networks and on this machine\n");
    assertThat(world.mcp("list").out()).contains("https://h.example/mcp (and private networks)");
    String every =
        "{'builtin':'travel','trusted':true,'effects':{'a':'read'},'labels':{'a':['private']},"
            + "'x-own':{'b':[1]},'envFile':'.env','sampling':{'model':'m','maxTokens':9}}";
    world.mcp("add-json", "json", every.replace('\'', '"'));
    assertThat(entry("json")).isEqualTo(json(every));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "add a -- npx -y p|npx -y p",
        "add a npx -y p|npx -y p",
        "add a -e K=1 npx -e K=2|npx -e K=2",
        "add --env K=1 a -- npx -- p|npx -- p",
        "add a npx -- p|npx -- p",
        "add -t stdio a --timeout 9s npx|npx",
      })
  void whatStandsBehindTheCommandBelongsToIt(String line, String command) {
    assertThat(world.mcp(line.split(" ", -1)).code()).isZero();
    JsonNode entry = entry("a");
    StringBuilder words = new StringBuilder(entry.path("command").asString());
    entry.path("args").forEach(arg -> words.append(' ').append(arg.asString()));
    assertThat(words.toString()).isEqualTo(command);
  }

  @Test
  void aServerGoesToTheUserUntilTheWorkspaceSharesSome() {
    assertThat(world.mcp("add", "one", "x"))
        .isEqualTo(
            new Result(
                0,
                "",
                """
                Added server one: FOLDER/home/mcp.json (scope user).
                This counts from now on; a run under way goes over at its next call of the server, unless it is locked.
                """));
    assertThat(world.mcp("add", "-s", "project", "two", "x").code()).isZero();
    assertThat(world.mcp("add", "three", "y").err())
        .isEqualTo(
            """
            Added server three: FOLDER/project/.mcp.json (scope project).
            This counts from now on; a run under way goes over at its next call of the server, unless it is locked.
            It starts only after your approval:
              workflow mcp trust three
            """);
    assertThat(world.mcp("list").out())
        .isEqualTo(
            """
            SERVER  FROM       STATE         REACHED BY
            two     workspace  not approved  x
            three   workspace  not approved  y
            one     user       ready         x
            """);
    assertThat(PosixFilePermissions.toString(permissions(world.home.resolve("mcp.json"))))
        .isEqualTo("rw-------");
  }

  private static Set<PosixFilePermission> permissions(Path file) {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void aCollisionSaysWhichSourceIsInForce() {
    world.mcp("add", "-s", "user", "a", "mine");
    Result both = world.mcp("add", "-s", "project", "a", "theirs");
    assertThat(both.err())
        .contains(
            "The server a of FOLDER/project/.mcp.json is in force; that of FOLDER/home/mcp.json is"
                + " hidden by it.");

    assertThat(world.mcp("list", "--show-origin").out())
        .isEqualTo(
            """
            SERVER  FROM       STATE         REACHED BY
            a       workspace  not approved  theirs
                from FOLDER/project/.mcp.json:3 (workspace)
                hides that of FOLDER/home/mcp.json:3 (user)
            """);
    assertThat(world.mcp("get", "a", "--json").json().path("hides").toString())
        .contains("\"layer\":\"user\"");
    String more = world.commands.file("more.json", "{\"mcpServers\":{\"a\":{\"command\":\"z\"}}}");
    assertThat(world.mcp("get", "a", "--mcp-config", more).out())
        .isEqualTo(
            """
            a  ready
              command: z
              from: FOLDER/more.json
              hides: FOLDER/project/.mcp.json
              hides: FOLDER/home/mcp.json
            """);

    Result unclear = world.mcp("disable", "a");
    assertThat(unclear.code()).isEqualTo(2);
    assertThat(unclear.err()).contains("say --scope user or --scope project");
    assertThat(world.mcp("remove", "a", "-s", "project").code()).isZero();
    assertThat(world.mcp("get", "a").out()).contains("command: mine");
  }

  @Test
  void whatIsSwitchedOffStaysListedAndIsNeverStarted() {
    world.mcp("add", "a", "sh", "server.sh");
    world.mcp("disable", "a");
    assertThat(world.mcp("list").out()).contains("a       user  switched off");
    Result tested = world.mcp("test", "a");
    assertThat(tested.code()).isEqualTo(4);
    assertThat(tested.out()).contains("server 'a' is switched off in FOLDER/home/mcp.json");
    assertThat(world.mcp("doctor").out()).isEqualTo("○ a  switched off\n");
    assertThat(world.mcp("enable", "a").code()).isZero();
    assertThat(world.mcp("enable", "a").err()).contains("nothing was written");
    assertThat(world.mcp("test", "a").code()).isZero();
  }

  @Test
  void aFieldIsChangedAndTheOthersStay() {
    world.commands.file(
        "home/mcp.json",
        "{\"mcpServers\": {\"a\": {\"command\": \"x\",   \"zz\": 1, \"timeout\": 5}}} // mine\n");
    assertThat(world.mcp("edit", "a", "--timeout", "9s", "--env", "M=on").code()).isZero();
    assertThat(world.own())
        .isEqualTo(
            "{\"mcpServers\": {\"a\": {\"command\": \"x\",   \"zz\": 1, \"timeout\": \"9s\","
                + " \"env\": {\"M\": \"on\"}}}} // mine\n");
    world.mcp("edit", "a", "--unset", "timeout", "--unset", "env.M", "--", "y", "-v");
    assertThat(entry("a")).isEqualTo(json("{'zz':1,'command':'y','args':['-v']}"));
    assertThat(world.mcp("edit", "a", "--unset", "gone").code()).isEqualTo(2);
    Result wrong = world.mcp("edit", "a", "--timeout", "soon");
    assertThat(wrong.code()).isEqualTo(3);
    assertThat(wrong.err()).contains("expected milliseconds or a duration such as 20s");
  }

  @Test
  void anEditorChangesTheEntryOnceItIsSound() {
    world.mcp("add", "a", "x");
    String first = world.commands.file("bad.sh", "echo '{\"comand\": \"y\"}' > \"$1\"\n");
    String second =
        world.commands.file(
            "ed.sh",
            "test -e again && echo '{\"command\": \"y\"}' > \"$1\" || sh bad.sh \"$1\"; touch again\n"
                .replace("again", folder.resolve("again").toString())
                .replace("bad.sh", first));
    world.commands.with("EDITOR", "sh " + second);
    assertThat(world.mcp("edit", "a").err()).contains("There is no terminal for an editor");

    world.commands.typing("y");
    Result edited = world.mcp("edit", "a");

    assertThat(edited.code()).as("%s", edited).isZero();
    assertThat(edited.err())
        .contains("Did you mean `command`?", "Edit it again?", "Changed server a");
    assertThat(entry("a")).isEqualTo(json("{'command':'y'}"));

    String twice = world.commands.file("twice.sh", "echo '{\"url\": \"\", \"url\": \"\"}' > $1\n");
    world.commands.with("EDITOR", "sh " + twice).typing("n");
    assertThat(world.mcp("edit", "a").err()).contains("✗ The entry is no JSON object: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "add a|2|Expected a command or a URL behind a",
        "add a/b x|3|a server name is text without '/'",
        "add-json a {\"command\":\"x\",\"command\":\"y\"}|2|Expected a JSON object such as"
            + " {\"command\": \"npx\"}, each key once, found another text.",
        "add a x -t http|0|",
        "add -t http a x|3|expected stdio with a command, found http",
        "add -H X:y a x|3|headers does not go with command",
        "add -e K a x|2|--env: expected K=V",
        "add --env-ref K=a-b a x|2|--env-ref: expected K=VARIABLE",
        "add a https://h/mcp more|2|Nothing stands behind an address, found more.",
        "add-json a npx|2|Expected a JSON object",
        "add-json a {}|3|needs exactly one of command, url and builtin, found none",
        "get a|2|There is no server a. There are none.",
        "remove a|2|There is no server a in a file that can be changed. There are none.",
      })
  void whatIsWrongIsSaid(String line, int code, String said) {
    Result result = world.mcp(line.split(" ", -1));
    assertThat(result.code()).as("%s", result).isEqualTo(code);
    assertThat(result.err()).contains(said == null ? "" : said);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aServerOfThatNameIsNotReplaced() {
    world.mcp("add", "a", "x");
    Result again = world.mcp("add", "a", "y");
    assertThat(again.code()).isEqualTo(2);
    assertThat(again.err())
        .contains("Server a is in FOLDER/home/mcp.json already; workflow mcp edit a changes it.");
    assertThat(world.mcp("add", "b", "y", "--json").code()).isZero();
    Result scripted = world.mcp("remove", "b", "--json");
    assertThat(scripted.json())
        .isEqualTo(
            json(
                "{'server':'b','did':'removed','scope':'user','file':'FOLDER/home/mcp.json','written':true}"));
    assertThat(world.mcp("remove", "b", "--json").json().path("errors").size()).isEqualTo(1);
  }

  @Test
  void aTestTellsProtocolVersionToolsAndTimes() {
    world.mcp("add", "a", "-e", "API_KEY=planted-4711-secret", "sh", "server.sh");
    Result tested = world.mcp("test", "a");
    assertThat(tested.code()).as("%s", tested).isZero();
    assertThat(tested.out().replaceAll("[0-9]+ ms", "T ms"))
        .isEqualTo(
            """
            ● a  1 tool, answered after T ms, listed in T ms
              server: little 1.2
              protocol: MCP 2025-06-18
              offers: tools
              a/peek  read  Looks with [secret].
                annotations: {"readOnlyHint":true}
                output: {"type":"object"}
            """);
    JsonNode json = world.mcp("test", "a", "--json").json();
    assertThat(json.at("/tools/0/outputSchema/type").asString()).isEqualTo("object");
    assertThat(json.path("startup_ms").isNumber()).isTrue();
    assertThat(world.mcp("doctor").out().replaceAll("[0-9]+ ms", "T ms"))
        .isEqualTo("● a  1 tool, answered after T ms, listed in T ms\n");
  }

  @Test
  void aFailureTellsHowItEndedAndWhatWasSaidLast() {
    world.commands.file(
        "project/bad.sh", "echo hello there; echo \"no key: $API_KEY\" >&2; exit 3\n");
    world.mcp("add", "bad", "-e", "API_KEY=planted-4711-secret", "sh", "bad.sh");
    world.mcp("add", "good", "sh", "server.sh");
    Result tested = world.mcp("test", "bad");
    assertThat(tested.code()).isEqualTo(4);
    assertThat(tested.out())
        .contains(
            "✗ bad  server 'bad' ended with exit code 3 before it answered initialize",
            "    stderr: no key: [secret]",
            "    stdout, not MCP: hello there");
    Result all = world.mcp("doctor", "--json");
    assertThat(all.code()).isEqualTo(4);
    assertThat(all.json().at("/servers/0/state").asString()).isEqualTo("failed");
    assertThat(all.json().at("/servers/1/state").asString()).isEqualTo("ready");
    assertThat(all.json().at("/servers/0/last_failure/error").asString())
        .isEqualTo("server 'bad' ended with exit code 3 before it answered initialize");
    assertThat(all.json().at("/servers/1").has("last_failure")).isFalse();
    assertThat(all.out()).doesNotContain("planted-4711");

    world.mcp("disable", "bad");
    assertThat(world.mcp("doctor").out().replaceAll("[0-9]+ (ms|s ago)", "T $1"))
        .isEqualTo(
            """
            ○ bad  switched off
                last failure, T s ago: server 'bad' ended with exit code 3 before it answered initialize
                  stderr: no key: [secret]
                  stdout, not MCP: hello there
            ● good  1 tool, answered after T ms, listed in T ms
            """);
  }

  @Test
  void whatFailedLastIsToldWhereNothingIsStarted() {
    world.mcp("add", "bad", "--cwd", "/", "sh", "-c", "echo why >&2; exit 3");
    world.mcp("add", "good", "--cwd", "/", "sh", "--", "no-such-script");
    assertThat(world.commands.run("doctor").out())
        .contains("● MCP server bad: ready\n● MCP server good: ready\n");
    assertThat(world.mcp("test", "bad").code()).isEqualTo(4);
    assertThat(world.commands.run("doctor").out().replaceAll("[0-9]+ s ago", "T s ago"))
        .contains(
            """
            ○ MCP server bad: ready
            ○   last failure, T s ago: server 'bad' ended with exit code 3 before it answered initialize
            ○     stderr: why
            ● MCP server good: ready
            """);
  }

  @Test
  void noCommandShowsASecret() {
    world.commands.with("OUTSIDE", "expanded-4712-secret");
    world.mcp(
        "add-json",
        "a",
        """
        {"command": "sh", "args": ["server.sh", "--api-key", "planted-4713-arg", "--token=planted-4714-arg",
          "--header", "Authorization: Bearer planted-4715-arg", "--url", "https://me:planted-4716@h/?key=planted-4717"],
         "env": {"API_KEY": "${OUTSIDE}", "PASSWORD": "planted-4718", "DSN": "${UNSET:-planted-4719}"},
         "x-other": {"oauth": {"clientSecret": "planted-4720"}, "list": [{"token": "planted-4721"}]}}
        """);
    for (String[] words :
        new String[][] {
          {"list"},
          {"list", "--verbose", "--show-origin"},
          {"list", "--json"},
          {"get", "a"},
          {"get", "a", "--json"},
          {"test", "a"},
          {"test", "a", "--json"},
          {"doctor"},
          {"doctor", "--json"},
          {"edit", "a", "--timeout", "9s"},
          {"edit", "a", "--timeout", "never"},
          {"add", "a", "x"},
          {"disable", "a"},
          {"enable", "a", "--json"},
          {"trust", "a"},
          {"remove", "a", "--json"}
        }) {
      Result result = world.mcp(words);
      assertThat(result.out() + result.err())
          .as("%s", (Object) words)
          .doesNotContainPattern("(planted|expanded)-47");
    }
  }
}
