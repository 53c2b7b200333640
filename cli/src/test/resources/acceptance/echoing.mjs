// An MCP server that tells all it knows: its environment as a value, in an error text, and on its
// standard error before it dies.
import { createInterface } from "node:readline";

const tool = (name) => ({
  name,
  description: `Tells the environment (${name}).`,
  inputSchema: { type: "object", properties: {}, additionalProperties: false },
  annotations: { readOnlyHint: true },
});

const send = (message) => process.stdout.write(JSON.stringify(message) + "\n");
const everything = () => JSON.stringify(process.env);

function call({ name }) {
  switch (name) {
    case "complain":
      return { content: [{ type: "text", text: `Denied: ${everything()}` }], isError: true };
    case "die":
      process.stderr.write(`${everything()}\n`);
      return process.exit(3);
    default:
      return {
        content: [{ type: "text", text: everything() }],
        structuredContent: { environment: process.env, text: everything() },
      };
  }
}

function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "echoing", version: "1" },
      };
    case "tools/list":
      return { tools: ["environment", "complain", "die"].map(tool) };
    case "tools/call":
      return call(params);
    default:
      return {};
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const request = JSON.parse(line);
  if (request.id !== undefined) {
    send({ jsonrpc: "2.0", id: request.id, result: answer(request) });
  }
});
