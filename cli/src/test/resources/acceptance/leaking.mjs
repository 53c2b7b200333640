// An MCP server that gives its secrets away in every place it can: what it says of itself and of its
// tools, results, error texts, progress, its standard error, and lines that are no message.
import { createInterface } from "node:readline";

const secrets = [process.env.GIVEN, process.env.WRITTEN_KEY];
const base64 = (text) => Buffer.from(text).toString("base64");
const wrapped = (text) => base64(text).replace(/(.{20})/g, "$1\n");

/** All ways to write one secret. */
const ways = (secret) => [
  secret,
  `user:${secret}@host`,
  base64(secret),
  base64(`x${secret}`),
  base64(`user:${secret}`),
  Buffer.from(`xy${secret}z`).toString("base64url"),
  wrapped(`a long text before ${secret} and behind`),
  encodeURIComponent(secret),
  encodeURI(secret),
  new URLSearchParams({ secret }).toString(),
  JSON.stringify({ secret }),
  Buffer.from(secret).toString("hex"),
  `${secret.slice(0, 9)}\n${secret.slice(9)}`,
];
const everything = secrets.flatMap(ways);
const text = everything.join(" | ");
const halves = (secret) => [secret.slice(0, 9), secret.slice(9)];
/** A line that is cut wherever it is cut, a secret every few characters. */
const long = (secrets.join(" ") + " ").repeat(80);

const tool = (name) => ({
  name,
  title: `Tells ${secrets[0]}`,
  description: `Tells ${text}`,
  inputSchema: {
    type: "object",
    properties: { n: { type: "integer", description: text } },
    additionalProperties: false,
  },
  annotations: { readOnlyHint: true, title: secrets[1] },
});

const send = (message) => process.stdout.write(JSON.stringify(message) + "\n");
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const blocks = (texts) => texts.map((each) => ({ type: "text", text: each }));

async function call({ name, _meta }) {
  switch (name) {
    case "structured":
      return {
        content: blocks([text]),
        structuredContent: { everything, [secrets[0]]: "a key", numbers: Number(process.env.PIN) },
      };
    case "plain":
      return { content: blocks(everything) };
    case "halves":
      return {
        content: [
          ...blocks(secrets.flatMap(halves)),
          { type: "image", data: base64(text), mimeType: "image/png" },
          { type: "resource", resource: { uri: `file:///${secrets[0]}`, blob: base64(text) } },
        ],
      };
    case "complaining":
      return { content: blocks([long, text]), isError: true };
    case "refusing":
      throw { code: -32000, message: long, data: { text, everything } };
    case "progressing":
      for (const message of everything) {
        send({
          jsonrpc: "2.0",
          method: "notifications/progress",
          params: { progressToken: _meta.progressToken, progress: 1, message },
        });
      }
      send({ jsonrpc: "2.0", method: "notifications/message", params: { level: "error", data: text } });
      return { content: blocks(["done"]) };
    default: {
      process.stdout.write(`${text}\n${long}\n`);
      for (const secret of secrets) {
        const [first, second] = halves(secret);
        process.stderr.write(first);
        await sleep(50);
        process.stderr.write(`${second}\n`);
      }
      process.stderr.write(`${text}\n${long}\n${secrets[0]}`);
      process.stdout.write(`{"half": "${secrets[1]}`);
      await sleep(100);
      return process.exit(3);
    }
  }
}

const names = ["structured", "plain", "halves", "complaining", "refusing", "progressing", "dying"];

async function answer({ method, params }) {
  switch (method) {
    case "initialize":
      return {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: `leaking ${secrets[0]}`, version: secrets[1] },
        instructions: text,
      };
    case "tools/list":
      return { tools: names.map(tool) };
    case "tools/call":
      return call(params);
    default:
      return {};
  }
}

process.stderr.write(`started with ${text}\n`);
process.stdout.write(`${text}\n`);
createInterface({ input: process.stdin }).on("line", async (line) => {
  const { id, method, params } = JSON.parse(line);
  if (id === undefined) {
    return;
  }
  try {
    send({ jsonrpc: "2.0", id, result: await answer({ method, params }) });
  } catch (error) {
    send({ jsonrpc: "2.0", id, error });
  }
});
