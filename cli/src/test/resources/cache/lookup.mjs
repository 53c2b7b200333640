// An MCP server that looks things up and notes every call as a line of the file LEDGER. `look` and
// `count` read a closed world, `search` the open one. What they give has the number of the call. With
// a file `fail` in the folder of the ledger every call fails; with `fresh` the tools are described
// otherwise.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const ledger = process.env.LEDGER;
const flag = (name) => existsSync(join(dirname(ledger), name));
const tool = (name, annotations) => ({
  name,
  description: flag("fresh") ? `Looks closely (${name}).` : `Looks (${name}).`,
  inputSchema: { type: "object", properties: { q: { type: "string" } } },
  outputSchema: { type: "object", properties: { q: { type: "string" }, n: { type: "integer" } } },
  annotations,
});
const tools = () => [
  tool("look", { readOnlyHint: true, openWorldHint: false }),
  tool("count", { readOnlyHint: true, openWorldHint: false }),
  tool("search", { readOnlyHint: true }),
];

function call({ name, arguments: given }) {
  appendFileSync(ledger, `${name} ${given.q ?? ""}\n`);
  if (flag("fail")) {
    return { content: [{ type: "text", text: "The books are closed" }], isError: true };
  }
  const n = readFileSync(ledger, "utf8").trim().split("\n").length;
  const value = { q: given.q ?? "", n };
  return { content: [{ type: "text", text: JSON.stringify(value) }], structuredContent: value };
}

function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "lookup", version: "1" },
      };
    case "tools/list":
      return { tools: tools() };
    case "tools/call":
      return call(params);
    default:
      return {};
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const request = JSON.parse(line);
  if (request.id !== undefined) {
    const message = { jsonrpc: "2.0", id: request.id, result: answer(request) };
    process.stdout.write(JSON.stringify(message) + "\n");
  }
});
