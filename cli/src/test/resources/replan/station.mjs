// An MCP server of a station that offers the tools of its arguments. Each call that came in is one line
// of the file LEDGER: the station, the tool and its first argument. Beside the ledger, a file
// `dead-STATION` has it end at its next call, `dead-STATION-PLACE` at one for that place alone, 
// `deaf-STATION-PLACE` has it never answer that, and `closed-STATION-PLACE` has it refuse. `STATION.pid` names its process.
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";

const [station, ...offered] = process.argv.slice(2);
const folder = dirname(process.env.LEDGER);
const flag = (name) => existsSync(join(folder, name));
const text = { type: "string" };
const number = { type: "number" };
const reads = { readOnlyHint: true };
const all = {
  weather_forecast: [{ place: text }, { celsius: number }, reads],
  get_forecast: [{ place: text }, { celsius: number, by: text }, reads],
  forecast: [{ place: text, days: number }, { celsius: number }, reads],
  weather: [{ place: text }, { fahrenheit: number }, reads],
  normals: [{ place: text }, { celsius: number }, reads],
  book: [{ what: text }, { ticket: text }, { destructiveHint: true, idempotentHint: false }],
  cancel: [{ ticket: text }, { cancelled: text }, { destructiveHint: true, idempotentHint: false }],
};
const tools = offered.map((name) => ({
  name,
  description: `Of the station ${station}: ${name}.`,
  inputSchema: {
    type: "object",
    properties: all[name][0],
    required: Object.keys(all[name][0]),
    additionalProperties: false,
  },
  outputSchema: { type: "object", properties: all[name][1], required: Object.keys(all[name][1]) },
  annotations: all[name][2],
}));

function given(name, first) {
  switch (name) {
    case "book":
      return { ticket: `${first}-1` };
    case "cancel":
      return { cancelled: first };
    case "weather":
      return { fahrenheit: 60 };
    case "normals":
      return { celsius: 15 };
    case "get_forecast":
      return { celsius: 18, by: station };
    default:
      return { celsius: 18 };
  }
}

async function call({ name, arguments: said }) {
  const first = Object.values(said)[0];
  if (flag(`dead-${station}`) || flag(`dead-${station}-${first}`)) {
    process.exit(9);
  }
  appendFileSync(process.env.LEDGER, `${station} ${name} ${first}\n`);
  if (flag(`deaf-${station}-${first}`)) {
    await new Promise(() => {});
  }
  if (flag(`closed-${station}-${first}`)) {
    return { content: [{ type: "text", text: "We are closed" }], isError: true };
  }
  const value = given(name, first);
  return { content: [{ type: "text", text: JSON.stringify(value) }], structuredContent: value };
}

async function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: station, version: "1" },
      };
    case "tools/list":
      return { tools };
    case "tools/call":
      return call(params);
    default:
      return {};
  }
}

writeFileSync(join(folder, `${station}.pid`), `${process.pid}`);
createInterface({ input: process.stdin }).on("line", async (line) => {
  const request = JSON.parse(line);
  if (request.id !== undefined) {
    const message = { jsonrpc: "2.0", id: request.id, result: await answer(request) };
    process.stdout.write(JSON.stringify(message) + "\n");
  }
});
