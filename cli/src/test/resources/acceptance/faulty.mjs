// An MCP server that misbehaves on demand, one tool for each way. What it was told to be on its
// command line: `deaf` to SIGTERM and to the end of its input, `babbling` where a greeting is due, or
// `painted`, with what steers a terminal in every text.
// The time of every fault is one line of faults.txt, its process ids are in pids.txt; a slow call
// lasts as long as there is a file wait-here.
import { appendFileSync, existsSync } from "node:fs";
import { createInterface } from "node:readline";

const kind = process.argv[2] ?? "sound";
const integer = { type: "integer" };
const readOnly = { readOnlyHint: true };

const paint = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e\u2066\u{e0041}\b\r\x7f\u2028";
const text = (plain) => (kind === "painted" ? `${plain} ${paint} really` : plain);

const tool = (name, annotations = readOnly) => ({
  name,
  title: text(name),
  description: text(`Gives back a number, or does what its name says (${name}).`),
  inputSchema: {
    type: "object",
    properties: { n: integer, ms: integer },
    required: ["n"],
    additionalProperties: false,
  },
  outputSchema: {
    type: "object",
    properties: { n: integer },
    required: ["n"],
    additionalProperties: false,
  },
  annotations,
});

const tools = [
  tool("fine"),
  tool("misshapen"),
  tool("dying"),
  tool("dying_payment", { readOnlyHint: false, destructiveHint: true, idempotentHint: false }),
  tool("chatty"),
  tool("refusing"),
  tool("slow"),
  ...(kind === "painted" ? [{ ...tool("say"), outputSchema: undefined }, tool(text("painted"))] : []),
  { ...tool("misdescribed"), outputSchema: { type: "object", properties: { n: { type: 5 } } } },
];

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const send = (message) => process.stdout.write(JSON.stringify(message) + "\n");
const fault = () => appendFileSync("faults.txt", `${Date.now()}\n`);
const structured = (value) => ({
  content: [{ type: "text", text: JSON.stringify(value) }],
  structuredContent: value,
});

async function call({ name, arguments: { n, ms = 0 } }) {
  await sleep(ms);
  switch (name) {
    case "misshapen":
      fault();
      return structured({ n: "many" });
    case "dying":
    case "dying_payment":
      fault();
      process.stderr.write(text("the disk is on fire") + "\n");
      return process.exit(7);
    case "chatty":
      process.stdout.write("Welcome to chatty!\n{not json\n\n[1, 2]\n");
      return structured({ n });
    case "say":
      return { content: [{ type: "text", text: text("said") }] };
    case "slow":
      appendFileSync("slow.txt", "called\n");
      while (existsSync("wait-here")) {
        await sleep(20);
      }
      return structured({ n });
    case "refusing":
      fault();
      return { content: [{ type: "text", text: text("not today") }], isError: true };
    default:
      return structured({ n });
  }
}

async function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: text(kind), version: text("1") },
        instructions: text("Count."),
      };
    case "tools/list":
      return { tools };
    case "tools/call":
      return call(params);
    default:
      return {};
  }
}

appendFileSync("pids.txt", `${process.pid}\n`);
if (kind === "deaf") {
  // An MCP server ends with its input; this one does not, and takes no hint either.
  process.on("SIGTERM", () => {});
  setInterval(() => {}, 1000);
}
if (kind === "painted") {
  process.stderr.write(text("ready") + "\n");
  process.stdout.write(text("ready") + "\n");
}
createInterface({ input: process.stdin }).on("line", async (line) => {
  const request = JSON.parse(line);
  if (kind === "babbling") {
    process.stdout.write("What a lovely day!\n");
  } else if (request.id !== undefined) {
    send({ jsonrpc: "2.0", id: request.id, result: await answer(request) });
  }
});
