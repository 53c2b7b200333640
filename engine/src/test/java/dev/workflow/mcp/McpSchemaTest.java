package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.workflow.definition.Problem;
import dev.workflow.mcp.ServerOrigin.Layer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The published schema and the reader accept and refuse the same. */
class McpSchemaTest {
  private static final JsonNode SCHEMA = schema();
  private static final Schema VALIDATOR =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12).getSchema(SCHEMA);

  private static JsonNode schema() {
    try (InputStream in =
        McpSchemaTest.class.getResourceAsStream("/dev/workflow/schema/mcp.schema.json")) {
      return JsonMapper.shared().readTree(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static boolean schemaAccepts(JsonNode file) {
    return VALIDATOR.validate(file).isEmpty();
  }

  private static boolean readerAccepts(JsonNode file) {
    var tree = JsonFile.parse("mcp.json", file.toString());
    List<Problem> problems = new ArrayList<>();
    Path folder = Path.of("/workspace");
    new ServerReader(
            tree.source(), new ServerOrigin(Layer.USER, "mcp.json", folder, folder), problems)
        .read(Objects.requireNonNull(tree.value()).path("mcpServers"), "/mcpServers");
    return problems.stream().noneMatch(p -> p.severity() == Problem.Severity.ERROR);
  }

  @Test
  void everyFieldOfTheReaderIsDescribed() {
    JsonNode properties = SCHEMA.at("/$defs/server/properties");
    assertThat(properties.propertyNames())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(ServerReader.KEYS.stream(), Stream.of("disabled")).toList());
    properties.forEach(property -> assertThat(property.has("description")).isTrue());
  }

  @Test
  void theExamplesAreAcceptedByBoth() {
    assertThat(SCHEMA.path("examples")).isNotEmpty();
    SCHEMA
        .path("examples")
        .forEach(
            example -> {
              assertThat(schemaAccepts(example)).isTrue();
              assertThat(readerAccepts(example)).isTrue();
            });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'command':'x'}",
        "{'type':'stdio','command':'x','args':[],'env':{'A':'b'},'cwd':'.'}",
        "{'url':'http://h/mcp','type':'streamable-http','headers':{'A':'b'}}",
        "{'url':'http://h/mcp','type':'sse'}",
        "{'url':'http://h/mcp','allowPrivateNetwork':true,'env':{'HTTPS_PROXY':'x','no_proxy':'y'}}",
        "{'httpUrl':'http://h/mcp','headers':{'A':'b'}}",
        "{'url':'http://h/mcp','transport':'sse'}",
        "{'command':'x','transport':'stdio','envFile':'.env','x-own':{'a':1}}",
        "{'builtin':'travel','env':{'A':'b'}}",
        "{'command':'x','disabled':true,'alwaysAllow':['y']}",
        "{'command':'x','timeout':5,'startupTimeout':'2m'}",
        "{'command':'x','effects':{'t':'idempotent'}}",
        "{'command':'x','labels':{'t':['private','external'],'u':[]}}"
      })
  void bothAcceptWhatIsRight(String entry) {
    JsonNode file = Entries.json("{'mcpServers':{'s':" + entry + "}}");
    assertThat(schemaAccepts(file)).as("schema").isTrue();
    assertThat(readerAccepts(file)).as("reader").isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "'npx x'",
        "{'command':'x','url':'http://h'}",
        "{'command':''}",
        "{'command':'x','args':'-y'}",
        "{'command':'x','args':[1]}",
        "{'command':'x','env':{'A':1}}",
        "{'command':'x','headers':{}}",
        "{'command':'x','type':'http'}",
        "{'url':'http://h','env':{'A':'b'}}",
        "{'url':'http://h','httpUrl':'http://h'}",
        "{'httpUrl':'http://h','cwd':'.'}",
        "{'url':'http://h','envFile':'.env'}",
        "{'command':'x','allowPrivateNetwork':true}",
        "{'command':'x','transport':'sse'}",
        "{'url':'http://h','type':'stdio'}",
        "{'builtin':'other'}",
        "{'builtin':'travel','headers':{}}",
        "{'command':'x','timeout':0}",
        "{'command':'x','timeout':'soon'}",
        "{'command':'x','enabled':'yes'}",
        "{'command':'x','effects':{'t':'harmless'}}",
        "{'command':'x','labels':{'t':['secret']}}",
        "{'command':'x','labels':{'t':'private'}}",
        "{'command':'x','labels':['private']}",
        "{'command':'x','includeTools':'a'}"
      })
  void bothRefuseWhatIsWrong(String entry) {
    JsonNode file = Entries.json("{'mcpServers':{'s':" + entry + "}}");
    assertThat(schemaAccepts(file)).as("schema").isFalse();
    assertThat(readerAccepts(file)).as("reader").isFalse();
  }
}
