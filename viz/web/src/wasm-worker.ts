/* The graph in a worker of the page: Oxigraph (WebAssembly) loads the dump and answers. The page ends it to cancel a query. */
import init, { Store } from "oxigraph/web.js";
// The types that come with the package describe what is inside; the build gives the address of the file.
import engine from "oxigraph/web_bg.wasm";
import type { Asked, Stage, Told } from "./wasm-messages";
import { formOf } from "./wasm-form";

const tell = (message: Told): void => self.postMessage(message);
const progress = (stage: Stage, loaded: number, total: number): void => tell({ kind: "progress", stage, loaded, total });

let store: Store | null = null;

/** The bytes at `address`, told as they come. */
async function fetched(address: string, stage: Stage, total: number): Promise<Uint8Array<ArrayBuffer>> {
  const answer = await fetch(address);
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} ${address}`);
  const parts: Uint8Array[] = [];
  let loaded = 0;
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value);
    loaded += value.length;
    progress(stage, Math.min(loaded, total || loaded), total);
  }
  const whole = new Uint8Array(loaded);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Unpacks what is still packed: a host that sends it as Content-Encoding has already had it unpacked by the browser. */
async function unpacked(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

async function load(dump: string, bytes: number): Promise<void> {
  const address = new URL(engine as unknown as string, import.meta.url).href;
  const [code, data] = await Promise.all([fetched(address, "engine", 0), fetched(dump, "data", bytes)]);
  await init({ module_or_path: code });
  progress("index", 0, 0);
  store = new Store();
  store.load(await unpacked(data), { format: "application/n-quads", no_transaction: true, lenient: true });
  tell({ kind: "ready", triples: store.size });
}

function answer(query: string, wanted: string): void {
  const graph = formOf(query) === "graph";
  const media = graph === wanted.includes("sparql-results") || (graph && /csv|tab-separated/.test(wanted)) ? (graph ? "text/turtle" : "application/sparql-results+json") : wanted;
  const text = store!.query(query, { results_format: media, use_default_graph_as_union: true }) as string;
  tell({ kind: "answer", text, media });
}

/** The place of a syntax error, which the engine's words name. */
function fault(error: unknown): Told {
  const words = error instanceof Error ? error.message : String(error);
  const place = /(?:error )?at (\d+):(\d+)/.exec(words) ?? /line (\d+) column (\d+)/.exec(words);
  return { kind: "fault", words, ...(place ? { line: Number(place[1]), column: Number(place[2]) } : {}) };
}

self.addEventListener("message", (event: MessageEvent<Asked>) => {
  const asked = event.data;
  const done = asked.kind === "load" ? load(asked.dump, asked.bytes) : Promise.resolve().then(() => answer(asked.query, asked.format));
  done.catch((error: unknown) => tell(fault(error)));
});
