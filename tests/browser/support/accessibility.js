const plain = (text) => (text ?? "").replace(/\s+/g, " ").trim();

// Waits, as long as the page takes and no frame longer.
const eventually = async (look, what) => {
  const deadline = performance.now() + 15_000;
  for (let found; ;) {
    if ((found = look())) return found;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = resolve;
      port2.postMessage(null);
    });
  }
};

// Whether axe-core has looked at any text at all. It passes over Arabic; `faint` measures every text itself.
let hasSeenText = false;
const hasSeen = (found) => {
  if (!hasSeenText) throw new Error("axe-core has looked at no text");
  return found;
};

// What axe-core has against the surveys on the page as they are now (or the whole page), and what it leaves open.
const judge = async (place = { include: widgets() }) => {
  const restored = [];
  const replace = (object, name, make) => {
    const before = Object.getOwnPropertyDescriptor(object, name);
    restored.push(() => (before ? Object.defineProperty(object, name, before) : delete object[name]));
    object[name] = make(object[name]);
  };
  // It looks for what lies behind a text within <body>, and a survey that floats stands after it.
  replace(document, "createTreeWalker", (make) => (root, ...how) => {
    const walker = make.call(document, root === document.body ? document.documentElement : root, ...how);
    walker.currentNode = root;
    return walker;
  });
  // It believes that text is filled with what Chromium says, which is the colour that it had before it was forced.
  if (matchMedia("(forced-colors: active)").matches) {
    replace(
      CSSStyleDeclaration.prototype,
      "getPropertyValue",
      (get) =>
        function (name) {
          return get.call(this, name === "-webkit-text-fill-color" ? "color" : name);
        },
    );
  }
  const options = {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    resultTypes: ["violations", "incomplete"],
    // A number of one digit is text.
    checks: { "color-contrast": { options: { ignoreLength: true } } },
    iframes: false,
    preload: false,
  };
  const { violations, incomplete, passes } = await axe
    .run(place, options)
    .finally(() => restored.forEach((restore) => restore()));
  const rules = [violations, incomplete, passes].flat();
  hasSeenText ||= document.documentElement.lang === "ar" || rules.some(({ id }) => id === "color-contrast");
  const list = (rules, isCertain) =>
    rules.flatMap(({ id, impact, nodes }) =>
      nodes.map(({ target, html, failureSummary }) => ({
        ...{
          rule: id,
          impact,
          target: target.flat().join(" "),
          html,
          summary: plain(failureSummary),
          isCertain,
        },
      })),
    );
  return [...list(violations, true), ...list(incomplete, false)];
};

// A colour as the page computes it, in [red, green, blue, opacity], and as it looks on what is behind it.
const channels = (color) => {
  const numbers = color.match(/[\d.]+(?=[\s,)/%])/g)?.map(Number) ?? [];
  const scale = color.startsWith("color(srgb") ? 255 : 1;
  return [...numbers.slice(0, 3).map((it) => it * scale), numbers[3] ?? 1];
};
const over = (behind, color) => {
  const opacity = color[3];
  return [...behind.slice(0, 3).map((it, at) => it + (color[at] - it) * opacity), 1];
};

// What an element is painted on, itself included.
const ground = (element) => {
  if (!element) return [255, 255, 255, 1];
  const own = channels(getComputedStyle(element).backgroundColor);
  return own[3] === 1 ? own : over(ground(element.parentElement ?? element.getRootNode().host), own);
};

// The contrast of two opaque colours, as WCAG computes it.
const contrast = (...colors) => {
  const linear = (it) => (it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4);
  const [dark, light] = colors
    .map((color) => color.slice(0, 3).map((it) => linear(it / 255)))
    .map(([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue)
    .sort((one, other) => one - other);
  return (light + 0.05) / (dark + 0.05);
};

// Whether this is only there for who does not see: cut out, or of no size.
const isUnseen = (element) => {
  for (let it = element; it; it = it.parentElement) {
    const { clipPath, opacity } = getComputedStyle(it);
    if (clipPath !== "none" || opacity === "0") return true;
  }
  return box(element)
    .slice(2)
    .some((length) => length < 2);
};

// What axe-core does not measure: controls whose edge or drawing is too close to what it stands on (WCAG 1.4.11),
// and text that it passes over (WCAG 1.4.3).
const faint = () => {
  const found = [];
  const measure = (element, what, color, least = 3) => {
    const behind = ground(what === "text" ? element : element.parentElement);
    const ratio = contrast(behind, over(behind, channels(color)));
    if (ratio >= least) return;
    const summary = `The ${what} has a contrast of ${ratio.toFixed(2)} where ${least} is the least`;
    const target = `sondeo-widget ${element.localName}`;
    const rule = what === "text" ? "color-contrast" : "edge-contrast";
    found.push({ rule, impact: "serious", target, html: element.outerHTML, summary, isCertain: true });
  };
  const controls = "label, button, textarea, select, input:not([type=radio], [type=checkbox])";
  for (const { shadowRoot } of widgets()) {
    for (const element of shadowRoot.querySelectorAll("*")) {
      const hasText = [...element.childNodes].some((it) => it.nodeType === Node.TEXT_NODE && plain(it.data));
      if (hasText && element.checkVisibility() && !isUnseen(element)) {
        const { color, fontSize, fontWeight } = getComputedStyle(element);
        const isLarge = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.66 : 24);
        measure(element, "text", color, isLarge ? 3 : 4.5);
      }
    }
    for (const element of shadowRoot.querySelectorAll(controls)) {
      if (isUnseen(element)) continue;
      const { borderTopWidth, borderTopStyle, borderTopColor } = getComputedStyle(element);
      const hasEdge =
        borderTopStyle !== "none" && parseFloat(borderTopWidth) > 0 && channels(borderTopColor)[3] > 0;
      const isFilled = contrast(ground(element), ground(element.parentElement)) >= 3;
      if (hasEdge && !isFilled) measure(element, "edge", borderTopColor);
      const drawing = element.querySelector("svg");
      if (!drawing || plain(element.textContent)) continue;
      // A shape that is filled is seen by its line or by its filling, whichever stands out.
      const { color, fill } = getComputedStyle(drawing);
      const behind = ground(drawing.parentElement);
      const seen = (it) => (it === "none" ? 1 : contrast(behind, over(behind, channels(it))));
      measure(drawing, "drawing", seen(fill) > seen(color) ? fill : color);
    }
  }
  return found;
};

const inspect = async () => {
  // Colours that change begin to do so with the frame that shows them, and in WebKit no sooner.
  for (let round = 0; round < 2; round++) {
    for (const { shadowRoot } of widgets()) settle(shadowRoot);
    await frame();
  }
  return inspectNow();
};

// The same of surveys whose colours do not move.
const inspectNow = async () => {
  for (const { shadowRoot } of widgets()) settle(shadowRoot);
  return [...(await judge()), ...faint()];
};

// Goes through a survey from its first question to the thanks, and judges each state that it is in on the way.
//
// Colours change at once there: waiting for frames in each of some thousand states took most of the time in WebKit.
const walk = async (id) => {
  const root = await eventually(() => survey(id)?.shadowRoot, `the survey ${id}`);
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after { transition: none !important }");
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, still];
  const found = [];
  const look = async (state) => {
    for (const it of await inspectNow()) found.push({ ...it, state });
  };
  const step = () => root.querySelector("form, [part=thanks]");
  const tab = root.querySelector(".tab");
  if (tab) {
    await look("closed");
    tab.click();
  }
  let wentBack = false;
  for (;;) {
    const form = await eventually(step, `something of ${id}`);
    if (form.matches("[part=thanks]")) break;
    const { name } = form.querySelector("[name]");
    await look(`${name}, asked`);
    const back = form.querySelector("[part=back]");
    if (back && !wentBack) {
      wentBack = true;
      back.click();
      const before = await eventually(
        () => !form.isConnected && root.querySelector("form.answered"),
        "the way back",
      );
      await look(`${before.querySelector("[name]").name}, again`);
      before.requestSubmit();
      await eventually(() => !before.isConnected && step(), "the way on");
      continue;
    }
    const complaint = () => form.querySelector("[role=alert]")?.textContent;
    const hasNext = () => !form.isConnected && step();
    form.requestSubmit();
    await eventually(() => complaint() || hasNext(), `an answer to a submit of nothing`);
    if (hasNext()) continue;

    const field = form.querySelector("[value=no]") ?? form.querySelector("[name]");
    if (/radio|checkbox/.test(field.type)) field.checked = true;
    else field.value = "Words";
    await look(`${name}, refused, and then answered`);
    if (/radio|checkbox/.test(field.type)) {
      field.checked = false;
      field.click();
    } else field.dispatchEvent(new Event("input", { bubbles: true }));
    if (form.isConnected && field.type !== "radio") form.requestSubmit();
    await eventually(hasNext, `the step after ${name}`);
  }
  await look("thanks");
  return hasSeen(found);
};

// What assistive technology may meet in a survey. Browsers tell role and name of an element, not its state.
const exposed = (id) => {
  const elements = [...survey(id).shadowRoot.querySelectorAll("*")].filter(
    (it) =>
      it.checkVisibility({ visibilityProperty: true }) &&
      !it.closest("[aria-hidden=true], [inert]") &&
      !it.matches("svg:not([role]) *"),
  );
  return elements.map((element) => {
    const aria = (name) => element.getAttribute(`aria-${name}`);
    const described = (aria("describedby") ?? "")
      .split(/\s+/)
      .map((it) => element.getRootNode().getElementById(it));
    const hasChoice = /^(radio|checkbox)$/.test(element.type) && element.localName === "input";
    const states = [
      hasChoice && (element.checked ? "checked" : "unchecked"),
      aria("expanded") && (aria("expanded") === "true" ? "expanded" : "collapsed"),
      // A single radio cannot be required; its group can.
      ((element.required && element.type !== "radio") || aria("required") === "true") && "required",
      (aria("invalid") ?? "false") !== "false" && "invalid",
      element.matches(":disabled, [aria-disabled=true]") && "disabled",
      element.matches(":modal, [aria-modal=true]") && "modal",
    ];
    let parent = element.parentElement;
    while (parent && !elements.includes(parent)) parent = parent.parentElement;
    return {
      element,
      parent: parent && elements.indexOf(parent),
      text: plain(element.textContent),
      description: plain(described.map((it) => it?.innerText).join(" ")) || plain(aria("description")),
      states: states.filter(Boolean),
    };
  });
};

// Keeps what a screen reader would say of its own accord: every live region when it comes, and what it says then.
const listen = () => {
  const speech = (window.speech = []);
  const said = new WeakMap();
  const hear = () => {
    for (const { shadowRoot } of widgets()) {
      for (const region of shadowRoot?.querySelectorAll("[role=status], [role=alert], [aria-live], output") ??
        []) {
        const words = plain(region.textContent);
        if (said.get(region) === words) continue;
        said.set(region, words);
        speech.push(`${region.getAttribute("role") ?? region.localName} "${words}"`);
      }
    }
  };
  const observer = new MutationObserver(hear);
  const watch = () => {
    for (const { shadowRoot } of widgets()) {
      if (shadowRoot) observer.observe(shadowRoot, { childList: true, subtree: true, characterData: true });
    }
    hear();
  };
  new MutationObserver(watch).observe(document, { childList: true, subtree: true });
  watch();
};
