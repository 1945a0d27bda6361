// Without a framework: a survey above the page, which an event makes due.
import { load, on, track } from "sondeo";

load({ endpoint: "/responses", survey: "nps", trigger: "event:done", lang: "es", custom: { article: 7 } });
on("answered", ({ value }) => (document.title = `answered ${value}`));
track("done");
