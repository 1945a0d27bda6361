// What must not compile. The compiler complains of each comment that expects an error where there is none.

// @ts-expect-error: no such call
sondeo.ask("faq");
// @ts-expect-error: the name of a survey is needed
sondeo.show();
// @ts-expect-error: consent is given or not
sondeo.consent("yes");
// @ts-expect-error: what cannot be passed on
sondeo.identify("u-1", { plan: { name: "team" } });
// @ts-expect-error: no such event
sondeo.on("closed", () => {});
// @ts-expect-error: nothing to call back
sondeo.on("completed");
// @ts-expect-error: what it does not tell
sondeo.on("shown", (it) => it.question);
// @ts-expect-error: no such call
sondeo.q.push(["ask", "faq"]);
// @ts-expect-error: an event needs its name
sondeo.q.push(["track"]);
// @ts-expect-error: a call is an array
sondeo.q.push("track", "order-completed");
// @ts-expect-error: no such event
sondeo.q.push(["on", "closed", () => {}]);
// @ts-expect-error: no queue
window.sondeo = {};
// @ts-expect-error: it says itself which version it is
sondeo.version = "2";

sondeo.on("failed", ({ reason }) => {
  // @ts-expect-error: no such reason
  if (reason === "timeout") return;
});
document.addEventListener("sondeo:failed", (e) => {
  // @ts-expect-error: no such reason
  if (e.detail.reason === "timeout") return;
});
void sondeo.explain("faq").then(({ reasons }) => {
  // @ts-expect-error: no such reason
  reasons.includes("tired");
});

// @ts-expect-error: neither a template nor an id
sondeo.add({ delay: "2s" });
// @ts-expect-error: no questions, and no template to have them
sondeo.add({ id: "own" });
// @ts-expect-error: no such template
sondeo.add({ template: "csta" });
// @ts-expect-error: no such key
sondeo.add({ template: "csat", dely: "2s" });
// @ts-expect-error: no time
sondeo.add({ template: "csat", delay: "5 secs" });
// @ts-expect-error: no such display
sondeo.add({ template: "csat", display: "modal" });
// @ts-expect-error: no such kind
sondeo.add({ id: "own", questions: [{ id: "a", kind: "liket", text: "A?" }] });
// @ts-expect-error: a choice needs options
sondeo.add({ id: "own", questions: [{ id: "a", kind: "choice", text: "A?" }] });
// @ts-expect-error: a metric of another kind
sondeo.add({ id: "own", questions: [{ id: "a", kind: "nps", metric: "csat", text: "A?" }] });
// @ts-expect-error: more points than there are
sondeo.add({ id: "own", questions: [{ id: "a", kind: "likert", points: 40, text: "A?" }] });
export {};
