// An MCP server with a tool of each effect class, and tools that look payments up and take them back. Every execution is one line of the file LEDGER,
// written before the answer: what the outside world saw, whatever became of the engine. It takes its
// time before and after, and it does not mind when its engine is killed: it finishes what it does and
// stays until somebody ends it. With CLOSED set it does nothing and says so.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

const tool = (name, annotations) => ({
  name,
  description: `Doubles a number and notes it in the ledger (${name}).`,
  inputSchema: {
    type: "object",
    properties: { n: { type: "integer" } },
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
  tool("paid", { readOnlyHint: true }),
  tool("refund", { readOnlyHint: false, destructiveHint: true, idempotentHint: false }),
  tool("pay", { readOnlyHint: false, destructiveHint: true, idempotentHint: false }),
];

const pause = () => new Promise((resolve) => setTimeout(resolve, Math.random() * 40));
const send = (message) => process.stdout.write(JSON.stringify(message) + "\n");

async function call({ name, arguments: { n }, _meta = {} }) {
  await pause();
  if (process.env.CLOSED) {
    return { content: [{ type: "text", text: "The house is closed" }], isError: true };
  }
  if (name === "paid") {
    const lines = existsSync(process.env.LEDGER) ? readFileSync(process.env.LEDGER, "utf8") : "";
    const found = { doubled: lines.includes(`pay ${n} `) ? 2 * n : 0 };
    return { content: [{ type: "text", text: JSON.stringify(found) }], structuredContent: found };
  }
  const key = Object.entries(_meta).find(([field]) => /key/i.test(field))?.[1] ?? "";
  appendFileSync(process.env.LEDGER, `${name} ${n} ${key}\n`);
  await pause();
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

const engine = process.ppid;
process.stdout.on("error", () => {}); // nobody reads any more

createInterface({ input: process.stdin })
  .on("line", async (line) => {
    const request = JSON.parse(line);
    if (request.id !== undefined) {
      send({ jsonrpc: "2.0", id: request.id, result: await answer(request) });
    }
  })
  .on("close", () => {
    // An engine that lives has closed us, and we end. An orphan stays, though not for ever.
    setTimeout(() => process.ppid === engine && process.exit(), 50);
    setTimeout(() => process.exit(), 60_000);
  });
