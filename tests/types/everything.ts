// A page script that uses all of window.sondeo before it has come and after it. It is compiled, never run.

import type { AnswerValue, FailureReason, IneligibleReason, Question, Sondeo, Survey } from "./sondeo";

// Before the script has come.
window.sondeo = window.sondeo || { q: [] };
sondeo.q.push(["track", "order-completed"]);
window.sondeo.q.push(["track", "purchase", { value: 129, items: [{ sku: "a" }] }], ["show", "faq"]);
window.sondeo.q.push(["on", "answered", (it) => it.question.toUpperCase()]);
sondeo.q.push(["on", "failed", ({ reason, status }) => console.log(reason, status ?? 0)]);
sondeo.q.push(["site", "https://surveys.example/sites/shop"]);
sondeo.q.push(
  ["identify", "u-1", { plan: "team", seats: 3, trial: false }],
  ["consent", true],
  ["reset"],
  ["hide"],
);
sondeo.q.push(["explain", "faq", (it) => console.log(it.due, it.reasons.length)]);
sondeo.q.push(["add", { template: "csat" }], ["add", [{ template: "nps", delay: "5s" }]]);
window.sondeo = {
  q: [
    ["track", "sign_up"],
    ["on", "ready", () => {}],
  ],
};

// After it.
const api: Sondeo = window.sondeo;
const version: string = api.version;
sondeo.show("faq");
sondeo.hide("faq");
sondeo.hide();
sondeo.track("order-completed");
sondeo.track("order-completed", { total: 12.5 });
sondeo.identify("u-1");
sondeo.identify(17, { plan: "team" });
sondeo.identify(null);
sondeo.identify(undefined, { plan: "team", beta: true });
sondeo.consent(true);
sondeo.reset();
window.sondeo?.track("purchase");

const end: () => void = sondeo.on("completed", (it) => console.log(version, it.survey, it.id));
end();
sondeo.on("skipped", ({ survey, reasons, until }) =>
  console.log(survey, reasons.includes("recontact"), until?.length),
);
sondeo.on("answered", ({ value }) => {
  const answer: AnswerValue = value;
  if (Array.isArray(answer)) answer.join();
});

const explain = async (id: string): Promise<IneligibleReason | undefined> => {
  const { due, reasons, until } = await sondeo.explain(id);
  if (due) return undefined;
  // Each reason is one of a known list, so that a page can have words for all of them.
  const first = reasons[0];
  switch (first) {
    case "consent":
    case "quiet":
      return until ? first : undefined;
    default:
      return first;
  }
};
void explain("faq");

const own: Survey = {
  id: "checkout",
  trigger: ["event:purchase", "visible:.order-done"],
  delay: "2s",
  url: "/checkout/** !/checkout/help",
  device: "mobile tablet",
  sample: "25%",
  recontact: "90d",
  snooze: "never",
  quiet: 0,
  per: "page",
  when: "plan=pro amount>=100",
  max_shows: 3,
  from: "2026-12-01",
  priority: 5,
  display: "popover",
  position: "bottom-left",
  theme: "auto",
  accent: "#0b7a75",
  endpoint: "/responses",
  format: "json",
  headers: { "x-team": "web" },
  fields: { why: "entry.123" },
  custom: { team: "shop" },
  push: "datalayer gtag",
  mask: ["card", "email"],
  thanks: { en: "Thank you!", es: "¡Gracias!" },
  logo: { src: "/logo.svg", alt: "Shop" },
  endings: [{ id: "happy", text: "Glad to hear it.", redirect: "/review?of={id}", after: "3s" }],
  questions: [
    {
      id: "ease",
      kind: "likert",
      points: 7,
      metric: "ces",
      look: "numbers",
      text: { en: "It was easy.", es: "Fue fácil." },
      low: "No",
      high: "Yes",
      next: [{ if: "<=3", go: "why" }, { go: "end" }],
    },
    { id: "useful", kind: "yes-no", metric: "helpful", look: "thumbs", text: "Useful?" },
    { id: "recommend", kind: "nps", metric: "nps", text: "Would you recommend us?" },
    {
      id: "time",
      kind: "choice",
      metric: "ttr",
      text: "How long?",
      other: "text",
      options: [{ id: "hour", text: "An hour", minutes: 60, image: { src: "/hour.svg", alt: "" } }],
    },
    {
      id: "what",
      kind: "choices",
      min: 1,
      max: 2,
      shuffle: true,
      other: true,
      text: "What?",
      options: [{ id: "a", text: "A" }],
    },
    {
      id: "why",
      kind: "text",
      lines: 3,
      max_length: 500,
      placeholder: "…",
      format: "plain",
      required: false,
      text: "Why?",
    },
  ],
};
sondeo.add(own);
sondeo.add([own, { template: "csat", id: "visit", question: "How was your visit?" }]);
const questions: Question[] = own.questions ?? [];
sondeo.add({ id: "again", questions });

// Events and the element.
const told: FailureReason[] = [];
document.addEventListener("sondeo:failed", (e) => told.push(e.detail.reason));
document.addEventListener("sondeo:ready", () => {});
document.addEventListener("sondeo:skipped", (e) => e.detail.reasons.map((it): IneligibleReason => it));
document.addEventListener("sondeo:shown", (e) => e.detail.survey);
document.addEventListener("sondeo:answered", (e) => [e.detail.question, e.detail.value, e.detail.id]);
document.addEventListener("sondeo:completed", (e) => e.detail.id);
document.addEventListener("sondeo:dismissed", (e) => e.detail.id);
document.addEventListener("sondeo:delivered", (e) => e.detail.id);
const widget = document.createElement("sondeo-widget");
widget.shadowRoot?.querySelector("fieldset");
document.querySelector("sondeo-widget")?.dataset.survey?.trim();
