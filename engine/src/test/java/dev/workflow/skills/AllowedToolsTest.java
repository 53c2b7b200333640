package dev.workflow.skills;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

class AllowedToolsTest {
  private static AllowedTools read(String text) {
    return read(JsonNodeFactory.instance.stringNode(text));
  }

  private static AllowedTools read(JsonNode field) {
    return AllowedTools.read(field, Vocabulary.shipped());
  }

  @Test
  void eachToolStandsForACapability() {
    AllowedTools tools =
        read("Read Write Edit Grep Glob LS Bash WebSearch WebFetch AskUserQuestion");

    assertThat(tools.capabilities())
        .containsExactly(
            "file_read",
            "file_write",
            "file_edit",
            "file_search",
            "file_list",
            "code_execution",
            "web_search",
            "fetch_url",
            "ask_person");
    assertThat(tools.strange()).isEmpty();
    assertThat(tools.restricted()).isEmpty();
    assertThat(tools.written()).hasSize(10);
    assertThat(read("NotebookRead MultiEdit NotebookEdit PowerShell").capabilities())
        .containsExactly("file_read", "file_edit", "code_execution");
  }

  @Test
  void blanksCommasAndListsMeanTheSame() {
    JsonNode list = JsonMapper.shared().readTree("[\"Read\", \"Grep, Bash\", \" WebFetch \"]");

    assertThat(read("Read,Grep,\n Bash,  WebFetch,")).isEqualTo(read("Read Grep Bash WebFetch"));
    assertThat(read(list)).isEqualTo(read("Read Grep Bash WebFetch"));
    assertThat(AllowedTools.hasOtherForm(list)).isTrue();
    assertThat(AllowedTools.hasOtherForm(JsonNodeFactory.instance.stringNode("A, B"))).isTrue();
    assertThat(AllowedTools.hasOtherForm(JsonNodeFactory.instance.stringNode("A(x, y) B")))
        .isFalse();
  }

  @Test
  void aToolOfAServerIsThatToolAndNoOther() {
    assertThat(
            read("mcp__github__create_issue mcp__a__b__c mcp__serena mcp__linear__*")
                .capabilities())
        .containsExactly("github/create_issue", "a/b__c", "serena/*", "linear/*");
  }

  @Test
  void aRestrictedToolIsNotTakenForTheWholeOne() {
    AllowedTools tools =
        read("Bash(git add:*), Bash(npm (x)), Read(*), Bash(*:*), Write(**) Edit(docs/**)");

    assertThat(tools.restricted())
        .containsExactly("Bash(git add:*)", "Bash(npm (x))", "Edit(docs/**)");
    assertThat(tools.capabilities())
        .containsExactly("file_read", "code_execution", "file_write", "file_edit");
  }

  @Test
  void namesOfOtherClientsAreUnderstoodByTheVocabulary() {
    assertThat(read("read_file web-search fetch_url").capabilities())
        .containsExactly("file_read", "web_search", "fetch_url");
    assertThat(read("Task Skill ( Bash(git").strange())
        .containsExactly("Task", "Skill", "( Bash(git");
  }
}
