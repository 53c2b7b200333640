// An MCP server with one tool of each effect class. Every execution is one line of the file LEDGER,
// written before the answer: what the outside world saw, whatever became of the engine.
import { appendFileSync } from "node:fs";
import { createInterface } from "node:readline";

const tool = (name, annotations) => ({
  name,
  description: `Doubles a number and notes it in the ledger (${name}).`,
  inputSchema: {
    type: "object",
    properties: { n: { type: "integer" }, ms: { type: "integer" } },
    required: ["n"],
    additionalProperties: false,
  },
  outputSchema: {
    type: "object",
    properties: { doubled: { type: "integer" } },
    required: ["doubled"],
    additionalProperties: false,
  },
  annotations,
});

const tools = [
  tool("look", { readOnlyHint: true }),
  tool("put", { readOnlyHint: false, destructiveHint: false, idempotentHint: true }),
  tool("pay", { readOnlyHint: false, destructiveHint: true, idempotentHint: false }),
];

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const send = (message) => process.stdout.write(JSON.stringify(message) + "\n");

async function call({ name, arguments: { n, ms = 20 }, _meta = {} }) {
  await sleep(ms / 2);
  const key = Object.entries(_meta).find(([field]) => /key/i.test(field))?.[1] ?? "";
  appendFileSync(process.env.LEDGER, `${name} ${n} ${key}\n`);
  await sleep(ms / 2);
  const result = { doubled: 2 * n };
  return { content: [{ type: "text", text: JSON.stringify(result) }], structuredContent: result };
}

async function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "ledger", version: "1" },
      };
    case "tools/list":
      return { tools };
    case "tools/call":
      return call(params);
    default:
      return {};
  }
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const request = JSON.parse(line);
  if (request.id !== undefined) {
    send({ jsonrpc: "2.0", id: request.id, result: await answer(request) });
  }
});
