package dev.workflow.engine;

import static dev.workflow.engine.ConversationWorld.calling;
import static dev.workflow.engine.ConversationWorld.json;
import static dev.workflow.engine.ConversationWorld.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.engine.Models.Message;
import dev.workflow.engine.Models.Offer;
import dev.workflow.run.ModelReply.WantedCall;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolboxTest {
  private static List<String> offered(ConversationWorld world) {
    return world.request().tools().stream().map(Offer::name).toList();
  }

  private static ConversationWorld manyTools() {
    ConversationWorld world = new ConversationWorld();
    for (int i = 0; i < 20; i++) {
      world.tool("files", "file_" + i, "Handles file number " + i + ".", "{'type':'object'}");
    }
    return world
        .tool("travel", "weatherForecast", "Tells the weather of a place.", "{'type':'object'}")
        .tool("travel", "tide_data", "High and low water.", "{'type':'object'}");
  }

  @Test
  void aToolKeepsItsNameAndSchemaWhereItIsUnique() {
    ConversationWorld world =
        new ConversationWorld().tool("travel", "geocode", "Finds.", "{'type':'object','x-a':1}");

    assertThat(world.request().tools())
        .containsExactly(new Offer("geocode", "Finds.", json("{'type':'object','x-a':1}")));
  }

  @Test
  void equalNamesOfTwoServersCarryTheServer() {
    ConversationWorld world =
        new ConversationWorld().tool("a", "read").tool("b", "read").tool("b", "write");

    assertThat(offered(world)).containsExactly("a_read", "b_read", "write");
    assertThat(world.reply(calling(wanted("1", "b_read", "{}"))).calls())
        .extracting(WantedCall::server, WantedCall::tool)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("b", "read"));
  }

  @Test
  void whoMayPlanIsOfferedThePlanToolsFirstAndNoServerTakesTheirNames() {
    ConversationWorld world =
        new ConversationWorld().planTools().tool("a", "read").tool("a", "plan_create");

    assertThat(offered(world))
        .containsExactly(
            "plan_create", "plan_execute", "plan_create_and_execute", "read", "a_plan_create");
    assertThat(offered(new ConversationWorld().tool("a", "plan_create")))
        .containsExactly("plan_create");
    assertThat(world.reply(calling(wanted("1", "a_plan_create", "{}"))).calls())
        .extracting(WantedCall::server, WantedCall::tool)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("a", "plan_create"));
  }

  @Test
  void theModelIsToldHowPlansAreWrittenAndWhatTheyMayUse() {
    String system = new ConversationWorld().planTools().tool("a", "read").request().system();

    assertThat(system)
        .contains("# Plans\nInstead of calling tools one by one you can write a plan")
        .contains("- a/read (read): Does read.")
        .contains("# Agents of the plan\nNone.")
        .doesNotContain("you do not carry it out");
  }

  @Test
  void everyNameIsAllowedUniqueAndMapsBackExactly() {
    String lengthy = "x".repeat(70);
    ConversationWorld world =
        new ConversationWorld()
            .tool("a", "füße lesen")
            .tool("a", "search_tools")
            .tool("a", "b_c")
            .tool("a_b", "c")
            .tool("z", "a_b_c")
            .tool("q", "c")
            .tool("q", "b_c")
            .tool("s", lengthy + "1")
            .tool("s", lengthy + "2");

    List<String> names = offered(world);
    assertThat(names).hasSize(9).doesNotHaveDuplicates().doesNotContain("search_tools");
    assertThat(names).allMatch(name -> name.matches("[a-zA-Z0-9_-]{1,64}"));
    assertThat(
            names.stream()
                .map(name -> world.reply(calling(wanted("1", name, "{}"))).calls().get(0))
                .map(call -> call.server() + "/" + call.tool()))
        .containsExactly(
            "a/füße lesen",
            "a/search_tools",
            "a/b_c",
            "a_b/c",
            "z/a_b_c",
            "q/c",
            "q/b_c",
            "s/" + lengthy + "1",
            "s/" + lengthy + "2");
  }

  @Test
  void aToolMayBeCalledByItsFullName() {
    ConversationWorld world = new ConversationWorld().tool("travel", "geocode");
    assertThat(world.reply(calling(wanted("1", "travel/geocode", "{}"))).calls().get(0).problem())
        .isNull();
  }

  @Test
  void moreThanTwentyToolsAreSearchedAndListedByCategory() {
    ConversationWorld world = manyTools();

    assertThat(offered(world)).containsExactly("search_tools");
    assertThat(world.request().system())
        .endsWith(
            """
            There are 22 tools, too many to show. Find those you need with search_tools; what it \
            finds can be called from your next turn on. The categories:
            - files (20 tools), such as file_0, file_1, file_2, file_3, file_4
            - travel (2 tools), such as weatherForecast, tide_data\
            """);
  }

  @Test
  void whatASearchFoundIsOfferedFromTheNextTurnOn() {
    ConversationWorld world = manyTools();
    WantedCall search =
        world
            .replies(calling(wanted("1", "search_tools", "{'query':'weather forecasts'}")))
            .calls()
            .get(0);

    assertThat(search.problem()).isNull();
    assertThat(search.server()).isEmpty();
    assertThat(json(String.valueOf(search.answer())))
        .isEqualTo(
            json(
                "{'tools':[{'name':'weatherForecast','server':'travel',"
                    + "'description':'Tells the weather of a place.'}]}"));
    assertThat(offered(world)).containsExactly("search_tools", "weatherForecast");
    Message.ToolOutput told = (Message.ToolOutput) world.request().messages().get(2);
    assertThat(told.text()).isEqualTo(search.answer());
  }

  @Test
  void aSearchMayBeNarrowedToACategory() {
    ConversationWorld world = manyTools().tool("disk", "file_copy");
    String answer =
        String.valueOf(
            world
                .reply(calling(wanted("1", "search_tools", "{'query':'file','server':'disk'}")))
                .calls()
                .get(0)
                .answer());
    assertThat(ToolSearch.namesIn(answer)).containsExactly("file_copy");
  }

  @Test
  void aSearchThatFindsTooMuchOrNothingSaysSo() {
    ConversationWorld world = manyTools();
    String much =
        String.valueOf(
            world
                .reply(calling(wanted("1", "search_tools", "{'query':'file'}")))
                .calls()
                .get(0)
                .answer());
    String nothing =
        String.valueOf(
            world
                .reply(calling(wanted("1", "search_tools", "{'query':'stock exchange'}")))
                .calls()
                .get(0)
                .answer());

    assertThat(ToolSearch.namesIn(much)).hasSize(10);
    assertThat(json(much).path("note").stringValue())
        .isEqualTo("10 more match; search more narrowly.");
    assertThat(json(nothing))
        .isEqualTo(
            json(
                "{'tools':[],'note':'No tool matches. Try other words; these categories exist:',"
                    + "'categories':['files (20 tools), such as file_0, file_1, file_2, file_3,"
                    + " file_4','travel (2 tools), such as weatherForecast, tide_data']}"));
  }

  @Test
  void aSearchWithoutWordsIsAProblem() {
    WantedCall call = manyTools().reply(calling(wanted("1", "search_tools", "{}"))).calls().get(0);

    assertThat(call.answer()).isNull();
    assertThat(call.problem()).contains("property \"query\" is missing");
  }

  @Test
  void theNewestFindsAreKeptWhenMoreWereFoundThanMayBeOffered() {
    ConversationWorld world = manyTools();
    for (int i = 0; i < 20; i++) {
      world.replies(calling(wanted("f" + i, "file_" + i, "{}")));
    }
    world.replies(calling(wanted("w", "weatherForecast", "{}")));

    assertThat(offered(world))
        .hasSize(21)
        .startsWith("search_tools", "file_1")
        .endsWith("file_19", "weatherForecast")
        .doesNotContain("file_0");
  }
}
