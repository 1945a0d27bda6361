import { StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import { Sondeo } from "sondeo/react";

/** @type {string[]} */
const log = [];
let set;
const App = () => {
  const [state, change] = useState({ survey: "nps", article: 1 });
  set = change;
  return (
    <Sondeo
      survey={state.survey}
      custom={{ article: state.article }}
      id="react"
      onAnswered={({ value }) => log.push(`${state.article}: ${value}`)}
      onFailed={({ reason }) => log.push(reason)}
    />
  );
};
// Strict: effects run twice, and nothing may be told twice.
const root = createRoot(document.getElementById("root"));
root.render(<StrictMode><App /></StrictMode>);
window.react = { log, change: (state) => set(state), end: () => root.unmount() };
