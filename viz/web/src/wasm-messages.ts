/* What the page and the worker that holds the graph say to each other. */

export type Stage = "engine" | "data" | "index";

/** The page asks: load the graph at `dump`, then answer queries, one at a time. */
export type Asked =
  | { kind: "load"; dump: string; bytes: number }
  | { kind: "query"; query: string; format: string };

/** The worker tells: how far it is, the answer as text, or what went wrong. */
export type Told =
  | { kind: "progress"; stage: Stage; loaded: number; total: number }
  | { kind: "ready"; triples: number }
  | { kind: "answer"; text: string; media: string }
  | { kind: "fault"; words: string; line?: number; column?: number };
