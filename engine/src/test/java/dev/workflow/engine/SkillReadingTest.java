package dev.workflow.engine;

import static dev.workflow.engine.ConversationWorld.calling;
import static dev.workflow.engine.ConversationWorld.wanted;
import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.definition.SkillFile;
import dev.workflow.engine.Models.Offer;
import dev.workflow.run.ModelReply.WantedCall;
import java.util.List;
import org.junit.jupiter.api.Test;

class SkillReadingTest {
  private static final SkillFile FORMS =
      new SkillFile("references/forms.md", "# Forms\nFill in.\n");
  private static final SkillFile SCRIPT = new SkillFile("scripts/run.py", "print(1)\n");

  private static ConversationWorld world(SkillFile... files) {
    return new ConversationWorld().skill("Follow the forms.", List.of(), files);
  }

  private static WantedCall call(ConversationWorld world, String arguments) {
    return world.reply(calling(wanted("1", "skill_read", arguments))).calls().getFirst();
  }

  private static List<String> offered(ConversationWorld world) {
    return world.request().tools().stream().map(Offer::name).toList();
  }

  @Test
  void theFilesOfASkillAreListedAndReadOnDemand() {
    ConversationWorld world = world(FORMS, SCRIPT);

    assertThat(offered(world)).containsExactly("skill_read");
    assertThat(world.request().system())
        .isEqualTo(
            """
            Follow the forms.

            # Files of the skill
            They belong to your instructions. Read one with skill_read when what you are doing calls for it, and only then.
            - references/forms.md (17 characters)
            - scripts/run.py (9 characters; not run here)""");
    assertThat(call(world, "{'path': './references/forms.md'}"))
        .extracting(WantedCall::answer, WantedCall::problem, WantedCall::server)
        .containsExactly("# Forms\nFill in.\n", null, "");
  }

  @Test
  void aSkillWithoutFilesOffersNothing() {
    assertThat(offered(world())).isEmpty();
    assertThat(call(world(), "{'path': 'x'}").problem())
        .isEqualTo("There is no tool skill_read. You have no tools.");
  }

  @Test
  void whatIsNotInTheSkillCannotBeRead() {
    for (String path : List.of("../../secret.md", "/etc/passwd", "references", "", "forms.md")) {
      WantedCall call = call(world(FORMS), "{'path': '" + path + "'}");
      assertThat(call.answer()).isNull();
      assertThat(call.problem())
          .isEqualTo("The skill has no file `" + path + "`. Known: references/forms.md.");
    }
    assertThat(call(world(FORMS), "{'path': 'references/form.md'}").problem())
        .endsWith("Did you mean `references/forms.md`?");
    assertThat(call(world(FORMS), "{'file': 'x'}").problem())
        .startsWith("The arguments do not fit the input schema of skill_read");
  }

  @Test
  void aLongFileIsReadInPartsThatEndWithALine() {
    String line = "x".repeat(999) + "\n";
    ConversationWorld world = world(new SkillFile("long.md", line.repeat(60)));

    String first = String.valueOf(call(world, "{'path': 'long.md'}").answer());
    String second = String.valueOf(call(world, "{'path': 'long.md', 'offset': 40000}").answer());

    assertThat(first)
        .isEqualTo(
            "[Characters 0 to 40000 of 60000; go on with `offset`: 40000]\n" + line.repeat(40));
    assertThat(second).isEqualTo("[Characters 40000 to 60000 of 60000]\n" + line.repeat(20));
    assertThat(call(world, "{'path': 'long.md', 'offset': 60000}").problem())
        .isEqualTo("The file has 60000 characters; ask for an `offset` below that.");
  }

  @Test
  void partsNeverSplitACharacter() {
    String text = "x" + "\uD83D\uDE00".repeat(30_000);
    ConversationWorld world = world(new SkillFile("long.md", text));

    assertThat(call(world, "{'path': 'long.md'}").answer())
        .isEqualTo(
            "[Characters 0 to 39999 of 60001; go on with `offset`: 39999]\n"
                + text.substring(0, 39_999));
  }

  @Test
  void noServerTakesTheNamesOfTheEngine() {
    ConversationWorld world =
        new ConversationWorld()
            .skill("x", List.of("ask_person"), FORMS)
            .tool("a", "skill_read")
            .tool("a", "ask_person");

    assertThat(offered(world))
        .containsExactly("skill_read", "ask_person", "a_skill_read", "a_ask_person");
  }
}
