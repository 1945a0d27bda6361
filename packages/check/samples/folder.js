// The widget's folder is served as it is, and not bundled.
import { load, on, track } from "sondeo";

load({
  src: "/embed/sondeo.js",
  endpoint: "/responses",
  survey: "nps",
  trigger: "event:done",
  lang: "es",
  custom: { article: 7 },
});
on("answered", ({ value }) => (document.title = `answered ${value}`));
track("done");
