// An MCP server whose tools stand in the file TOOLS: a JSON object of descriptions by name. Each
// call that comes in is a line of `asked.txt` beside it. Where a file `next.json` is there, the
// server offers from its first answer on what that says, and tells so.
import { appendFileSync, existsSync, readFileSync, renameSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const file = process.env.TOOLS;
const beside = (name) => join(dirname(file), name);
appendFileSync(beside("started.txt"), file + "\n");
const send = (message) => process.stdout.write(JSON.stringify({ jsonrpc: "2.0", ...message }) + "\n");

const tools = () =>
  Object.entries(JSON.parse(readFileSync(file, "utf8"))).map(([name, description]) => ({
    name,
    description,
    inputSchema: { type: "object", properties: { place: { type: "string" } } },
    annotations: { readOnlyHint: true, openWorldHint: false },
  }));

function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: { listChanged: true } },
        serverInfo: { name: "guide", version: "1" },
      };
    case "tools/list":
      return { tools: tools() };
    case "tools/call": {
      appendFileSync(beside("asked.txt"), params.name + "\n");
      const value = { by: params.name, place: params.arguments.place };
      return { content: [{ type: "text", text: JSON.stringify(value) }], structuredContent: value };
    }
    default:
      return {};
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const request = JSON.parse(line);
  if (request.id !== undefined) {
    const result = answer(request);
    const changes = request.method === "tools/call" && existsSync(beside("next.json"));
    if (changes) {
      renameSync(beside("next.json"), file);
      send({ method: "notifications/tools/list_changed" });
    }
    send({ id: request.id, result });
  }
});
