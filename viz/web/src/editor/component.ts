/* The editor component: CodeMirror in a shadow root, where its styles are adopted sheets, which our content policy allows. */
import { autocompletion, closeBrackets, closeBracketsKeymap, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting } from "@codemirror/language";
import { sparql } from "@codemirror/legacy-modes/mode/sparql";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { Annotation, EditorState, Prec } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { say } from "../words";
import { completions, type Vocabulary } from "./completion";
import { declared, offset, prefixPlace, prefixTyped } from "./text";

const look = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "transparent", fontSize: "0.875rem" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--ink)", padding: "8px 0" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--paper)", color: "var(--muted)", borderRight: "1px solid var(--hairline)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--accent) 6%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": { backgroundColor: "color-mix(in srgb, var(--accent) 26%, transparent) !important" },
  ".cm-matchingBracket": { backgroundColor: "var(--mark) !important", color: "inherit !important" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", border: "1px solid var(--edge)", color: "var(--ink)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "16rem" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { padding: "3px 8px", lineHeight: "1.4" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-completionDetail": { fontFamily: "var(--sans)", fontStyle: "normal", opacity: "0.8", marginLeft: "1em" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  ".cm-completionInfo": { fontFamily: "var(--sans)", fontSize: "0.8125rem", maxWidth: "22rem", padding: "8px 10px" },
  ".cm-completionInfo p": { margin: "4px 0" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--wrong)" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecoration: "underline wavy var(--wrong)", textUnderlineOffset: "3px" },
  ".cm-lintRange-error, .cm-lintPoint-error": { backgroundColor: "var(--wrong-wash)" },
});

const tones = HighlightStyle.define([
  { tag: tags.keyword, color: "var(--accent)", fontWeight: "600" },
  { tag: [tags.variableName, tags.special(tags.variableName), tags.definition(tags.variableName)], color: "color-mix(in oklab, var(--colour-4) 78%, var(--ink))" },
  { tag: [tags.atom, tags.literal], color: "color-mix(in oklab, var(--colour-3) 78%, var(--ink))" },
  { tag: tags.string, color: "color-mix(in oklab, var(--colour-2) 78%, var(--ink))" },
  { tag: tags.comment, color: "var(--muted)", fontStyle: "italic" },
  { tag: [tags.meta, tags.operator], color: "var(--muted)" },
]);

const ownChange = Annotation.define<boolean>();

/** Adds the PREFIX line as soon as a known prefix that the query does not declare is typed with its colon. */
function prefixAdder(vocabulary: () => Vocabulary) {
  return EditorView.updateListener.of((update) => {
    if (!update.docChanged || !update.transactions.some((one) => one.isUserEvent("input.type"))) return;
    const at = update.state.selection.main.head;
    const line = update.state.doc.lineAt(at);
    const prefix = prefixTyped(line.text.slice(0, at - line.from));
    const text = update.state.doc.toString();
    const iri = prefix ? vocabulary().prefixes[prefix] : undefined;
    if (!prefix || !iri || declared(text).has(prefix)) return;
    const from = prefixPlace(text);
    queueMicrotask(() => update.view.dispatch({
      changes: { from, insert: `PREFIX ${prefix}: <${iri}>\n` }, annotations: ownChange.of(true), userEvent: "input.prefix",
    }));
  });
}

export interface Editor {
  text: () => string;
  replace: (text: string) => void;
  focus: () => void;
  mark: (line: number, column: number, message: string) => void;
  unmark: () => void;
  goto: (line: number, column: number) => void;
}

/** Puts an editor with `text` into `host`. */
export function openEditor(host: HTMLElement, text: string, vocabulary: () => Vocabulary, keys: { run: () => void; cancel: () => boolean }): Editor {
  const root = host.attachShadow({ mode: "open" });
  const inner = document.createElement("div");
  root.append(inner);
  inner.style.height = "100%";
  const state = EditorState.create({
    doc: text,
    extensions: [
      Prec.highest(keymap.of([
        { key: "Mod-Enter", run: (view) => (closeCompletion(view), keys.run(), true) },
        { key: "Escape", run: () => keys.cancel() },
      ])),
      lineNumbers(), lintGutter(), history(), drawSelection(), bracketMatching(), closeBrackets(), highlightActiveLine(),
      StreamLanguage.define(sparql), syntaxHighlighting(tones),
      autocompletion({ override: [completions(vocabulary)], icons: false, maxRenderedOptions: 60, defaultKeymap: true }),
      keymap.of([...closeBracketsKeymap, ...completionKeymap, ...defaultKeymap, ...historyKeymap]),
      prefixAdder(vocabulary), EditorView.lineWrapping, look,
      EditorView.contentAttributes.of({ "aria-label": say("editor_label"), "aria-multiline": "true", spellcheck: "false" }),
    ],
  });
  const view = new EditorView({ state, parent: inner, root });
  const whole = () => view.state.doc.toString();
  return {
    text: whole,
    replace: (next) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: next }, selection: { anchor: 0 }, scrollIntoView: true }),
    focus: () => view.focus(),
    mark: (line, column, message) => {
      const from = offset(whole(), line, column);
      const word = /^[^\s]+/.exec(whole().slice(from))?.[0].length ?? 0;
      view.dispatch(setDiagnostics(view.state, [{ from: word ? from : Math.max(0, from - 1), to: from + word, severity: "error", message }]));
    },
    unmark: () => view.dispatch(setDiagnostics(view.state, [])),
    goto: (line, column) => {
      view.dispatch({ selection: { anchor: offset(whole(), line, column) }, scrollIntoView: true });
      view.focus();
    },
  };
}
