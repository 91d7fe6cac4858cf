/* Whether a query asks for a graph: its first keyword after the prologue, with comments, IRIs and strings out of the way. */

export type Form = "table" | "graph";

export function formOf(query: string): Form {
  const code = query
    .replace(/<[^<>"{}|\\^`\s]*>|"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|#[^\n]*/g, " ")
    .replace(/\b(?:PREFIX\s+[^\s:]*:|BASE)\s/gi, " ");
  return /\b(SELECT|ASK|CONSTRUCT|DESCRIBE)\b/i.exec(code)?.[1]?.match(/CONSTRUCT|DESCRIBE/i) ? "graph" : "table";
}
