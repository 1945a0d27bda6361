// The same application, rendered by a server and hydrated when the page says so.
import { hydrateRoot } from "react-dom/client";
import { BrowserRouter } from "react-router";
import { App } from "./app.jsx";

window.recovered = [];
window.hydrate = () =>
  hydrateRoot(
    document.getElementById("root"),
    <BrowserRouter basename="/late">
      <App />
    </BrowserRouter>,
    { onRecoverableError: (error) => window.recovered.push(String(error)) },
  );
