// An MCP server whose tools have names that no vocabulary knows.
import { createInterface } from "node:readline";

const text = (...names) => Object.fromEntries(names.map((name) => [name, { type: "string" }]));
const tool = (name, description, ...names) => ({
  name,
  description,
  inputSchema: { type: "object", properties: text(...names), required: names },
  annotations: { readOnlyHint: true, openWorldHint: false },
});
const tools = [
  tool("daily_weather_outlook", "Tells the weather to expect at a place on a date: forecast of temperature, rain and wind.", "place", "date"),
  tool("loan_helper", "Calculates a mathematical expression.", "expression"),
  tool("bars", "Draws a chart with bars.", "data"),
];

function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: "sky", version: "1" },
      };
    case "tools/list":
      return { tools };
    case "tools/call":
      return { content: [{ type: "text", text: "fine" }] };
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
