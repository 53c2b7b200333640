package dev.workflow.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.workflow.cli.CommandWorld.Result;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people see of steps that hold steps, and of steps that repeat. */
class NestingTest {
  private static final String TRIP =
      """
      name: trip
      inputs: {days: [string]}
      steps:
        weather: {set: fine}
        plan:
          each: day in days
          concurrency: 1
          steps:
            walk: {set: "${day}: ${weather}"}
            rest: {wait: 1ms, needs: [walk]}
            note: {set: "${walk}", needs: [rest]}
          outputs: {note: "${note}"}
        hotel:
          needs: [plan]
          steps:
            rooms: {each: day in days, set: "a room on ${day}"}
            bill:
              steps: {sum: {set: "${size(rooms)}"}}
              outputs: {sum: "${sum}"}
          outputs: {rooms: "${bill.sum}"}
        luck:
          needs: [hotel]
          on_error: continue
          steps:
            coin: {fail: The coin is lost.}
            after: {set: "${coin}"}
        all: {set: "${hotel.rooms} rooms, ${steps.luck.error.message}"}
      outputs: {all: "${all}", notes: "${plan.map(p, p.note)}"}
      """;

  private static final String DAYS = "days=[\"mon\",\"tue\"]";

  private static final String ASKING =
      """
      name: asking
      steps:
        days:
          each: day in ['mon=1', 'tue 2']
          key: day
          steps:
            approve: {ask: "Go on {day}?"}
            said: {set: "${approve.decision}"}
          outputs: {said: "${said}"}
      outputs: {days: "${days}"}
      """;

  @TempDir private Path folder;
  private CommandWorld world = new CommandWorld(Path.of(""));

  @BeforeEach
  void anEmptyHome() {
    world = new CommandWorld(folder);
  }

  private Result run(String workflow, String... options) {
    List<String> command = new ArrayList<>(List.of("run", world.file("w.yaml", workflow)));
    command.addAll(List.of("--run-id", "one"));
    command.addAll(List.of(options));
    return world.run(command.toArray(String[]::new));
  }

  /** The steps of a report, one a line; what {@code wait} gives is a time. */
  private static String steps(Result result) {
    return result.json().get("steps").properties().stream()
        .map(step -> step.getKey() + " " + step.getValue() + "\n")
        .collect(Collectors.joining())
        .replaceAll("\"[0-9-]{10}T[0-9:.]+Z\"", "\"TIME\"");
  }

  @Test
  void ofWhatIsInsideOnlyWhatTookTimeIsTold() {
    Result result = run(TRIP, "--input", DAYS);

    assertThat(result.err())
        .isEqualTo(
            """
            Run one of trip
            ● weather
            ◉ plan  2 elements
            ◉ plan[0]/rest  waits T s
            ● plan[0]/rest  T s
            ● plan[0]  T s
            ◉ plan[1]/rest  waits T s
            ● plan[1]/rest  T s
            ● plan[1]  T s
            ● plan  T s
            ◉ hotel
            ● hotel  T s
            ◉ luck
            ✗ luck/coin  The coin is lost.
            – luck/after  blocked: needs coin
            ✗ luck  T s  luck/coin failed
            ● all
            Run one succeeded, T s since its start. Steps: 4 succeeded, 1 failed.
            """);
    assertThat(result.code()).isZero();
  }

  @Test
  void theReportNamesEveryStepByItsPath() {
    Result result = run(TRIP, "--input", DAYS, "-o", "json");

    assertThat(steps(result))
        .isEqualTo(
            """
            weather {"status":"succeeded","attempts":1,"output":"fine"}
            plan {"status":"succeeded","attempts":0,"output":[{"note":"mon: fine"},{"note":"tue: fine"}]}
            hotel {"status":"succeeded","attempts":1,"output":{"rooms":2}}
            luck {"status":"failed","attempts":1,"error":{"kind":"failed_on_purpose","message":"luck/coin failed: The coin is lost."}}
            all {"status":"succeeded","attempts":1,"output":"2 rooms, luck/coin failed: The coin is lost."}
            plan[0] {"status":"succeeded","attempts":1,"output":{"note":"mon: fine"}}
            plan[0]/walk {"status":"succeeded","attempts":1,"output":"mon: fine"}
            plan[0]/rest {"status":"succeeded","attempts":1,"output":"TIME"}
            plan[0]/note {"status":"succeeded","attempts":1,"output":"mon: fine"}
            plan[1] {"status":"succeeded","attempts":1,"output":{"note":"tue: fine"}}
            plan[1]/walk {"status":"succeeded","attempts":1,"output":"tue: fine"}
            plan[1]/rest {"status":"succeeded","attempts":1,"output":"TIME"}
            plan[1]/note {"status":"succeeded","attempts":1,"output":"tue: fine"}
            hotel/rooms {"status":"succeeded","attempts":0,"output":["a room on mon","a room on tue"]}
            hotel/bill {"status":"succeeded","attempts":1,"output":{"sum":2}}
            hotel/rooms[0] {"status":"succeeded","attempts":1,"output":"a room on mon"}
            hotel/rooms[1] {"status":"succeeded","attempts":1,"output":"a room on tue"}
            hotel/bill/sum {"status":"succeeded","attempts":1,"output":2}
            luck/coin {"status":"failed","attempts":1,"error":{"kind":"failed_on_purpose","message":"The coin is lost."}}
            luck/after {"status":"blocked","attempts":0,"reason":"needs coin"}
            """);
    assertThat(result.json().get("errors").isEmpty()).isTrue();
    assertThat(result.json().get("outputs").toString())
        .isEqualTo(
            "{\"all\":\"2 rooms, luck/coin failed: The coin is lost.\",\"notes\":[\"mon: fine\",\"tue: fine\"]}");
  }

  @Test
  void aRunIsToldWithWhatIsInsideBelowItsStep() {
    run(TRIP, "--input", DAYS);

    String shown =
        world.run("runs", "show", "one").out().replaceAll("[0-9-]{10}T[0-9:.]+Z", "TIME");
    assertThat(shown.substring(shown.indexOf("Steps\n"), shown.indexOf("\nOutputs")))
        .isEqualTo(
            """
            Steps
              ● weather  succeeded  "fine"
              ● plan  succeeded  [{"note":"mon: fine"},{"note":"tue: fine"}]
              ● plan[0]  succeeded  {"note":"mon: fine"}
              ● plan[0]/walk  succeeded  "mon: fine"
              ● plan[0]/rest  succeeded  "TIME"
              ● plan[0]/note  succeeded  "mon: fine"
              ● plan[1]  succeeded  {"note":"tue: fine"}
              ● plan[1]/walk  succeeded  "tue: fine"
              ● plan[1]/rest  succeeded  "TIME"
              ● plan[1]/note  succeeded  "tue: fine"
              ● hotel  succeeded  {"rooms":2}
              ● hotel/rooms  succeeded  ["a room on mon","a room on tue"]
              ● hotel/rooms[0]  succeeded  "a room on mon"
              ● hotel/rooms[1]  succeeded  "a room on tue"
              ● hotel/bill  succeeded  {"sum":2}
              ● hotel/bill/sum  succeeded  2
              ✗ luck  failed  luck/coin failed: The coin is lost.
              ✗ luck/coin  failed  The coin is lost.
              – luck/after  blocked  needs coin
              ● all  succeeded  "2 rooms, luck/coin failed: The coin is lost."
            """);
  }

  @Test
  void theGraphInsideAStepIsDrawnBelowIt() {
    String file = world.file("w.yaml", TRIP);

    assertThat(world.run("inspect", file).out())
        .isEqualTo(
            """
            trip: 5 steps, 8 inside

              ○ weather  set
              ○ plan     steps  after weather?; each day in days, 1 at a time
                ○ walk   set
                ○ rest   wait 1ms  after walk
                ○ note   set  after walk, rest
              ○ hotel    steps  after plan
                ○ rooms  set; each day in days
                ○ bill   steps  after rooms?
                  ○ sum  set
              ○ luck     steps  after hotel
                ○ coin   fail
                ○ after  set  after coin
              ○ all      set  after hotel, luck?
            """);
  }

  @Test
  void ofARunEveryElementIsDrawnWithWhatRanInIt() {
    run(TRIP, "--input", DAYS);

    assertThat(world.run("inspect", "one").out())
        .isEqualTo(
            """
            trip: 5 steps, 8 inside
            Run one succeeded.

              ● weather   set  [succeeded, T s]
              ● plan      steps  after weather?; each day in days, 1 at a time  [2 of 2 succeeded, T s]
                ● [0]     [succeeded, T s]
                  ● walk  set  [succeeded, T s]
                  ● rest  wait 1ms  after walk  [succeeded, T s]
                  ● note  set  after walk, rest  [succeeded, T s]
                ● [1]     [succeeded, T s]
                  ● walk  set  [succeeded, T s]
                  ● rest  wait 1ms  after walk  [succeeded, T s]
                  ● note  set  after walk, rest  [succeeded, T s]
              ● hotel     steps  after plan  [succeeded, T s]
                ● rooms   set; each day in days  [2 of 2 succeeded, T s]
                  ● [0]   [succeeded, T s]
                  ● [1]   [succeeded, T s]
                ● bill    steps  after rooms?  [succeeded, T s]
                  ● sum   set  [succeeded, T s]
              ✗ luck      steps  after hotel  [failed, T s: luck/coin failed: The coin is lost.]
                ✗ coin    fail  [failed, T s: The coin is lost.]
                – after   set  after coin  [blocked: needs coin]
              ● all       set  after hotel, luck?  [succeeded, T s]
            """);
  }

  @Test
  void forMermaidAGraphInsideIsASubgraph() {
    assertThat(world.run("inspect", world.file("w.yaml", TRIP), "--graph", "mermaid").out())
        .isEqualTo(
            """
            flowchart TD
              weather["○ weather<br/>set"]
              subgraph plan["○ plan<br/>steps"]
                plan-walk["○ walk<br/>set"]
                plan-rest["○ rest<br/>wait 1ms"]
                plan-note["○ note<br/>set"]
              end
              subgraph hotel["○ hotel<br/>steps"]
                hotel-rooms["○ rooms<br/>set"]
                subgraph hotel-bill["○ bill<br/>steps"]
                  hotel-bill-sum["○ sum<br/>set"]
                end
              end
              subgraph luck["○ luck<br/>steps"]
                luck-coin["○ coin<br/>fail"]
                luck-after["○ after<br/>set"]
              end
              all["○ all<br/>set"]
              weather -.-> plan
              plan-walk --> plan-rest
              plan-walk --> plan-note
              plan-rest --> plan-note
              plan --> hotel
              hotel-rooms -.-> hotel-bill
              hotel --> luck
              luck-coin --> luck-after
              hotel --> all
              luck -.-> all
            """);
  }

  @Test
  void forGraphvizAGraphInsideIsACluster() {
    assertThat(world.run("inspect", world.file("w.yaml", TRIP), "--graph", "dot").out())
        .isEqualTo(
            """
            digraph workflow {
              compound=true;
              node [shape=box];
              "weather" [label="○ weather\\nset"];
              subgraph "cluster_plan" {
                label="○ plan\\nsteps";
                "plan/walk" [label="○ walk\\nset"];
                "plan/rest" [label="○ rest\\nwait 1ms"];
                "plan/note" [label="○ note\\nset"];
              }
              subgraph "cluster_hotel" {
                label="○ hotel\\nsteps";
                "hotel/rooms" [label="○ rooms\\nset"];
                subgraph "cluster_hotel/bill" {
                  label="○ bill\\nsteps";
                  "hotel/bill/sum" [label="○ sum\\nset"];
                }
              }
              subgraph "cluster_luck" {
                label="○ luck\\nsteps";
                "luck/coin" [label="○ coin\\nfail"];
                "luck/after" [label="○ after\\nset"];
              }
              "all" [label="○ all\\nset"];
              "weather" -> "plan/walk" [style=dashed, lhead="cluster_plan"];
              "plan/walk" -> "plan/rest";
              "plan/walk" -> "plan/note";
              "plan/rest" -> "plan/note";
              "plan/note" -> "hotel/rooms" [ltail="cluster_plan", lhead="cluster_hotel"];
              "hotel/rooms" -> "hotel/bill/sum" [style=dashed, lhead="cluster_hotel/bill"];
              "hotel/bill/sum" -> "luck/coin" [ltail="cluster_hotel", lhead="cluster_luck"];
              "luck/coin" -> "luck/after";
              "hotel/bill/sum" -> "all" [ltail="cluster_hotel"];
              "luck/after" -> "all" [style=dashed, ltail="cluster_luck"];
            }
            """);
  }

  @Test
  void aDryRunMultipliesCallsByTheKnownElementsAround() {
    String file =
        world.file(
            "w.yaml",
            """
            name: calls
            inputs: {names: [string], off: boolean}
            mcp: {files: {command: no-such-program}}
            steps:
              base:
                steps: {root: {set: "/${names[0]}"}}
                outputs: {root: "${root}"}
              read:
                each: n in names
                steps:
                  parts: {each: "part in [1, 2, 3]", tool: files/read, with: {from: "${base.root}", n: "${n}"}}
                  whole: {tool: files/join, with: {parts: "${parts}"}}
              never:
                when: not off
                steps: {x: {tool: files/read, with: {}}}
            """);

    Result result =
        world.run(
            "run", file, "--input", "names=[\"a\",\"b\"]", "--input", "off=true", "--dry-run");

    assertThat(result.out())
        .isEqualTo(
            """
            Dry run of calls: nothing is started.
            Inputs: {"names":["a","b"],"off":true}
            ○ base  steps
            ○ base/root  set
                /a
            ○ read  steps  each n in names (2 elements)  after base
            ○ read/parts  tool files/read  each part in [1, 2, 3] (3 elements)
                {"from":"/a","n":"${n}"}
            ○ read/whole  tool files/join  after read/parts
                {"parts":"${parts}"}
            ○ never  steps  will be skipped
            Exactly 8 tool calls and 0 model calls. Limits: 200 tool calls, 30m, 8 steps at a time.
            No digest: what is not verified may turn out otherwise. --probe starts the servers and looks.
            """);
  }

  @Test
  void aDryRunIsOpenWhereARepetitionOrAnUnknownFanOutStandsAround() {
    String repeated =
        """
        name: calls
        mcp: {files: {command: no-such-program}}
        steps:
          poll:
            repeat: {until: "size(poll) > 0", max: 5, every: 20s}
            steps:
              look:
                steps: {once: {tool: files/read, with: {}}}
        """;
    String unknown =
        """
        name: calls
        mcp: {files: {command: no-such-program}}
        steps:
          list: {tool: files/list, with: {}, output: {names: [string]}}
          read:
            each: name in list.names
            steps: {once: {tool: files/read, with: {path: "${name}"}}}
        """;

    assertThat(world.run("run", world.file("w.yaml", repeated), "--dry-run").out())
        .isEqualTo(
            """
            Dry run of calls: nothing is started.
            Inputs: {}
            ○ poll  steps  repeats until size(poll) > 0, at most 5 runs, every 20s
            ○ poll/look  steps
            ○ poll/look/once  tool files/read
            At least 1 tool call and 0 model calls. Limits: 200 tool calls, 30m, 8 steps at a time.
            No digest: what is not verified may turn out otherwise. --probe starts the servers and looks.
            """);
    assertThat(world.run("run", world.file("w.yaml", unknown), "--dry-run").out())
        .isEqualTo(
            """
            Dry run of calls: nothing is started.
            Inputs: {}
            ○ list  tool files/list
            ○ read  steps  each name in list.names  after list
            ○ read/once  tool files/read
                {"path":"${name}"}
            At least 2 tool calls and 0 model calls. Limits: 200 tool calls, 30m, 8 steps at a time.
            No digest: what is not verified may turn out otherwise. --probe starts the servers and looks.
            """);
  }

  @Test
  void aQuestionInsideAnElementIsAnsweredByTheLineThatIsPrinted() {
    Result asked = run(ASKING, "--progress", "none");

    assertThat(asked.code()).isEqualTo(5);
    assertThat(asked.err())
        .isEqualTo(
            """
            Run one of asking
            Run one waits for a person, T s since its start. Steps: 1 running.

            days[mon=1]/approve asks: Go on mon=1?
              approve: workflow resume one --answer 'days[mon=1]/approve={"decision":"approve"}'
              reject:  workflow resume one --answer 'days[mon=1]/approve={"decision":"reject"}'

            days[tue 2]/approve asks: Go on tue 2?
              approve: workflow resume one --answer 'days[tue 2]/approve={"decision":"approve"}'
              reject:  workflow resume one --answer 'days[tue 2]/approve={"decision":"reject"}'
            """);

    List<String> lines =
        asked.err().lines().filter(line -> line.startsWith("  approve: ")).toList();
    assertThat(paste(lines.get(0)).err())
        .startsWith(
            """
            Run one of asking
            ◉ days  goes on
                days[mon=1]/approve  answered by --answer
            ● days[mon=1]  T s
            Run one waits for a person, T s since its start. Steps: 1 running.
            """);
    Result done = paste(lines.get(1));
    assertThat(done.code()).isZero();
    assertThat(done.json().toString())
        .isEqualTo(
            "{\"days\":{\"mon=1\":{\"said\":\"approve\"},\"tue 2\":{\"said\":\"approve\"}}}");
  }

  /** Runs a printed line as a shell would. */
  private Result paste(String line) {
    String[] words =
        Pattern.compile("'([^']*)'|([^ ]+)")
            .matcher(line.substring(line.indexOf("workflow ") + "workflow ".length()))
            .results()
            .map(word -> word.group(1) == null ? word.group(2) : word.group(1))
            .toArray(String[]::new);
    return world.run(words);
  }

  @Test
  void anAnswerMustNameTheElement() {
    assertThat(run(ASKING, "--answer", "days/approve={\"decision\":\"approve\"}"))
        .isEqualTo(
            new Result(
                2,
                "",
                "workflow: --answer days/approve: there is no step days/approve. Did you mean"
                    + " days[KEY]/approve? Steps that ask: days[KEY]/approve.\n"));
    assertThat(run(ASKING, "--answer", "days[mon=1]/approve").err())
        .isEqualTo("workflow: --answer days[mon=1]/approve: expected STEP=JSON, found no '='.\n");
  }

  @Test
  void aRejectionInsideAnElementFailsWhatItStandsIn() {
    Result result =
        run(
            ASKING.replace("key: day", "key: day\n    concurrency: 1"),
            "--answer",
            "days[mon=1]/approve={\"decision\":\"approve\"}",
            "--answer",
            "days[tue 2]/approve={\"decision\":\"reject\",\"note\":\"no\"}",
            "-o",
            "json");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            """
            Run one of asking
            ◉ days  2 elements
            ◎ days[mon=1]/approve  asks: Go on mon=1?
                days[mon=1]/approve  answered by --answer
            ● days[mon=1]  T s
            ◎ days[tue 2]/approve  asks: Go on tue 2?
                days[tue 2]/approve  answered by --answer
            ✗ days[tue 2]/approve  Rejected: no
            – days[tue 2]/said  blocked: needs approve
            ✗ days[tue 2]  T s  days[tue 2]/approve failed
            ✗ days  T s  1 of 2 elements failed
            Run one failed, T s since its start. Steps: 1 failed.
            """);
    assertThat(result.json().get("errors").toString())
        .isEqualTo(
            "[{\"kind\":\"element_failed\",\"message\":\"1 of 2 elements failed\",\"details\":[\"days[tue 2]: days[tue 2]/approve failed: Rejected: no\"],\"step\":\"days\"}]");
  }

  private static final String RETRIED =
      """
      name: retried
      steps:
        g:
          retry: {max: 1, backoff: 1ms, on: [invalid_output]}
          steps:
            a: {ask: "How many?", form: {n: integer}}
            b: {set: "${a.n}", output: {type: integer, minimum: 2}}
      """;

  @Test
  void aRetriedGraphBeginsAgainUnderItsNextRevision() {
    Result result =
        run(RETRIED, "--answer", "g/a={\"n\":1}", "--answer", "g~1/a={\"n\":2}", "-o", "json");

    assertThat(result.err())
        .isEqualTo(
            """
            Run one of retried
            ◉ g
            ◎ g/a  asks: How many?
                g/a  answered by --answer
            ✗ g/b  The output of g/b does not fit its schema
                expected at least 2, found 1
                g  attempt 1 failed: g/b failed: The output of g/b does not fit its schema. Next attempt in T s.
            ◉ g~1
            ◎ g~1/a  asks: How many?
                g~1/a  answered by --answer
            ● g~1  T s
            Run one succeeded, T s since its start. Steps: 1 succeeded.
            """);
    assertThat(steps(result))
        .isEqualTo(
            """
            g {"status":"failed","attempts":1,"error":{"kind":"invalid_output","message":"g/b failed: The output of g/b does not fit its schema","details":["expected at least 2, found 1"]}}
            g/a {"status":"succeeded","attempts":1,"output":{"n":1}}
            g/b {"status":"failed","attempts":0,"error":{"kind":"invalid_output","message":"The output of g/b does not fit its schema","details":["expected at least 2, found 1"]}}
            g~1 {"status":"succeeded","attempts":2,"output":{"b":2}}
            g~1/a {"status":"succeeded","attempts":1,"output":{"n":2}}
            g~1/b {"status":"succeeded","attempts":1,"output":2}
            """);
    assertThat(result.json().get("errors").isEmpty()).isTrue();
    assertThat(world.run("inspect", "one", "--graph", "text").out())
        .isEqualTo(
            """
              ✗ g    steps; up to 1 retry  [failed, T s: g/b failed: The output of g/b does not fit its schema]
                ● a  ask with a form  [succeeded, T s]
                ✗ b  set  after a  [failed: The output of g/b does not fit its schema]
              ● g~1  steps  [succeeded, 2 attempts, T s]
                ● a  ask with a form  [succeeded, T s]
                ● b  set  after a  [succeeded, T s]
            """);
  }

  @Test
  void onlyTheLastRevisionOfAGraphSaysWhyTheRunFailed() {
    Result result =
        run(
            RETRIED,
            "--answer",
            "g/a={\"n\":1}",
            "--answer",
            "g~1/a={\"n\":0}",
            "--progress",
            "none",
            "-o",
            "json");

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            """
            Run one of retried
            ✗ g~1: g~1/b failed: The output of g~1/b does not fit its schema
                expected at least 2, found 0
            Run one failed, T s since its start. Steps: 1 failed.
            """);
    assertThat(result.json().get("errors").size()).isEqualTo(1);
  }

  private static String repeated(String otherwise) {
    return """
    name: repeated
    steps:
      g:
        steps: {a: {set: 1}}
        outputs: {a: "${a}"}
        repeat: {until: g.a > 1, max: 2, else: %s}
      after: {set: "${g.a}"}
    """
        .formatted(otherwise);
  }

  @Test
  void aRepetitionThatIsUsedUpFails() {
    Result result = run(repeated("fail"));

    assertThat(result.code()).isEqualTo(1);
    assertThat(result.err())
        .isEqualTo(
            """
            Run one of repeated
            ◉ g
            ● g  T s
            ↻ g  runs again
            ◉ g~1
            ● g~1  T s
            ✗ g~1  The condition of its repeat does not hold after 2 runs
            – after  blocked: needs g
            Run one failed, T s since its start. Steps: 1 failed, 1 blocked.
            """);
    assertThat(world.run("inspect", "one", "--graph", "text").out())
        .isEqualTo(
            """
              ● g      steps; repeats until g.a > 1, at most 2 runs  [succeeded, T s]
                ● a    set  [succeeded, T s]
              ✗ g~1    steps  [failed, T s: The condition of its repeat does not hold after 2 runs]
                ● a    set  [succeeded, T s]
              – after  set  after g~1  [blocked: needs g]
            """);
  }

  @Test
  void aRepetitionThatIsUsedUpMayGoOnWithItsLastOutput() {
    Result result = run(repeated("continue"), "-o", "json");

    assertThat(result.code()).isZero();
    assertThat(result.err())
        .isEqualTo(
            """
            Run one of repeated
            ◉ g
            ● g  T s
            ↻ g  runs again
            ◉ g~1
            ● g~1  T s
            ! g~1  has made all its runs
            ● after
            Run one succeeded, T s since its start. Steps: 2 succeeded.
            """);
    assertThat(steps(result))
        .isEqualTo(
            """
            g {"status":"succeeded","attempts":1,"output":{"a":1}}
            after {"status":"succeeded","attempts":1,"output":1}
            g/a {"status":"succeeded","attempts":1,"output":1}
            g~1 {"status":"succeeded","attempts":1,"output":{"a":1}}
            g~1/a {"status":"succeeded","attempts":1,"output":1}
            """);
  }

  @Test
  void aTimeOutOfAGraphCancelsWhatIsInside() {
    Result result =
        run(
            """
            name: late
            steps:
              g:
                timeout: 300ms
                steps:
                  a: {wait: 50s}
                  b: {steps: {c: {ask: "Well?"}}}
                  d: {set: "${b.c.decision}"}
              h: {set: "${steps.g.error.message}"}
            outputs: {h: "${h}"}
            """,
            "-o",
            "json");

    assertThat(result.err())
        .isEqualTo(
            """
            Run one of late
            ◉ g
            ◉ g/a  waits T s
            ◎ g/b/c  asks: Well?
            – g/a  cancelled
            – g/b/c  cancelled
            – g/b  cancelled
            – g/d  cancelled
            ✗ g  T s  Not done within 300ms
            ● h
            Run one failed, T s since its start. Steps: 1 succeeded, 1 failed.
            """);
    assertThat(steps(result))
        .isEqualTo(
            """
            g {"status":"failed","attempts":1,"error":{"kind":"timeout","message":"Not done within 300ms"}}
            h {"status":"succeeded","attempts":1,"output":"Not done within 300ms"}
            g/a {"status":"cancelled","attempts":1}
            g/b {"status":"cancelled","attempts":1}
            g/d {"status":"cancelled","attempts":0}
            g/b/c {"status":"cancelled","attempts":1}
            """);
    assertThat(world.run("inspect", "one", "--graph", "text").out())
        .isEqualTo(
            """
              ✗ g      steps; timeout 300ms  [failed, T s: Not done within 300ms]
              ∥ – a    wait 50s  [cancelled, T s]
              ∥ – b    steps  [cancelled, T s]
                  – c  ask for approval  [cancelled, T s]
                – d    set  after b  [cancelled]
              ● h      set  after g?  [succeeded, T s]
            """);
  }
}
