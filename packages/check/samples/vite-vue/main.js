import { load } from "sondeo";
import { Sondeo } from "sondeo/vue";
import { createApp, h, ref } from "vue";

load({ endpoint: "/responses" });

const title = ref("Vue");
createApp({
  render: () =>
    h("main", [
      h("h1", title.value),
      h(Sondeo, {
        survey: "nps",
        lang: "es",
        custom: { article: 7 },
        class: "survey",
        onAnswered: ({ value }) => (document.title = `answered ${value}`),
      }),
    ]),
}).mount("#root");
