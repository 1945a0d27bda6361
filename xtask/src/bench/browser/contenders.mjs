// Who is measured. Selectors are looked up in every shadow root and same-origin frame. `ready` is the first answer
// control; `steps` answer and submit; the last click starts the clock that `sent` (the request with the answer) stops.
export const contenders = {
  empty: { page: "/pages/empty.html" },
  floor: {
    title: "hand-written widget (the floor)",
    page: "/pages/floor.html",
    ready: ".scale label",
    sent: (post) => post.url === "/api/floor",
    steps: [{ click: ".scale label:nth-child(4)" }, { click: "form > button:not([type])" }],
  },
  sondeo: {
    title: "**Sondeo**",
    page: "/pages/sondeo.html",
    ready: "label[part=option]",
    sent: (post) => post.url === "/api/responses",
    steps: [{ click: "label[part=option]:nth-of-type(4)" }],
  },
  formbricks: {
    title: "Formbricks' renderer of 2024 alone",
    page: "/pages/formbricks.html",
    ready: "#fbjs fieldset label",
    sent: (post) => post.url.endsWith("/responses"),
    steps: [{ click: "#fbjs span:nth-child(4) > label" }],
  },
  sentry: {
    title: "Sentry feedback, lazy (a text field)",
    page: "/pages/sentry-lazy.html",
    ready: "textarea[name=message]",
    sent: (post) => post.body.includes('"type":"feedback"'),
    steps: [{ click: "textarea[name=message]" }, { type: "Satisfied" }, { click: "button[type=submit]" }],
  },
  sprig: {
    title: "Sprig",
    page: "/pages/sprig.html",
    ready: ".ul-card--likert button",
    sent: (post) => post.url.includes("/responses/submit"),
    steps: [{ click: ".ul-card--likert button:nth-of-type(4)" }],
  },
  posthog: {
    title: "PostHog",
    page: "/pages/posthog.html",
    ready: ".ratings-number",
    sent: (post) => post.body.includes("survey sent"),
    steps: [{ click: ".ratings-number:nth-of-type(4)" }, { click: ".form-submit" }],
  },
};
