// Shows the draft by the real widget: the application that frames this page says what and how.
const stage = document.getElementById("stage");
let turn = 0;
// What moves at its first showing stands still at the next keystroke.
const still = new CSSStyleSheet();
still.replaceSync("*, *::before, *::after { animation: none !important; transition: none !important; }");

/** The widget's element, wherever the survey stands. */
function widget() {
  const inside = stage.firstElementChild?.shadowRoot?.querySelector("sondeo-widget");
  return inside ?? document.querySelector("sondeo-widget");
}

/** Where the typing of keystrokes has made a new card, it stands as the last one stood. */
function hold(name) {
  const until = performance.now() + 3000;
  const look = () => {
    const host = widget();
    if (host?.dataset.survey === name && host.shadowRoot) {
      host.shadowRoot.adoptedStyleSheets = [...host.shadowRoot.adoptedStyleSheets, still];
    } else if (performance.now() < until) {
      requestAnimationFrame(look);
    }
  };
  look();
}

function show({ survey, display, lang, dir, dark, quiet, endpoint, name: id }) {
  const html = document.documentElement;
  html.lang = lang;
  html.dir = dir;
  html.classList.toggle("dark", dark);
  turn += 1;
  // A test answer is one to the survey itself. The page is loaded anew for another one.
  const name = endpoint ? id : `draft-${turn}`;
  // The engine takes the queue over when it comes; each turn has a name of its own, since what is shown stays as it is.
  window.sondeo ??= { q: [] };
  const call = window.sondeo.add
    ? (file) => window.sondeo.add(file)
    : (file) => window.sondeo.q.push(["add", file]);
  // It waits for its element, and for nothing else: by itself it would open beside it.
  call({ ...survey, id: name, preview: !endpoint, trigger: "manual" });
  const element = document.createElement("div");
  const said = {
    sondeo: name,
    trigger: "load",
    delay: "0",
    lang,
    theme: survey.theme === "light" || survey.theme === "dark" ? survey.theme : dark ? "dark" : "light",
    display: display ?? "popover",
    storage: "none",
    recontact: "always",
    snooze: "always",
    quiet: "0",
    ...(endpoint ? { endpoint } : { preview: "" }),
  };
  Object.assign(element.dataset, said);
  element.dataset.maxShows = "1000000";
  stage.replaceChildren(element);
  if (quiet) {
    hold(name);
  }
}

window.addEventListener("message", (event) => {
  if (event.origin === location.origin && event.source === parent && event.data?.survey) {
    show(event.data);
  }
});
for (const name of ["shown", "completed", "dismissed"]) {
  document.addEventListener(`sondeo:${name}`, () =>
    parent.postMessage({ preview: name, turn }, location.origin),
  );
}
parent.postMessage({ preview: "ready", turn }, location.origin);
