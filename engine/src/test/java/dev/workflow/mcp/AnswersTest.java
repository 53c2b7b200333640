package dev.workflow.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.workflow.engine.Tools.Answer;
import dev.workflow.engine.Tools.ToolException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of what a tool gives, nothing is lost. */
class AnswersTest {
  private static final String PICTURE =
      "{'type':'image','data':'AAAA','mimeType':'image/png','annotations':{'priority':1}}";

  private static Answer of(String result) {
    return Answers.of("s", "t", Entries.json(result));
  }

  @Test
  void aPictureBesideAStructuredValueIsKept() {
    Answer answer = of("{'content':[" + PICTURE + "],'structuredContent':{'n':1}}");
    assertThat(answer.value()).isEqualTo(Entries.json("{'n':1}"));
    assertThat(answer.structured()).isTrue();
    assertThat(answer.content()).isEqualTo(Entries.json("[" + PICTURE + "]"));
  }

  @Test
  void aStructuredValueThatIsRepeatedAsTextIsKeptOnce() {
    Answer answer =
        of(
            "{'content':[{'type':'text','text':'{ \\'n\\': 1.5 }'}],'structuredContent':{'n':1.5}}"
                .replace("\\'", "\\\""));
    assertThat(answer.value()).isEqualTo(Entries.json("{'n':1.5}"));
    assertThat(answer.content()).isNull();
  }

  @Test
  void wordsForPeopleBesideAStructuredValueAreKept() {
    Answer answer = of("{'content':[{'type':'text','text':'one'}],'structuredContent':{'n':1}}");
    assertThat(answer.content()).isEqualTo(Entries.json("[{'type':'text','text':'one'}]"));
  }

  @Test
  void noBlocksAreNothingMoreThanTheValue() {
    assertThat(of("{'content':[],'structuredContent':{'n':1}}").content()).isNull();
    assertThat(of("{'content':{'a':1},'structuredContent':{'n':1}}").content()).isNull();
  }

  @Test
  void oneTextIsAllThereIs() {
    Answer answer = of("{'content':[{'type':'text','text':'one'}]}");
    assertThat(answer.value().stringValue()).isEqualTo("one");
    assertThat(answer.content()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{'type':'text','text':'one'},{'type':'text','text':'two'}]",
        "[{'type':'text','text':'one\\ntwo','annotations':{'audience':['user']}}]",
        "[{'type':'resource','resource':{'uri':'x:y','text':'one\\ntwo'}}]"
      })
  void textsAreJoinedAndTheirBlocksKept(String content) {
    Answer answer = of("{'content':" + content + "}");
    assertThat(answer.value().stringValue()).isEqualTo("one\ntwo");
    assertThat(answer.content()).isEqualTo(Entries.json(content));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[" + PICTURE + "]",
        "[{'type':'text','text':'look'}," + PICTURE + "]",
        "[{'type':'audio','data':'AAAA','mimeType':'audio/wav'}]",
        "[{'type':'resource_link','uri':'x:y','name':'y'}]",
        "[{'type':'resource','resource':{'uri':'x:y','blob':'AAAA'}}]"
      })
  void blocksThatAreNoTextAreTheValueItself(String content) {
    Answer answer = of("{'content':" + content + "}");
    assertThat(answer.value()).isEqualTo(Entries.json(content));
    assertThat(answer.content()).isNull();
  }

  @Test
  void theDetailsOfAFailureShowAPictureByItsLength() {
    ToolException e =
        catchThrowableOfType(
            ToolException.class,
            () ->
                of("{'isError':true,'content':[{'type':'text','text':'broken'}," + PICTURE + "]}"));
    assertThat(e.error().details()).hasSize(2).doesNotContain("AAAA");
    assertThat(e.error().details().getLast()).contains("\"bytes\":3").doesNotContain("AAAA");
  }
}
