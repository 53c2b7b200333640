package dev.workflow.travel.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

class McpSessionTest {
  private static final JsonMapper JSON = new JsonMapper();

  private final McpSession session =
      new McpSession(new ServerCard("test", "Test", "1", "Try it."), new Echo());

  /** A box with one tool that gives its arguments back, and one that has a defect. */
  private static final class Echo implements ToolBox {
    @Override
    public JsonNode definitions() {
      return JSON.readTree("[{'name':'echo','inputSchema':{'type':'object'}}]".replace('\'', '"'));
    }

    @Override
    public Optional<ToolAnswer> call(String name, ObjectNode arguments) {
      return switch (name) {
        case "echo" -> Optional.of(new ToolAnswer.Result(arguments, "echoed"));
        case "refuse" -> Optional.of(new ToolAnswer.Failure("no"));
        case "broken" -> throw new IllegalStateException("snapped");
        default -> Optional.empty();
      };
    }

    @Override
    public String names() {
      return "echo, refuse, broken";
    }
  }

  @ParameterizedTest
  @CsvSource({
    "2025-11-25, 2025-11-25",
    "2025-06-18, 2025-06-18",
    "2025-03-26, 2025-03-26",
    "2024-11-05, 2024-11-05",
    "2099-01-01, 2025-11-25",
    "'', 2025-11-25"
  })
  void theVersionAskedForIsSpokenOrElseTheNewest(String asked, String spoken) {
    assertThat(
            answer(
                    "{'jsonrpc':'2.0','id':1,'method':'initialize','params':{'protocolVersion':'%s'}}"
                        .formatted(asked))
                .at("/result/protocolVersion")
                .asString())
        .isEqualTo(spoken);
  }

  @Test
  void initializeTellsWhoAnswersAndWhatItCan() {
    says(
        "{'jsonrpc':'2.0','id':'a','method':'initialize','params':{'protocolVersion':'2025-11-25'}}",
        "{'jsonrpc':'2.0','id':'a','result':{'protocolVersion':'2025-11-25',"
            + "'capabilities':{'tools':{'listChanged':false}},"
            + "'serverInfo':{'name':'test','title':'Test','version':'1'},'instructions':'Try it.'}}");
  }

  @Test
  void toolsAreListedOnOnePage() {
    says(
        "{'jsonrpc':'2.0','id':1,'method':'tools/list'}",
        "{'jsonrpc':'2.0','id':1,'result':{'tools':[{'name':'echo','inputSchema':{'type':'object'}}]}}");
    error("{'jsonrpc':'2.0','id':1,'method':'tools/list','params':{'cursor':'x'}}", -32602);
  }

  @Test
  void aResultIsTextAndStructure() {
    says(
        "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'echo','arguments':{'a':1}}}",
        "{'jsonrpc':'2.0','id':1,'result':{'content':[{'type':'text','text':'echoed'}],"
            + "'structuredContent':{'a':1},'isError':false}}");
  }

  @Test
  void whatTheToolRefusesIsAnErrorResult() {
    says(
        "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'refuse'}}",
        "{'jsonrpc':'2.0','id':1,'result':{'content':[{'type':'text','text':'no'}],'isError':true}}");
  }

  @Test
  void pingIsAnswered() {
    says("{'jsonrpc':'2.0','id':7,'method':'ping'}", "{'jsonrpc':'2.0','id':7,'result':{}}");
    says(
        "{'jsonrpc':'2.0','id':7,'method':'ping','params':null}",
        "{'jsonrpc':'2.0','id':7,'result':{}}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'jsonrpc':'2.0','method':'notifications/initialized'}",
        "{'jsonrpc':'2.0','method':'notifications/cancelled','params':{'requestId':3}}",
        "{'jsonrpc':'2.0','method':'notifications/never-heard-of','params':[1]}",
        "{'jsonrpc':'2.0','id':1,'result':{}}",
        "{'jsonrpc':'2.0','id':1,'error':{'code':1,'message':'x'}}"
      })
  void notificationsAndResponsesGetNoAnswer(String message) {
    assertThat(session.answer(bytes(message))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'jsonrpc':'2.0',          | -32700",
        "{} trailing                | -32700",
        "nonsense                   | -32700",
        "42                         | -32600",
        "[]                         | -32600",
        "[{'jsonrpc':'2.0','id':1,'method':'ping'}] | -32600",
        "{}                         | -32600",
        "{'jsonrpc':'1.0','id':1,'method':'ping'} | -32600",
        "{'jsonrpc':'2.0','id':1,'method':5} | -32600",
        "{'jsonrpc':'2.0','id':null,'method':'ping'} | -32600",
        "{'jsonrpc':'2.0','id':{},'method':'ping'} | -32600",
        "{'jsonrpc':'2.0','id':1,'method':'resources/list'} | -32601",
        "{'jsonrpc':'2.0','id':1,'method':'ping','params':[]} | -32602",
        "{'jsonrpc':'2.0','id':1,'method':'initialize'} | -32602",
        "{'jsonrpc':'2.0','id':1,'method':'tools/call'} | -32602",
        "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'nope'}} | -32602",
        "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'echo','arguments':[]}} | -32602",
        "{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'broken'}} | -32603"
      })
  void wrongMessagesGetTheErrorOfTheirKind(String message, int code) {
    error(message, code);
  }

  @Test
  void bytesThatAreNoUtf8AreAParseError() {
    byte[] message = {'{', '"', (byte) 0xc3, (byte) 0x28, '"', '}'};
    assertThat(new String(session.answer(message).orElseThrow(), StandardCharsets.UTF_8))
        .contains("-32700");
  }

  @Test
  void deepNestingIsAnErrorAndNotTheEnd() {
    error("[".repeat(20_000), -32700);
    assertThat(answer("{'jsonrpc':'2.0','id':1,'method':'ping'}").has("result")).isTrue();
  }

  @Test
  void anUnknownToolIsNamedWithTheKnownOnes() {
    assertThat(
            answer("{'jsonrpc':'2.0','id':1,'method':'tools/call','params':{'name':'nope'}}")
                .at("/error/message")
                .asString())
        .isEqualTo("unknown tool \"nope\": this server has echo, refuse, broken");
  }

  @Test
  void inTheVersionWithBatchesAnArrayIsAnsweredByAnArray() {
    answer(
        "{'jsonrpc':'2.0','id':0,'method':'initialize','params':{'protocolVersion':'2025-03-26'}}");
    says(
        "[{'jsonrpc':'2.0','id':1,'method':'ping'},{'jsonrpc':'2.0','method':'notifications/x'},"
            + "{'jsonrpc':'2.0','id':2,'method':'ping'}]",
        "[{'jsonrpc':'2.0','id':1,'result':{}},{'jsonrpc':'2.0','id':2,'result':{}}]");
    assertThat(session.answer(bytes("[{'jsonrpc':'2.0','method':'notifications/x'}]"))).isEmpty();
    error("[]", -32600);
  }

  private void error(String message, int code) {
    JsonNode answer = answer(message);
    assertThat(answer.at("/error/code").asInt()).as(answer.toString()).isEqualTo(code);
    assertThat(answer.at("/error/message").asString()).isNotBlank();
    assertThat(answer.has("id")).isTrue();
  }

  private void says(String message, String expected) {
    assertThat(answer(message)).isEqualTo(JSON.readTree(expected.replace('\'', '"')));
  }

  private JsonNode answer(String message) {
    return session
        .answer(bytes(message))
        .<JsonNode>map(JSON::readTree)
        .orElseGet(JsonNodeFactory.instance::missingNode);
  }

  private static byte[] bytes(String message) {
    return message.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
  }
}
