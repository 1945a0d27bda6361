import { createRoot } from "react-dom/client";
import { load } from "sondeo";
import { Sondeo } from "sondeo/react";

load({ endpoint: "/responses" });

createRoot(document.getElementById("root")).render(
  <main>
    <h1>React</h1>
    <Sondeo
      survey="nps"
      lang="es"
      custom={{ article: 7 }}
      className="survey"
      onAnswered={({ value }) => (document.title = `answered ${value}`)}
    />
  </main>,
);
