// An MCP server of a shop. What was done is one line of the file LEDGER, with the key that the
// engine sent; every call that came in is one of `asked.txt` beside it. A file `before` or `after` in the folder of the ledger has it die once, before or after
// it has taken the next order; with `blind` it cannot look anything up; with `deaf` it never answers
// the next order that it has taken; with `firm` it cancels nothing.
import { appendFileSync, existsSync, readFileSync, unlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const ledger = process.env.LEDGER;
const text = { type: "string" };
const tool = (name, properties, output, annotations) => ({
  name,
  description: `Part of a shop (${name}).`,
  inputSchema: { type: "object", properties, required: Object.keys(properties) },
  outputSchema: { type: "object", properties: output },
  annotations,
});
const destructive = { readOnlyHint: false, destructiveHint: true, idempotentHint: false };
const tools = [
  tool("order", { item: text, key: text }, { order: text }, destructive),
  tool("find", { key: text }, { found: { type: "boolean" }, order: text }, { readOnlyHint: true }),
  tool("cancel", { order: text }, { cancelled: text }, destructive),
];

const flag = (name) => join(dirname(ledger), name);
const once = (name) => {
  const there = existsSync(flag(name));
  if (there) {
    unlinkSync(flag(name));
  }
  return there;
};
const lines = () => (existsSync(ledger) ? readFileSync(ledger, "utf8").trim().split("\n") : []);
const note = (line) => appendFileSync(ledger, line + "\n");
const structured = (value) => ({
  content: [{ type: "text", text: JSON.stringify(value) }],
  structuredContent: value,
});
const refused = (why) => ({ content: [{ type: "text", text: why }], isError: true });

async function call({ name, arguments: given, _meta = {} }) {
  const sent = Object.entries(_meta).find(([field]) => /key/i.test(field))?.[1] ?? "";
  appendFileSync(flag("asked.txt"), `${name} ${sent}\n`);
  switch (name) {
    case "order":
      if (once("before")) {
        process.exit(7);
      }
      note(`order ${given.item} ${given.key} ${sent}`);
      if (once("after")) {
        process.exit(7);
      }
      if (once("deaf")) {
        await new Promise(() => {});
      }
      return structured({ order: given.item });
    case "find": {
      if (existsSync(flag("blind"))) {
        return refused("The books are closed");
      }
      const line = lines().find((each) => each.startsWith("order ") && each.includes(given.key));
      return structured(line ? { found: true, order: line.split(" ")[1] } : { found: false });
    }
    case "cancel":
      if (once("before-cancel")) {
        process.exit(7);
      }
      if (existsSync(flag("firm")) && given.order === "tea") {
        return refused("No tea comes back");
      }
      note(`cancel ${given.order} ${sent}`);
      return structured({ cancelled: given.order });
  }
}

async function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "orders", version: "1" },
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
    const message = { jsonrpc: "2.0", id: request.id, result: await answer(request) };
    process.stdout.write(JSON.stringify(message) + "\n");
  }
});
