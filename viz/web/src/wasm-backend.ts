/* SPARQL without a server: the editor's questions go to a worker that holds the graph, started by the first of them. */
import { Refused, type Send } from "./editor/ask";
import { brief, number, say } from "./words";
import type { Asked, Told } from "./wasm-messages";

export interface Place { worker: string; dump: string; bytes: number; engineBytes: number }
type Tell = (words: string) => void;

const FORMATS = ["application/sparql-results+json", "text/csv", "text/tab-separated-values", "application/sparql-results+xml", "text/turtle", "application/n-triples", "application/ld+json"];

/** Returns who answers the editor's questions; `tell` is told how far the loading is. */
export function inBrowser(place: Place, tell: Tell): Send {
  let worker: Worker | null = null;
  let ready: Promise<void> = Promise.resolve();
  let queue: Promise<unknown> = Promise.resolve();

  const start = (): Worker => {
    const started = new Worker(place.worker, { type: "module" });
    worker = started;
    ready = loaded(started, place, tell);
    ready.catch(() => end());
    return started;
  };
  const end = (): void => {
    worker?.terminate();
    worker = null;
  };
  const one = async (query: string, accept: string, signal?: AbortSignal): Promise<Response> => {
    const mine = worker ?? start();
    const stopped = aborted(signal, () => worker === mine && end());
    await Promise.race([ready, stopped]);
    const format = FORMATS.find((form) => accept.includes(form)) ?? FORMATS[0]!;
    const told = await Promise.race([asked(mine, { kind: "query", query, format }), stopped]);
    return new Response(told.text, { headers: { "content-type": told.media } });
  };
  return (query, accept, signal) => {
    const answer = queue.then(() => {
      signal?.throwIfAborted();
      return one(query, accept, signal);
    });
    queue = answer.catch(() => undefined);
    return answer;
  };
}

function aborted(signal: AbortSignal | undefined, then: () => void): Promise<never> {
  return new Promise((_, reject) => signal?.addEventListener("abort", () => {
    then();
    reject(signal.reason as Error);
  }, { once: true }));
}

/** Sends one message and waits for its answer. */
function asked(worker: Worker, message: Asked): Promise<Extract<Told, { kind: "answer" }>> {
  return new Promise((resolve, reject) => {
    const hear = ({ data }: MessageEvent<Told>): void => {
      if (data.kind === "progress" || data.kind === "ready") return;
      worker.removeEventListener("message", hear);
      if (data.kind === "answer") resolve(data);
      else reject(new Refused({ words: data.words, ...(data.line && data.column ? { line: data.line, column: data.column } : {}) }));
    };
    worker.addEventListener("message", hear);
    worker.postMessage(message);
  });
}

function loaded(worker: Worker, place: Place, tell: Tell): Promise<void> {
  const far = { engine: 0, data: 0 };
  return new Promise((resolve, reject) => {
    const hear = ({ data }: MessageEvent<Told>): void => {
      if (data.kind === "progress" && data.stage === "index") tell(say("wasm_index"));
      else if (data.kind === "progress") {
        far[data.stage as keyof typeof far] = data.loaded;
        tell(say("wasm_loading", { loaded: brief(far.engine + far.data), total: brief(place.bytes + place.engineBytes) }));
      } else if (data.kind === "ready") {
        worker.removeEventListener("message", hear);
        tell(say("wasm_ready", { triples: number(data.triples) }));
        resolve();
      } else if (data.kind === "fault") {
        worker.removeEventListener("message", hear);
        reject(new Refused({ words: say("wasm_failed", { reason: data.words }) }));
      }
    };
    worker.addEventListener("message", hear);
    worker.addEventListener("error", (event) => reject(new Refused({ words: say("wasm_failed", { reason: event.message || place.worker }) })));
    worker.postMessage({ kind: "load", dump: new URL(place.dump, location.href).href, bytes: place.bytes } satisfies Asked);
  });
}
