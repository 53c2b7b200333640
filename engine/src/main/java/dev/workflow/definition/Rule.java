package dev.workflow.definition;

import static dev.workflow.definition.Problem.Severity.ERROR;
import static dev.workflow.definition.Problem.Severity.UNVERIFIED;
import static dev.workflow.definition.Problem.Severity.WARNING;

import dev.workflow.definition.Problem.Severity;
import java.util.Locale;

/**
 * What can be wrong with a definition. Scripts, baselines and suppressions name the ids, so an id
 * is never renamed nor given another meaning. {@code docs/rules.md} lists all of them.
 */
public enum Rule {
  // YAML
  NO_FILE(
      ERROR,
      "There is no file at the path.",
      "Check the path: it is relative to the folder that the command runs in, or to the file that"
          + " names it."),
  UNREADABLE_FILE(
      ERROR,
      "A file is there but cannot be read, or is larger than a text of its kind may be.",
      "Give yourself the right to read it, or make it shorter."),
  NOT_UTF8(ERROR, "A file is not written in UTF-8.", "Save it as UTF-8."),
  YAML_EMPTY(ERROR, "A file holds no YAML document.", "Begin it with `name:` and `steps:`."),
  YAML_SEVERAL_DOCUMENTS(
      ERROR,
      "A file holds more than one YAML document.",
      "Move what follows `---` into a file of its own."),
  YAML_TOO_LARGE(
      ERROR,
      "A file is too long, nests too deeply, or repeats itself too often by aliases.",
      "Write repeated values out, and move inner steps into a workflow file of their own."),
  YAML_SYNTAX(ERROR, "The text is no YAML.", "Write `key: value`, with one key in each line."),
  YAML_TAB(ERROR, "A tab indents a line.", "Indent by two spaces."),
  YAML_INDENTATION(
      ERROR,
      "A line is indented so that it belongs neither to what stands above it nor beside it.",
      "Give it the indentation of the entries beside it."),
  YAML_CHARACTER(
      ERROR,
      "A control character stands in the text.",
      "Remove it, or write it as an escape in double quotes: `\"\\u0007\"`."),
  YAML_FIRST_CHARACTER(
      ERROR,
      "A value begins with a character that YAML keeps for itself.",
      "Quote it: `prompt: \"@researcher finds options\"`."),
  YAML_QUOTES(
      ERROR,
      "A quoted text does not end, or something follows its closing quote.",
      "Quote the whole value: `when: 'check.word == \"go\"'`."),
  YAML_ESCAPE(
      ERROR,
      "A text in double quotes has an escape that YAML does not know.",
      "Double the backslash: `\"C:\\\\temp\"`."),
  YAML_BLOCK_TEXT(ERROR, "A text stands beside `|` or `>`.", "Write it below, indented."),
  YAML_TAG(
      ERROR,
      "A value begins with `!`, which makes it a YAML tag.",
      "Write `when: not check.unsafe`."),
  YAML_ALIAS(
      ERROR,
      "An alias has no anchor above it, or stands inside the value it stands for.",
      "Write the value out, or quote a text that begins with `*`."),
  YAML_KEY(ERROR, "A key is not a name.", "Quote a text with braces: `prompt: \"{name}\"`."),
  YAML_BRACES(
      ERROR,
      "Braces or brackets that were meant as text are a map or a list for YAML.",
      "Quote the text: `planner: \"{destination}\"`."),
  YAML_DOLLAR_BRACES(
      ERROR,
      "A `${...}` inside braces or brackets has no quotes, so YAML ends it at its brace.",
      "Quote it: `with: {place: \"${destination}\"}`."),
  YAML_COLON(
      ERROR,
      "A text holds a second `: `, which YAML takes as a key.",
      "Quote the text: `prompt: \"find: x\"`."),
  YAML_QUESTION_MARK(
      ERROR, "An expression with `? :` has no quotes.", "Quote it: `when: \"a ? b : c\"`."),
  YAML_COMMENT(
      ERROR,
      "` #` begins a comment, which cuts a text or hides what stands behind it.",
      "Quote the text: `prompt: \"answer ticket #12\"`."),
  YAML_NUMBER(
      ERROR,
      "A number does not fit into 64 bits, or a text such as a version looks like a number.",
      "Quote it: `version: \"1.10\"`."),
  DUPLICATE_KEY(ERROR, "A key or the id of a step stands twice.", "Give one of them another name."),

  // What keys and values say
  UNKNOWN_KEY(
      ERROR,
      "A key is not part of the language.",
      "Write the name that the message suggests, such as `prompt` for `promt`."),
  MISSING_KEY(ERROR, "A key that has to be there is missing.", "Add it: `prompt: plan {option}`."),
  MISPLACED_KEY(
      ERROR,
      "A key stands in a step with whose verb, or beside whose other keys, it means nothing.",
      "Remove it, or add the key that it needs."),
  MISPLACED_VALUE(
      ERROR,
      "A value means nothing where it stands.",
      "Write one of the values that the message names."),
  MISPLACED_LIMIT(
      ERROR,
      "A limit stands where nothing is limited by it.",
      "Write the key that the message names: `concurrency: 4` beside `each`."),
  WRONG_TYPE(
      ERROR,
      "A value has another type than it must have.",
      "Write a value of the type that the message names: `concurrency: 4`."),
  WRONG_VALUE(
      ERROR,
      "A value has the right type and is not one of those that are allowed.",
      "Write one that the message names: `timeout: 20s`."),
  WRONG_NAME(
      ERROR,
      "A name is written with characters, or in a form, that it must not have.",
      "Write `[a-z0-9-]` or what the message names."),
  EMPTY_VALUE(ERROR, "A value that must hold something is empty.", "Fill it, or remove its key."),
  UNKNOWN_TYPE(
      ERROR,
      "The type of a field is none.",
      "Write `string`, `integer`, `number`, `boolean`, `object`, `array`, `any`, `[TYPE]`, or a"
          + " JSON Schema."),
  BAD_SCHEMA(
      ERROR, "A schema is not a JSON Schema.", "Correct what the message names: `type: string`."),
  UNKNOWN_KEYWORD(
      ERROR,
      "A schema has a keyword that JSON Schema does not know, which would be ignored.",
      "Write the keyword that was meant: `maxLength` for `maxLenght`."),
  IMPOSSIBLE_SCHEMA(
      ERROR,
      "No value fits a schema, or a part of it that has to be there.",
      "Correct the bounds: `minimum: 1, maximum: 5`."),
  BAD_DEFAULT(
      ERROR,
      "The default in a schema does not fit that schema.",
      "Give one that fits: `{type: integer, default: 3}`."),
  BAD_EXAMPLE(
      ERROR,
      "An example in a schema does not fit that schema.",
      "Correct the example or the schema: `{type: integer, examples: [3]}`."),
  BAD_NAME(
      ERROR,
      "A name cannot be used in expressions.",
      "Use letters, digits and `_`: `weather_report`."),
  RESERVED_NAME(
      ERROR, "A name is a word of the expression language.", "Append something to it: `in_`."),
  NAME_CLASH(
      ERROR, "Two things that expressions see side by side have one name.", "Rename one of them."),
  UNKNOWN_NAME(
      ERROR,
      "A `{name}` in a prompt is nearly the name of an input or an item, and none.",
      "Correct it, or declare it: `inputs: {city: string}`."),
  BAD_RESOURCE(
      ERROR,
      "A `resource` in `with` names no resource of a server, or another one for each element of its"
          + " step.",
      "Write `{resource: SERVER/URI}`, such as `{resource: docs/file:///manual.md}`."),
  BAD_MODEL(
      ERROR,
      "A model is not written as PROVIDER/MODEL, or its settings are wrong.",
      "Write `model: openai/gpt-5-mini`."),
  STEPS_AND_FLOW(ERROR, "A workflow has both `steps` and `flow`.", "Keep one of them."),
  FLOW_ITEM(
      ERROR,
      "An item of `flow` has none of the forms that an item may have.",
      "Write `- agent: \"prompt\"`."),
  FLOW_VERDICT(
      ERROR,
      "`if C then A.revise` has no judge before it, or no such step.",
      "Let the judge stand in the item before: `- verifier: \"is it safe?\"`."),
  NO_VERB(ERROR, "A step does not say what it does.", "Add one verb: `tool: server/tool`."),
  SEVERAL_VERBS(ERROR, "A step has more than one verb.", "Make a step of each."),
  WRAPPED_EXPRESSION(
      ERROR,
      "An expression stands inside `${...}` where a plain one is expected.",
      "Write `when: check.unsafe`."),
  EXPRESSION(
      ERROR,
      "An expression is wrong: its syntax, a name in it, or its types.",
      "Correct the name: `check.unsafe` for `check.unsfe`."),
  NESTED_TOO_DEEP(
      ERROR,
      "Graphs stand inside each other too deeply.",
      "Make a workflow file of the inner ones."),
  BAD_VOTE(
      ERROR,
      "`need` of a vote is not more than half of the voters, or more than there are.",
      "Write `need: 2` for three voters."),

  // The graph
  UNKNOWN_STEP(
      ERROR, "A step that is named does not exist.", "Correct the name: `needs: [research]`."),
  DUPLICATE_REFERENCE(ERROR, "A list names a step twice.", "Leave one of them out."),
  SELF_REFERENCE(
      ERROR,
      "A step waits for itself, or for a step in which it stands.",
      "Name a step beside it."),
  CYCLE(
      ERROR,
      "Steps wait for each other, so none could ever start.",
      "Remove one of the references: `needs: [first]`."),
  REVISE_NOT_UPSTREAM(
      ERROR,
      "A judge revises a step on which its verdict does not depend.",
      "Let the judge read the step: `prompt: is {plan} safe?`."),
  REVISE_CROSSING(
      ERROR,
      "What two judges run again overlaps, and neither holds the other.",
      "Let one judge depend on the other."),
  MISSING_OUTPUT(
      ERROR, "A field that `output` promises is not among `outputs`.", "Add it to `outputs`."),
  RETRY_IN_DOUBT(
      ERROR,
      "A step retries a time-out of a call that may have taken effect.",
      "Add a `verify`, or `retry: {on: [unavailable, rate_limited]}`."),
  VERIFY_CHANGES(
      ERROR, "The tool of a `verify` may change something.", "Name a tool that only reads."),
  VERIFY_OUTPUT(
      ERROR,
      "What a `verify` gives does not fit the output of its step.",
      "Say what the call gave: `verify: {output: {id: \"${book.id}\"}}`."),
  CACHE_CHANGES(
      ERROR,
      "A step with `cache` may change something, which a kept output would hide.",
      "Remove `cache`."),
  CACHE_OPEN_WORLD(
      ERROR,
      "A step with `cache` reads what may change at any time.",
      "Write `cache: {for: 1h, force: true}` where an old output does no harm."),
  CACHE_UNAPPROVED(
      UNVERIFIED,
      "Whether an output may be kept cannot be told, since nobody has approved the server.",
      "Approve the server, or say `effects: read`."),
  CACHE_UNIQUE(
      ERROR,
      "A step with `cache` reads what differs in each run, so no output would ever be found again.",
      "Leave `run.id` out of what the step is given."),

  // Agents, models and prices
  UNKNOWN_AGENT(
      ERROR,
      "An agent that is named does not exist.",
      "Define it: `agents: {researcher: {model: gpt-5}}`."),
  AGENT_CLASH(
      ERROR,
      "A step runs a skill under its own id, which is the name of an agent.",
      "Give the step another id."),
  COMPUTED_AGENT(
      ERROR,
      "Which agents a step may run cannot be told before the run.",
      "Give the value a type that lists them: `enum: [planner, researcher]`."),
  COMPUTED_AGENT_OUTPUT(
      ERROR,
      "A step may run agents whose answers have different shapes.",
      "Say what each of them is to answer: `output: {answer: string}`."),
  UNKNOWN_MODEL(
      ERROR,
      "A model alias that is named does not exist.",
      "Define it: `models: {gpt-5: [openai/gpt-5]}`."),
  NO_DEFAULT_MODEL(
      ERROR,
      "An agent names no model, and there is no alias `default`.",
      "Define it: `models: {default: [openai/gpt-5-mini]}`."),
  NO_USABLE_MODEL(
      ERROR,
      "No model of an alias has a key or an address.",
      "Set the key of its provider, or name scripted answers: `simulate: answers.yaml`."),
  UNUSABLE_MODEL(
      ERROR, "A model that a fork is given has no key or address.", "Set the key of its provider."),
  MODEL_NAME(
      ERROR,
      "A model that the command line gives is not written as PROVIDER/MODEL.",
      "Write `--model gpt-5=openai/gpt-5-mini`."),
  NO_ANSWERS(
      ERROR,
      "A run is to be simulated, and its workflow names no scripted answers.",
      "Name a file of answers: `simulate: answers.yaml`."),
  MISSING_ANSWERS(
      ERROR,
      "The file of scripted answers does not exist.",
      "Correct the path; it is relative to the workflow file."),
  ANSWERS(
      ERROR,
      "The file of scripted answers holds what is no answer.",
      "Correct it where the message points."),
  NO_REPLANNER(
      WARNING,
      "No model can write another plan after a failure.",
      "Name an agent: `on_error: {replan: planner}`."),
  UNKNOWN_PRICE(
      ERROR,
      "A cost is limited, and the price of a model is not known.",
      "Give the price with `--prices FILE`, or remove the limit."),

  // Tools and servers
  JSON(ERROR, "A file is no JSON.", "Correct it where the message points."),
  MCP_FILE(
      ERROR,
      "A file of MCP servers has no `mcpServers`.",
      "Write `{\"mcpServers\": {\"files\": {\"command\": \"npx\"}}}`."),
  MCP_ENTRY(
      ERROR,
      "The entry of an MCP server is wrong.",
      "Give it one of `command`, `url` and `builtin`."),
  MCP_SECRET(
      ERROR,
      "A secret of a server is neither kept with the run nor in its file any more.",
      "Put it back into the file, or set its variable."),
  SERVER_CLASH(
      ERROR,
      "Two workflow files of a run define one server differently.",
      "Make the entries equal, or rename one."),
  UNKNOWN_SERVER(
      ERROR,
      "A server that is named is not defined.",
      "Define it: `mcp: {files: {command: npx}}`."),
  SERVER_UNAVAILABLE(
      ERROR,
      "A server does not start, or cannot be reached.",
      "Start it by hand and read what it says."),
  SERVER_NOT_ASKED(
      UNVERIFIED,
      "A server was never started here, so its tools are not verified.",
      "Start it once: `workflow validate --probe FILE`."),
  UNTRUSTED_SERVER(
      ERROR,
      "Nobody has approved a server that a file of the workspace defines.",
      "Approve it in a terminal, or for one run: `--trust`."),
  UNKNOWN_TOOL(
      ERROR, "A server has no tool of that name.", "Correct the name: `files/list_directory`."),
  TOOL_OUTSIDE_SERVERS(
      ERROR,
      "An agent names a tool of a server that is not among its `servers`.",
      "Add the server: `servers: [files]`."),
  BROKEN_TOOL(
      ERROR,
      "The schema of a tool is no JSON Schema.",
      "Have its server mended; until then use another tool."),
  UNKNOWN_ARGUMENT(
      ERROR,
      "A tool, skill or workflow does not take an argument of that name.",
      "Correct the name: `with: {path: docs}`."),
  MISSING_ARGUMENT(
      ERROR, "An argument that is required is missing.", "Give it: `with: {path: docs}`."),
  UNFIT_VALUE(
      ERROR,
      "A value that is passed on whole lacks fields that the other side requires, or has ones that"
          + " it refuses.",
      "Let the step before give the field: `output: {path: string}`."),
  INFORMATION_FLOW(
      WARNING,
      "Private data can leave together with what an outsider may have written, and no person sees it"
          + " before.",
      "Put an `ask` before the step that shows what it sends, or give it less; see"
          + " docs/information-flow.md."),

  // Skills and capabilities
  MISSING_SKILL(
      ERROR,
      "A skill that is named is in none of the folders of skills.",
      "Correct the name, or put its folder into `skills/`."),
  SKILL_NAME(ERROR, "The name of a skill is not that of its folder.", "Rename one of them."),
  SKILL_DESCRIPTION(
      ERROR,
      "A skill does not say what it is for.",
      "Begin its SKILL.md with `---`, `name:`, `description:`, `---`."),
  SKILL_INSTRUCTIONS(
      ERROR,
      "A skill has no instructions, or they are empty.",
      "Write what the model is to do into `instructions.md`."),
  LONG_INSTRUCTIONS(
      WARNING,
      "The instructions of a skill fill much of a model's window each time the skill is used.",
      "Move details into files under `references/` that are read when they are needed."),
  BROKEN_LINK(
      WARNING,
      "The instructions of a skill link to a file that is not in its folder.",
      "Correct the path; it is relative to the folder of the skill."),
  SKILL_SCHEMA(
      ERROR,
      "The schema that a skill names is no file of its folder.",
      "Name it: `output: {schema: schema.json}`."),
  SKILL_INPUTS(
      ERROR,
      "A prompt is to fill the inputs of a skill that requires more than one.",
      "Write a step with `skill:` and `with:` all of them."),
  SKILL_WORKFLOW(
      ERROR,
      "The workflow that a skill names is no file of its folder.",
      "Name it: `workflow: workflow.yaml`."),
  SKILL_OUTPUT(
      ERROR,
      "The outputs of a skill's workflow do not fit the contract of the skill.",
      "Give each field of the contract: `outputs: {safe: \"${check.safe}\"}`."),
  SKILL_WITHOUT_WORKFLOW(
      ERROR, "A step runs the workflow of a skill that has none.", "Write `skill: NAME`."),
  SKILL_RUNS_WORKFLOW(
      ERROR,
      "An agent or a step says what only a model takes, and its skill runs a workflow of its own.",
      "Remove the key that the message names."),
  AGENT_RUNS_WORKFLOW(
      ERROR,
      "An agent is to plan, and its skill runs a workflow of its own.",
      "Name another agent."),
  OUTSIDE_OF_SKILL(
      ERROR,
      "The workflow of a skill names a file outside of the folder of the skill.",
      "Put the file into the folder."),
  SKILL_IN_ITSELF(
      ERROR,
      "A skill is used inside itself with another policy or model.",
      "Leave `policy` and `model` out."),
  SKILL_IS_PORTABLE(
      ERROR,
      "The workflow of a skill names servers, tools or models, which is for its users to say.",
      "Declare a capability in `skill.yaml` and write `capability: weather_forecast`."),
  UNDECLARED_CAPABILITY(
      ERROR,
      "The workflow of a skill needs a capability that the skill does not declare.",
      "Declare it: `capabilities: {required: [weather_forecast]}`."),
  CAPABILITY_NAME(
      WARNING,
      "A capability is no word of the vocabulary, and nearly one.",
      "Write the word of the vocabulary: `weather_forecast` for `wether_forecast`."),
  CAPABILITY_OF_MODELS(
      ERROR,
      "A step asks tools for a capability that only models have.",
      "Write an `agent:` step."),
  CAPABILITY_OF_PEOPLE(
      ERROR, "A step asks tools for a capability that only people have.", "Write an `ask:` step."),
  MISSING_CAPABILITY(
      ERROR,
      "No tool serves a capability.",
      "Name one: `bindings: {weather_forecast: travel/weather_forecast}`."),
  AMBIGUOUS_CAPABILITY(
      ERROR,
      "Several tools serve a capability equally well.",
      "Choose one: `bindings: {web_search: brave/search}`."),
  UNUSED_BINDING(
      WARNING, "Nothing needs the capability of a binding.", "Remove it from `bindings`."),
  POLICY_FORBIDS(
      ERROR,
      "A skill requires what a policy forbids.",
      "Choose another skill, or change the policy where it is written."),

  // SKILL.md
  SKILL_FILE(
      WARNING,
      "The file of a skill is called `skill.md`, which other clients do not find.",
      "Rename it to `SKILL.md`."),
  SKILL_HEAD(
      WARNING,
      "A `SKILL.md` does not begin with fields between two lines of `---`.",
      "Begin it with `---`, `name:`, `description:`, `---`."),
  SKILL_FIELD(
      WARNING,
      "The specification of Agent Skills knows no such field.",
      "Put what is your own below `metadata`."),
  SKILL_COMMENT(WARNING, "` #` cuts the description of a skill.", "Quote the description."),
  SKILL_COMPATIBILITY(
      WARNING,
      "What a skill says of compatibility is not a text of 1 to 500 characters.",
      "Say what it needs, or remove the field."),
  SKILL_LICENSE(WARNING, "The license of a skill is not a text.", "Write `license: Apache-2.0`."),
  SKILL_METADATA(
      WARNING,
      "The metadata of a skill is not a map of texts.",
      "Write `metadata:` and below it `author: NAME`."),
  SKILL_TOOLS_FORM(
      WARNING,
      "`allowed-tools` is not a text with blanks between the tools.",
      "Write `allowed-tools: Read Grep`."),
  SKILL_TOOL(
      WARNING,
      "No capability stands for a tool that a skill names.",
      "Name the capability in a `skill.yaml` beside."),
  SKILL_TOOL_RESTRICTED(
      WARNING,
      "No tool can be held to a restriction that a skill names.",
      "Name the capability in a `skill.yaml` beside."),
  SKILL_LINK(
      WARNING,
      "A symbolic link in the folder of a skill is not followed.",
      "Put a copy of the file into the folder."),
  SKILL_SIZE(WARNING, "Files of a skill are too large to be read by an agent.", "Split them."),
  SKILL_UNREADABLE(WARNING, "Files of a skill may not be read.", "Check who owns them."),

  // Installing and publishing skills
  PACKAGE_SOURCE(
      ERROR,
      "What a skill is to be installed from is no source that is read.",
      "Name an https address, a folder or an archive: `github.com/user/repo`."),
  PACKAGE_UNREACHABLE(
      ERROR,
      "A repository cannot be read or written.",
      "Check the address, the network and your access."),
  PACKAGE_REF(
      ERROR,
      "A repository has no branch, tag or commit of that name.",
      "Name one that it has: `github.com/user/repo@v1.0.0`."),
  PACKAGE_FOLDER(ERROR, "A repository has no such folder.", "Correct the path behind the address."),
  PACKAGE_NAME(
      ERROR,
      "A name in a package is not safe on every system.",
      "Have its author rename the file."),
  PACKAGE_SIZE(
      ERROR,
      "A package is larger than what may be installed.",
      "Have its author leave out what no skill needs."),
  PACKAGE_TIME(ERROR, "A download takes longer than it may.", "Try again."),
  PACKAGE_LINK(
      ERROR,
      "A package holds something that is neither a file nor a folder.",
      "Have its author replace links by copies."),
  PACKAGE_ARCHIVE(ERROR, "An archive is cut or damaged.", "Download it again."),
  PACKAGE_SKILL(
      ERROR,
      "A package holds no skill, or several and none is chosen.",
      "Choose one: `--name NAME`."),
  PACKAGE_PINNED(
      ERROR, "A package is not the one that the registry pins.", "Ask who keeps the registry."),
  SKILL_REGISTRY(
      ERROR,
      "The registry of skills is not there, or does not say where a skill is.",
      "Write one: `workflow schema registry` shows its form."),
  TAG_MOVED(
      ERROR,
      "A tag names another commit than when the skill was installed.",
      "Look at what changed, then update the skill."),
  SKILL_EXISTS(
      ERROR,
      "A skill of that name is installed already.",
      "Update it: `workflow skill update NAME`."),
  SKILL_UNKNOWN(
      ERROR,
      "No skill of that name was installed here.",
      "Correct the name: `workflow skill list`."),
  SKILL_GONE(ERROR, "A skill is recorded, and its folder is not there.", "Install it again."),
  SKILL_EDITED(
      ERROR,
      "Files of an installed skill were edited.",
      "Move the edits away, or keep the folder and remove its record."),
  SKILL_VERSION(
      ERROR, "The version of a skill cannot be part of a tag.", "Write `version: 1.0.0`."),
  PUBLISH_TAG(
      ERROR,
      "The tag of a version cannot be used, or is used already.",
      "Give the skill a new version."),
  PUBLISH_REPOSITORY(
      ERROR,
      "Where a skill is to be published is no repository.",
      "Name its https address, or the folder of a bare one."),
  PUBLISH_REFUSED(
      ERROR,
      "A repository does not take what is published.",
      "Try again: somebody else may have pushed meanwhile."),
  LOCK_MISMATCH(
      ERROR,
      "Files of a skill are not those that are recorded.",
      "Where they are meant, install the skill anew."),
  LOCK_DAMAGED(ERROR, "A lock file is damaged.", "Restore it from version control."),
  LOCK_VERSION(ERROR, "A newer version has written the lock file.", "Use that version."),
  LOCK_SKILL(
      ERROR, "A lock file names what is no name of a skill.", "Restore it from version control."),
  LOCK_SHAPE(
      ERROR,
      "A lock file holds what is no entry of a workflow.",
      "Restore it from version control, or remove the entry and lock it anew."),
  LOCK_MISSING(
      ERROR,
      "A workflow has to be locked, and the lock file has no entry for it.",
      "Lock it: `workflow lock FILE`."),
  LOCKED_TOOL(
      ERROR,
      "The lock file names a tool for a capability that is not offered any more.",
      "Have it offered again, or lock another: `workflow lock --update`."),
  LOCK_DRIFT(
      ERROR,
      "A tool, a server, a binding or a skill is not what is locked.",
      "Look at the difference; where it is meant, lock it: `workflow lock FILE`."),

  // Skills by themselves, from and to other clients
  SKILL_PLACE(
      ERROR,
      "A skill that is named by its folder does not lie in a folder `skills`.",
      "Move it to `skills/NAME`, or install it."),
  CONVERSION_SOURCE(
      ERROR, "What is to be converted is not there, or is no UTF-8 text.", "Check the path."),
  CONVERSION_LINK(
      ERROR, "What is to be converted holds a symbolic link.", "Put the file in its place."),
  CONVERSION_SIZE(ERROR, "What is to be converted is too large.", "Leave out what is not needed."),
  CONVERSION_NAME(
      ERROR, "What is converted has no name that a skill can have.", "Give one: `--name NAME`."),
  CONVERSION_EXISTS(
      ERROR, "What is to be written is there already.", "Choose another place, or `--force`."),
  CONVERSION_FIELDS(
      ERROR, "The head of a file to be converted is none.", "Correct it where the message points."),
  CONVERSION_TEMPLATE(
      ERROR,
      "A prompt template is none that can be converted.",
      "Save its messages as JSON or YAML, as f-strings or mustache."),
  CONVERSION_INSTRUCTIONS(
      ERROR, "What is to be converted says nothing to a model.", "Write its text."),

  // Other workflows and plans
  MISSING_WORKFLOW(
      ERROR,
      "A workflow file that is named does not exist.",
      "Correct the path; it is relative to the file that names it."),
  TOO_MANY_STEPS(
      ERROR,
      "A workflow has more steps than it may have.",
      "Fan out with `each`, or split the workflow."),
  TOO_MANY_JUDGES(ERROR, "More steps of a workflow revise others than may.", "Split the workflow."),
  TOO_MANY_EDGES(
      ERROR,
      "The steps of a workflow wait for more others, taken together, than they may.",
      "Fan out with `each`, or split the workflow."),
  TOO_MANY_WORKFLOWS(ERROR, "A run consists of too many workflow files.", "Join some of them."),
  MISSING_FOLDER(
      ERROR,
      "The folder that a plan works in does not exist.",
      "Name another one, or make the plan anew."),
  NO_PLAN(
      ERROR,
      "What is to be run as a plan is none.",
      "Make one: `workflow plan create --from FILE`."),
  PLAN_OUTPUT(
      ERROR, "A step with `plan` says what its output is, which is a plan.", "Remove `output`."),
  PIN_MISMATCH(
      ERROR,
      "A tool or a skill is not the one that a plan was made with.",
      "Look at what differs, and make the plan anew."),

  // Cases
  CASE_WORKFLOW(
      ERROR,
      "A file of cases does not say which workflow it tests, or that workflow does not exist.",
      "Name the file after its workflow, `travel.cases.yaml`, or write `workflow: travel.yaml`."),
  CASSETTE_UNREADABLE(
      ERROR,
      "A cassette is missing, damaged or too large.",
      "Record it anew: `workflow run FILE --record CASSETTE`."),
  CASSETTE_VERSION(ERROR, "A newer version has written the cassette.", "Use that version."),
  CASSETTE_WORKFLOW(
      ERROR, "A cassette was recorded of another workflow.", "Name the cassette of this one."),

  // What the command line gives
  UNKNOWN_INPUT(
      ERROR,
      "A workflow has no input of that name.",
      "Correct the name: `--input destination=Raglan`."),
  MISSING_INPUT(
      ERROR, "An input that is required is not given.", "Give it: `--input destination=Raglan`."),
  WRONG_INPUT(ERROR, "An input does not fit its type.", "Give one that fits: `--input days=3`."),
  WRONG_OUTPUT(
      ERROR,
      "The output that a fork gives a step does not fit its schema.",
      "Give one that fits: `--output '{\"options\": []}'`."),
  TAKEN_BACK(
      ERROR,
      "A run has taken back what its steps did, so nothing of it can be kept.",
      "Run its workflow again."),
  CHANGED_DEFINITION(
      ERROR,
      "The definition is not the one that the run began with.",
      "Restore the files, or adopt them: `workflow resume RUN --adopt`."),
  DIGEST_MISMATCH(
      ERROR,
      "What is to be run is not what was shown.",
      "Look at it again: `workflow run FILE --dry-run`.");

  private final String id;
  private final Severity severity;
  private final String meaning;
  private final String fix;

  Rule(Severity severity, String meaning, String fix) {
    this.id = name().toLowerCase(Locale.ROOT).replace('_', '-');
    this.severity = severity;
    this.meaning = meaning;
    this.fix = fix;
  }

  /** As it is shown, such as {@code unknown-step}. */
  public String id() {
    return id;
  }

  /** How bad it is as a rule; where less is at stake a problem may say less. */
  public Severity severity() {
    return severity;
  }

  /** What it means, in one sentence. */
  public String meaning() {
    return meaning;
  }

  /** How it is mended, with an example. */
  public String fix() {
    return fix;
  }

  @Override
  public String toString() {
    return id;
  }
}
