// An MCP server of a table that has to be booked: `book` writes `begun` into the file LEDGER, asks a
// person, and writes what it was told; `look` asks the same and writes nothing before,
// `advise` has a model asked.
// With `rude` its words try to steer the terminal.
import { appendFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const ledger = process.env.LEDGER;
const note = (line) => appendFileSync(ledger, line + "\n");
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");
const open = new Map();
let asked = 0;

const tool = (name, annotations) => ({
  name,
  description: `Asks before it answers (${name}).`,
  inputSchema: { type: "object", properties: {} },
  outputSchema: { type: "object", properties: { told: { type: "string" } } },
  annotations,
});
const tools = [
  tool("book", { destructiveHint: true }),
  tool("look", { readOnlyHint: true }),
  tool("advise", { readOnlyHint: true }),
];

const form = {
  type: "object",
  properties: {
    name: { type: "string", title: "Whose table" },
    seats: { type: "integer", minimum: 1, default: 2 },
    where: { type: "string", oneOf: [{ const: "in", title: "Inside" }, { const: "out", title: "On the terrace" }] },
  },
  required: ["name"],
};

function ask() {
  const id = `ask-${++asked}`;
  const rude = existsSync(join(dirname(ledger), "rude"));
  const message = rude ? "Who\u001b[2J\u001b]0;owned\u0007?\u202e" : "Who is it for?";
  send({ id, method: "elicitation/create", params: { message, requestedSchema: form } });
  return new Promise((resolve) => open.set(id, resolve));
}

function askModel() {
  const id = `ask-${++asked}`;
  const content = { type: "text", text: "Which table?" };
  send({ id, method: "sampling/createMessage", params: { messages: [{ role: "user", content }], maxTokens: 20 } });
  return new Promise((resolve) => open.set(id, resolve));
}

async function call(name) {
  if (name === "book") {
    note("begun");
  }
  const { result, error } = await (name === "advise" ? askModel() : ask());
  const told = JSON.stringify(result ?? error);
  note(`told ${told}`);
  return { content: [{ type: "text", text: told }], structuredContent: { told } };
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, method, params, ...answer } = JSON.parse(line);
  switch (method) {
    case undefined:
      open.get(id)?.(answer);
      break;
    case "initialize":
      send({
        id,
        result: {
          protocolVersion: params.protocolVersion,
          capabilities: { tools: {} },
          serverInfo: { name: "asking", version: "1" },
        },
      });
      break;
    case "tools/list":
      send({ id, result: { tools } });
      break;
    case "tools/call":
      send({ id, result: await call(params.name) });
      break;
    case "notifications/cancelled":
      note("cancelled");
      break;
    default:
      if (id !== undefined) {
        send({ id, result: {} });
      }
  }
});
