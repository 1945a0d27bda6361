import { createRoot } from "react-dom/client";
import { BrowserRouter, Route, Routes } from "react-router";
import { App } from "./app.jsx";
import { SondeoTag } from "./tag.jsx";

// The tag of an effect is on a route of its own.
createRoot(document.getElementById("root")).render(
  <BrowserRouter>
    <Routes>
      <Route
        path="/effect"
        element={<SondeoTag survey="csat" trigger="event:asked" endpoint="https://example.com/responses" />}
      />
      <Route path="*" element={null} />
    </Routes>
    <App />
  </BrowserRouter>,
);
