// All of it is right, but for the lines after `@ts-expect-error`.
import { add, consent, explain, hide, identify, load, on, reset, show, track } from "sondeo";
import type { Attributes, Events, FailureReason, IneligibleReason, LoadOptions, Survey } from "sondeo";

const options: LoadOptions = {
  endpoint: "https://example.com/responses",
  survey: ["nps", "my-own"],
  trigger: ["event:purchase", "idle:30s"],
  maxShows: 2,
  privacySignal: "ignore",
  custom: { plan: "pro", seats: 3, trial: false },
  headers: { "x-team": "web" },
  debug: true,
  accent: undefined,
  site: "https://surveys.example/sites/shop",
  nonce: "abc",
};
const api = await load(options);
api?.show("nps");
load();
// @ts-expect-error Misspelt.
load({ maxShow: 2 });
// @ts-expect-error A word that there is not.
load({ theme: "blue" });
// @ts-expect-error No time.
load({ delay: "5 secs" });
// @ts-expect-error An attribute holds one language.
load({ question: { en: "How was it?" } });

const attributes: Attributes = { display: "bar", sample: "25%" };
const survey: Survey = { id: "a", questions: [{ id: "q", kind: "nps", text: { en: "?", es: "¿?" } }] };
add(survey);
add([survey, { template: "csat" }]);
show("a");
hide();
track("purchase", { total: 12 });
identify("u-1", { plan: "pro" });
consent(true);
reset();
const why: IneligibleReason[] = (await explain("a")).reasons;
const end: () => void = on("answered", ({ survey, question, value }) => console.log(survey, question, value));
on("failed", ({ reason }) => {
  const known: FailureReason = reason;
  console.log(known);
});
// @ts-expect-error No such event.
on("closed", () => {});
const detail: Events["completed"] = { survey: "a", id: "b" };
// The same on the page.
document.addEventListener("sondeo:answered", (event) => console.log(event.detail.question));
window.sondeo.track("a");
export { attributes, detail, end, why };
