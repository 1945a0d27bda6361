// The floor: the smallest micro-survey that one would write by hand for one page. One question on a scale of five in a
// shadow root, keyboard, focus, an error line; no trigger, no targeting, no languages, no outbox, no build step.
const css = `
:host { all: initial; position: fixed; right: 16px; bottom: 16px; z-index: 2147483647; box-sizing: border-box;
  width: min(360px, calc(100vw - 32px)); padding: 16px; border: 1px solid #bbb; border-radius: 8px; background: #fff;
  color: #1b1b1b; font: 16px/1.4 system-ui, sans-serif; box-shadow: 0 4px 16px #0003 }
fieldset { margin: 0; padding: 0; border: 0 }
legend { padding: 0 32px 12px 0; font-weight: 600 }
.scale { display: grid; grid-template-columns: repeat(5, 1fr); gap: 6px }
label { position: relative; display: grid; place-items: center; height: 44px; border: 1px solid #767676; border-radius: 6px; cursor: pointer }
label:hover { background: #eef3fb }
label:has(:checked) { background: #0b57d0; border-color: #0b57d0; color: #fff }
label:has(:focus-visible) { outline: 3px solid #0b57d0; outline-offset: 2px }
input { position: absolute; inset: 0; margin: 0; opacity: 0; cursor: pointer }
.ends { display: flex; justify-content: space-between; margin: 6px 0 12px; font-size: 14px; color: #444 }
button { font: inherit; cursor: pointer; border-radius: 6px; border: 1px solid #0b57d0; background: #0b57d0; color: #fff; padding: 8px 16px }
button:disabled { border-color: #999; background: #eee; color: #595959; cursor: default }
button:focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px }
.close { position: absolute; top: 8px; right: 8px; width: 32px; height: 32px; padding: 0; border: 0; background: none; color: #444 }
.error { margin: 8px 0 0; color: #b3261e }
`;

class FloorSurvey extends HTMLElement {
  #root = this.attachShadow({ mode: "open" });
  #before = document.activeElement;
  #survey;

  constructor(survey) {
    super();
    this.#survey = survey;
    const style = new CSSStyleSheet();
    style.replaceSync(css);
    this.#root.adoptedStyleSheets = [style];
  }

  connectedCallback() {
    const { question, low, high } = this.#survey;
    const form = document.createElement("form");
    this.setAttribute("role", "dialog");
    this.setAttribute("aria-label", question);
    form.innerHTML = `
      <fieldset role="radiogroup" aria-labelledby="q" aria-describedby="low high"><legend id="q"></legend><div class="scale"></div></fieldset>
      <div class="ends"><span id="low"></span><span id="high"></span></div>
      <button disabled>Send</button>
      <button type="button" class="close" aria-label="Close">\u2715</button>
      <p class="error" role="alert" hidden>That did not work. Please try again.</p>`;
    for (const [id, text] of [
      ["q", question],
      ["low", low],
      ["high", high],
    ])
      form.querySelector("#" + id).textContent = text;
    for (let value = 1; value <= 5; value++) {
      const label = document.createElement("label");
      const input = Object.assign(document.createElement("input"), {
        type: "radio",
        name: "a",
        value,
        required: true,
      });
      label.append(input, String(value));
      form.querySelector(".scale").append(label);
    }
    form.onchange = () => (form.querySelector("button").disabled = false);
    form.onsubmit = (event) => {
      event.preventDefault();
      this.#send(form);
    };
    form.onkeydown = (event) => event.key == "Escape" && this.#close();
    form.querySelector(".close").onclick = () => this.#close();
    this.#root.append(form);
  }

  async #send(form) {
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const response = await fetch(this.#survey.url, {
        method: "POST",
        keepalive: true,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ survey: this.#survey.id, answer: Number(form.a.value) }),
      });
      if (!response.ok) throw new Error(String(response.status));
      form.innerHTML = '<p role="status">Thank you</p>';
      setTimeout(() => this.#close(), 2000);
    } catch {
      button.disabled = false;
      form.querySelector(".error").hidden = false;
    }
  }

  #close() {
    this.remove();
    if (this.#before?.isConnected) this.#before.focus();
  }
}
customElements.define("floor-survey", FloorSurvey);

window.__show = () =>
  document.body.append(
    new FloorSurvey({
      id: "s1",
      url: "/api/floor",
      question: "How satisfied are you with this page?",
      low: "Not at all",
      high: "Very much",
    }),
  );
if (location.search === "?auto") __show();
