// For a browser that cannot be told of its visitor: whatever is asked about them from here on, by sheets and by
// scripts, is answered beforehand.
const pretend = (isDark, reducesMotion) => {
  const answers = [
    ["prefers-color-scheme", "dark", isDark],
    ["prefers-color-scheme", "light", !isDark],
    ["prefers-reduced-motion", "reduce", reducesMotion],
    ["prefers-reduced-motion", "no-preference", !reducesMotion],
  ];
  const { matchMedia } = window;
  window.matchMedia = (query) => {
    const plain = query.replace(/\s/g, "");
    const known = answers.find(([feature, value]) => plain === `(${feature}:${value})`);
    return known ? Object.assign(new EventTarget(), { matches: known[2], media: query }) : matchMedia(query);
  };
  const { replaceSync } = CSSStyleSheet.prototype;
  CSSStyleSheet.prototype.replaceSync = function (text) {
    for (const [feature, value, holds] of answers) {
      const asked = new RegExp(`\\(\\s*${feature}\\s*:\\s*${value}\\s*\\)`, "g");
      text = text.replace(asked, holds ? "(min-width: 0)" : "(max-width: 0)");
    }
    if (isDark) text = text.replace(/color-scheme\s*:\s*light dark/g, "color-scheme: dark");
    return replaceSync.call(this, text);
  };
};

// Makes a survey's text so many times as large, as browsers do that enlarge text only; also what comes later.
const enlarge = (id, times) => {
  const root = survey(id).shadowRoot;
  const apply = () => {
    const elements = [...root.querySelectorAll("*")];
    elements.forEach((it) => {
      // Sizes are read at once, not on their way.
      it.style.setProperty("transition", "none", "important");
      it.style.removeProperty("font-size");
    });
    const sizes = elements.map((it) => parseFloat(getComputedStyle(it).fontSize) * times);
    elements.forEach((it, at) => it.style.setProperty("font-size", `${sizes[at]}px`, "important"));
  };
  new MutationObserver(apply).observe(root, { childList: true, subtree: true });
  apply();
};
