const $ = (css) => document.querySelector(css);
const all = (css) => [...document.querySelectorAll(css)];
// Inline surveys stand in a shadow root of their element; elements may stand in one as well.
const within = (root) => [
  ...root.querySelectorAll("sondeo-widget"),
  ...[...root.querySelectorAll("*")].flatMap(({ shadowRoot, localName }) =>
    shadowRoot && localName !== "sondeo-widget" ? within(shadowRoot) : [],
  ),
];
const widgets = () => within(document);
const survey = (id) => widgets().find((it) => it.dataset.survey === id) ?? null;
// The element of the page that an inline survey stands in.
const placeOf = (id) => survey(id)?.getRootNode().host ?? survey(id)?.parentElement;
const inside = (id, css) => survey(id)?.shadowRoot?.querySelector(css) ?? null;
const input = (id, name, value) => inside(id, `input[name="${name}"][value="${value}"]`);
const legend = (id) => inside(id, "legend")?.firstChild?.textContent ?? null;

const box = (element) => {
  const { x, y, width, height } = element.getBoundingClientRect();
  return [x, y, width, height];
};

// What lies at a point, seen through shadow roots.
const at = (x, y) => {
  let found = null;
  for (let root = document; root; root = found?.shadowRoot) {
    const next = root.elementFromPoint(x, y);
    if (!next || next === found) break;
    found = next;
  }
  return found;
};

const focused = () => {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element;
};

// Ends what moves inside.
const settle = (root) => root.getAnimations().forEach((it) => it.finish());

// A browser that draws nothing gives no frames.
const frame = () =>
  new Promise((resolve) => {
    requestAnimationFrame(resolve);
    setTimeout(resolve, 200);
  });

const idle = async () => {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) =>
      window.requestIdleCallback ? requestIdleCallback(resolve, { timeout: 1000 }) : setTimeout(resolve, 50),
    );
    await frame();
  }
};

// Where to point at an element: its middle, once it has come to rest in view.
const aim = async (element) => {
  let before = "";
  for (;;) {
    const [x, y, width, height] = box(element);
    if (y < 0 || y + height > innerHeight) element.scrollIntoView({ block: "center", behavior: "instant" });
    const now = String(box(element));
    if (now === before) {
      const point = [Math.round(x + width / 2), Math.round(y + height / 2)];
      const found = at(...point);
      const reached = element.contains(found) || found?.closest("label")?.control === element;
      if (!reached) throw new Error(`it is covered by ${found?.outerHTML.slice(0, 200)}`);
      return point;
    }
    before = now;
    await frame();
    await frame();
  }
};

// Every element inside a survey: where it stands in there, and what it looks like.
const portrait = (id) => {
  const [left, top] = box(survey(id));
  return [survey(id), ...survey(id).shadowRoot.querySelectorAll("*")].map((element) => {
    const [x, y, width, height] = box(element);
    const place = [x - left, y - top, width, height].map(Math.round);
    const style = getComputedStyle(element);
    const looks = [
      "display",
      "color",
      "backgroundColor",
      "fontSize",
      "transform",
      "visibility",
      "opacity",
      "position",
    ];
    return [element.localName, ...place, ...looks.map((look) => style[look])].join(" ");
  });
};

// How far a survey is from the right and from the lower edge of the window, scroll bars aside.
const corner = (id) => {
  const { right, bottom } = survey(id).getBoundingClientRect();
  const bar = (side) => (side < 40 ? side : 0);
  const { clientWidth, clientHeight } = document.scrollingElement;
  return [
    innerWidth - bar(innerWidth - clientWidth) - right,
    innerHeight - bar(innerHeight - clientHeight) - bottom,
  ];
};

const engineRequests = () =>
  performance.getEntriesByType("resource").filter((it) => /\/sondeo-[0-9a-f]+\.(js|wasm)$/.test(it.name));

// Why a survey is not shown, once its trigger has happened.
const reasons = async (id) => {
  for (;;) {
    const explained = await sondeo.explain(id);
    if (!explained.reasons.includes("trigger")) return explained.reasons;
    await frame();
  }
};

// Where the page's own elements stand, whatever the window has scrolled to.
const scene = () =>
  [...document.querySelectorAll("header, main *, footer")]
    .filter((element) => !element.closest("sondeo-widget") && !element.closest("svg"))
    .map((element) => {
      const [x, y, width, height] = box(element);
      return [element.localName, element.id, x + scrollX, y + scrollY, width, height].join(" ");
    });

// What the browser itself counts as layout shift; only Chromium does.
const shifts = async () => {
  const found = [];
  const observer = new PerformanceObserver((list) => found.push(...list.getEntries()));
  observer.observe({ type: "layout-shift", buffered: true });
  await idle();
  return found.map((it) => `${it.value} ${it.sources.map((source) => source.node?.nodeName)}`);
};

// Where a box stands in the window: at the start, in the middle or at the end of each axis.
const spot = ([x, y, width, height]) => {
  const { clientWidth } = document.scrollingElement;
  const place = (before, after, words) => words[Math.abs(before - after) < 2 ? 1 : before < after ? 0 : 2];
  const across = place(x, clientWidth - x - width, ["left", "middle", "right"]);
  return `${place(y, innerHeight - y - height, ["top", "middle", "bottom"])} ${across}`;
};

// Whether the focus is somewhere inside a survey.
const hasFocus = (id) => !!survey(id)?.shadowRoot?.activeElement;

// Whether something of an element can be seen and hit where it stands.
const isInSight = (element) => {
  const [x, y, width, height] = box(element);
  const points = [
    [1, 1],
    [width / 2, height / 2],
    [width - 1, height - 1],
  ];
  return points.some(([right, down]) => element.contains(at(x + right, y + down)));
};

// Whether an element has more in it than it has room for sideways, or stands out of its card.
const runsOut = (element) => {
  const { clipPath, display, overflowX } = getComputedStyle(element);
  if (clipPath !== "none" || /inline|contents|none/.test(display)) return false;
  const card = box(element.closest(".card") ?? element);
  const [x, , width] = box(element);
  if (x < card[0] - 1 || x + width > card[0] + card[2] + 1) return true;
  return overflowX !== "hidden" && element.scrollWidth > element.clientWidth + 1;
};
