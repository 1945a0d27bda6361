// A draft on its author's own page, as visitors would meet it: fetched only where the address has the key of a preview
// (issue 16). Nothing is stored, and nothing is sent.
//
// The draft comes from the collector that the page names already, and from no other: whoever writes a link to the page
// must not choose what stands in it.

const key = /[#&?]sondeo=preview:([\w-]+)/.exec(location.hash)?.[1];

/** @type {Record<string, [string, string]>} */
const words = {
  only: ["A preview: only you see this survey.", "Vista previa: solo tú ves esta encuesta."],
  again: ["Again", "Otra vez"],
  close: ["Close the preview", "Cerrar la vista previa"],
  over: [
    "This preview is over. Open a new one in the studio.",
    "Esta vista previa ha caducado. Abra otra en el estudio.",
  ],
  wrong: [
    "The draft cannot be asked as it is. The studio says what is wrong with it.",
    "El borrador no se puede preguntar tal como está. El estudio dice qué falla.",
  ],
  unreachable: [
    "The draft did not come from {}. Does the page's Content-Security-Policy (connect-src) allow it?",
    "El borrador no llegó de {}. ¿Lo permite la Content-Security-Policy (connect-src) de la página?",
  ],
  nowhere: [
    "This page does not say where its collector is: it needs the tag that the studio gives.",
    "Esta página no dice dónde está su colector: necesita la etiqueta que da el estudio.",
  ],
};
const isSpanish = navigator.language.startsWith("es");
const say = (/** @type {string} */ name) => words[name]?.[isSpanish ? 1 : 0] ?? "";

/** Where the draft is: beside the page's own plan, or beside the endpoint of its tag. */
const source = () => {
  const file = `previews/${key}.json`;
  const { site } = window.sondeo;
  if (site) return new URL(file, site);
  const tags = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-endpoint]"));
  const endpoints = [...tags].map((it) => it.dataset.endpoint ?? "");
  const endpoint = endpoints.find((it) => /\/v1\/responses$/.test(it));
  return endpoint && new URL("../sites/default/" + file, new URL(endpoint, document.baseURI));
};

const ribbon = document.createElement("div");
const told = document.createElement("span");
const style = new CSSStyleSheet();
style.replaceSync(`
  section {
    position: fixed; inset: 6px 0 auto; z-index: 2147483647; box-sizing: border-box; inline-size: fit-content;
    max-inline-size: calc(100% - 12px); margin-inline: auto; padding: 6px 8px 6px 16px;
    display: flex; flex-wrap: wrap; align-items: center; gap: 4px 12px;
    border: 1px solid #fff; border-radius: 12px; background: #1f2937; color: #fff; font: 14px/1.4 system-ui, sans-serif;
  }
  button {
    min-block-size: 32px; padding: 0 12px; border: 1px solid #fff; border-radius: 6px; background: none; color: inherit;
    font: inherit; cursor: pointer;
  }
  button:focus-visible { outline: 3px solid #93c5fd; outline-offset: 1px; }
  @media print { section { display: none; } }
`);

/** The element that the survey of this showing stands for. @type {HTMLElement | undefined} */
let shown;
let turn = 0;

const show = async () => {
  shown?.remove();
  shown = undefined;
  const address = source();
  if (!address) return say("nowhere");
  let answer;
  try {
    answer = await fetch(address, { cache: "no-store" });
  } catch {
    return say("unreachable").replace("{}", address.origin);
  }
  if (!answer.ok) return say(answer.status == 422 ? "wrong" : "over");
  const file = await answer.json();
  // What is shown stays as it is, so that each showing has a name of its own.
  const name = `preview-${++turn}`;
  const survey = { ...file, id: name, preview: true, trigger: "manual" };
  const api = window.sondeo;
  if (api.add) api.add(survey);
  else api.q.push(["add", survey]);
  shown = document.createElement("div");
  Object.assign(shown.dataset, {
    sondeo: name,
    trigger: "load",
    delay: "0",
    storage: "none",
    recontact: "always",
    snooze: "always",
    quiet: "0",
    maxShows: "1000000",
    preview: "",
  });
  // Where the page has a place for it, it stands there; elsewhere an element would take it for its own.
  const place = document.querySelector(`[data-sondeo~="${file.id}"]`);
  if (file.display || !place) shown.dataset.display = file.display ?? "popover";
  if (place) place.after(shown);
  else document.body.append(shown);
  if (file.display == "inline") shown.scrollIntoView({ block: "center" });
  return say("only");
};

const button = (/** @type {string} */ label, /** @type {() => void} */ act) => {
  const button = document.createElement("button");
  button.textContent = label;
  button.onclick = act;
  return button;
};

const again = async () => {
  told.textContent = "";
  told.textContent = await show();
};

if (key) {
  const section = document.createElement("section");
  section.lang = isSpanish ? "es" : "en";
  section.dir = "ltr";
  section.setAttribute("aria-label", say("only"));
  told.setAttribute("role", "status");
  const close = () => {
    shown?.remove();
    ribbon.remove();
  };
  section.append(told, button(say("again"), again), button(say("close"), close));
  const root = ribbon.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [style];
  root.append(section);
  document.body.append(ribbon);
  again();
}
