import { Sondeo } from "sondeo/vue";
import { createApp, h, reactive } from "vue";

const log = [];
const state = reactive({ survey: "nps", article: 1 });
const app = createApp({
  render: () =>
    h(Sondeo, {
      survey: state.survey,
      custom: { article: state.article },
      id: "vue",
      onAnswered: ({ value }) => log.push(`${state.article}: ${value}`),
      onFailed: ({ reason }) => log.push(reason),
    }),
});
app.mount("#root");
window.vue = { log, change: (next) => Object.assign(state, next), end: () => app.unmount() };
