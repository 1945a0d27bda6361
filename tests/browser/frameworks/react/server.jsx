import { renderToString } from "react-dom/server";
import { StaticRouter } from "react-router";
import { App } from "./app.jsx";

export const render = (location) =>
  renderToString(
    <StaticRouter basename="/late" location={location}>
      <App />
    </StaticRouter>,
  );
