// The editor of the survey file: CodeMirror in the place of a text field, which stays what the studio reads and writes.
//
// It stands in a shadow root: a page whose policy allows no inline styles gets CodeMirror's by adopted style sheets there.

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  startCompletion,
} from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { json, jsonParseLinter } from "@codemirror/lang-json";
import {
  HighlightStyle,
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
import { linter } from "@codemirror/lint";
import { Annotation, Compartment, EditorState } from "@codemirror/state";
import { EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { keys, values } from "./schema.js";

/** @typedef {import("@lezer/common").SyntaxNode} SyntaxNode */

/** Marks what the studio writes, which is not told to the studio again. */
const isTold = Annotation.define();

/**
 * Where a node of the file stands in it: keys, and places in lists.
 * @param {SyntaxNode | null} node
 * @param {(node: SyntaxNode) => string} text
 */
const pathOf = (node, text) => {
  const path = [];
  for (let it = node; it; it = it.parent) {
    if (it.name == "Property") {
      const name = it.getChild("PropertyName");
      if (name && name.from != node?.from) path.unshift(parsed(text(name)) ?? "");
    } else if (it.parent?.name == "Array" && !"[],".includes(it.name)) {
      let place = 0;
      for (let before = it.prevSibling; before; before = before.prevSibling)
        if (!"[],".includes(before.name)) place++;
      path.unshift(place);
    }
  }
  return path;
};

const parsed = (/** @type {string} */ text) => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/**
 * Offers the keys that an object may have and does not have yet, and the values that a key may have.
 * @type {import("@codemirror/autocomplete").CompletionSource}
 */
export const complete = (context) => {
  const { state, pos } = context;
  const text = (/** @type {SyntaxNode} */ node) => state.sliceDoc(node.from, node.to);
  const node = syntaxTree(state).resolveInner(pos, -1);
  const inText = ["String", "PropertyName"].includes(node.name) && node.from < pos;
  const word = context.matchBefore(/[\w-]+/);
  if (!inText && !word && !context.explicit && !/[{[,:]\s*$/.test(state.sliceDoc(0, pos).slice(-20)))
    return null;
  const before = state.sliceDoc(Math.max(0, pos - 200), inText ? node.from : (word?.from ?? pos));
  const isValue = /:\s*$/.test(before);
  const inList = node.name == "Array" || (node.parent?.name == "Array" && node.name != "Object");
  // CodeMirror compares what stands between here and the caret: without quotes.
  const from = inText ? node.from + 1 : (word?.from ?? pos);
  const apply =
    (/** @type {string} */ insert, /** @type {number} */ caret, /** @type {boolean} */ goesOn) =>
    (/** @type {EditorView} */ view, /** @type {unknown} */ _, /** @type {number} */ start) => {
      start -= inText ? 1 : 0;
      const changes = { from: start, to: end(view.state), insert };
      view.dispatch({ changes, selection: { anchor: start + caret }, userEvent: "input.complete" });
      // Not before this list is closed.
      if (goesOn) setTimeout(() => startCompletion(view));
    };
  if (isValue || (inList && node.name != "PropertyName")) {
    const own = node.name == "Property" || node.name == "Object" ? lastProperty(node) : node;
    const path = pathOf(own, text);
    const found = values(isValue && own?.name == "PropertyName" ? [...path, parsed(text(own)) ?? ""] : path);
    const options = found.map((value) => {
      const json = JSON.stringify(value);
      return { label: String(value), type: "enum", apply: apply(json, json.length, false) };
    });
    return { from, options };
  }
  let object = node;
  while (object.name != "Object" && object.parent) object = object.parent;
  if (object.name != "Object") return null;
  const there = object.getChildren("Property").map((it) => it.getChild("PropertyName"));
  const taken = there.filter((it) => it && it.from != node.from).map((it) => it && parsed(text(it)));
  const isNew = !/^"?\s*:/.test(state.sliceDoc(pos, pos + 20));
  const options = keys(pathOf(object, text))
    .filter(({ key }) => !taken.includes(key))
    .map(({ key, about, value }) => {
      const insert = JSON.stringify(key) + (isNew ? `: ${value}` : "");
      const isWithin = isNew && value.length > 1;
      return {
        label: key,
        type: "property",
        detail: about.split(/[:,.;] /)[0],
        info: about,
        apply: apply(insert, insert.length - (isWithin ? 1 : 0), isWithin),
      };
    });
  return { from, options };
};

/** The end of the word or the text in which the caret is. */
const end = (/** @type {EditorState} */ state) => {
  const pos = state.selection.main.head;
  const node = syntaxTree(state).resolveInner(pos, -1);
  return ["String", "PropertyName"].includes(node.name) && node.from < pos ? node.to : pos;
};

/** Of an object in the making, the key that waits for its value. */
const lastProperty = (/** @type {SyntaxNode} */ node) => {
  const property = node.name == "Property" ? node : node.getChildren("Property").at(-1);
  return property?.getChild("PropertyName") ?? node;
};

/** In the studio's colours, light and dark. */
const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: "var(--accent)" },
  { tag: tags.string, color: "var(--ink)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--warn)" },
  { tag: [tags.punctuation, tags.bracket, tags.separator], color: "var(--soft)" },
]);

const look = EditorView.theme({
  "&": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--strong)",
    borderRadius: "8px",
    fontSize: "0.875rem",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "1px" },
  ".cm-scroller": {
    fontFamily: "ui-monospace, monospace",
    lineHeight: "1.6",
    maxHeight: "70vh",
    minHeight: "24rem",
  },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--soft)", border: "none" },
  ".cm-activeLine, .cm-activeLineGutter": {
    backgroundColor: "color-mix(in srgb, currentcolor 6%, transparent)",
  },
  ".cm-cursor": { borderLeftColor: "currentcolor" },
  ".cm-tooltip": {
    color: "var(--ink)",
    backgroundColor: "var(--surface)",
    border: "1px solid var(--edge)",
    borderRadius: "8px",
  },
  ".cm-tooltip.cm-completionInfo": {
    maxWidth: "20rem",
    padding: "0.5rem 0.75rem",
    font: "0.8125rem/1.5 system-ui",
  },
  ".cm-tooltip-autocomplete > ul > li": { padding: "0.25rem 0.5rem" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    color: "var(--on-accent)",
    background: "var(--accent)",
  },
  ".cm-completionDetail": { fontStyle: "normal", opacity: "0.75" },
  ".cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--accent) 30%, transparent)",
  },
});

/**
 * Puts the editor in the place of a text field. What is typed there is the field's value and fires its `input`; a value that
 * is given to the field is shown.
 * @param {HTMLTextAreaElement} field
 */
export const edit = (field) => {
  if (field.hidden) return;
  const host = document.createElement("div");
  host.className = "code-editor";
  host.dir = "ltr";
  const root = host.attachShadow({ mode: "open" });
  field.after(host);
  const name = () => field.labels?.[0]?.textContent ?? "";
  const named = new Compartment();
  const attributes = () => {
    const invalid = field.getAttribute("aria-invalid");
    return EditorView.contentAttributes.of({
      "aria-label": name(),
      ...(invalid ? { "aria-invalid": invalid } : {}),
    });
  };
  const view = new EditorView({
    parent: root,
    root,
    state: EditorState.create({
      doc: field.value,
      extensions: [
        lineNumbers(),
        foldGutter(),
        history(),
        drawSelection(),
        highlightActiveLine(),
        bracketMatching(),
        closeBrackets(),
        indentOnInput(),
        EditorView.lineWrapping,
        json(),
        syntaxHighlighting(colours),
        linter(jsonParseLinter(), { delay: 400 }),
        autocompletion({ override: [complete], icons: false }),
        // No Tab: whoever comes by keyboard gets out by it.
        keymap.of([
          ...closeBracketsKeymap,
          ...completionKeymap,
          ...historyKeymap,
          ...foldKeymap,
          ...defaultKeymap,
        ]),
        named.of(attributes()),
        look,
        EditorView.updateListener.of((update) => {
          if (!update.docChanged || update.transactions.some((it) => it.annotation(isTold))) return;
          write(update.state.doc.toString());
          field.dispatchEvent(new Event("input", { bubbles: true }));
        }),
      ],
    }),
  });
  const value = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value");
  const write = (/** @type {string} */ text) => value?.set?.call(field, text);
  Object.defineProperty(field, "value", {
    configurable: true,
    get: () => view.state.doc.toString(),
    set: (text) => {
      const now = view.state.doc.toString();
      write(text);
      // Line ends are the file's own; the editor's are "\n" alone.
      if (now == text.replace(/\r\n?/g, "\n")) return;
      const { main } = view.state.selection;
      const [anchor, head] = [main.anchor, main.head].map((it) => Math.min(it, text.length));
      view.dispatch({
        changes: { from: 0, to: now.length, insert: text },
        selection: { anchor, head },
        annotations: isTold.of(true),
      });
    },
  });
  field.focus = () => view.focus();
  field.hidden = true;
  new MutationObserver(() => view.dispatch({ effects: named.reconfigure(attributes()) })).observe(field, {
    attributes: true,
    attributeFilter: ["aria-invalid"],
  });
};
