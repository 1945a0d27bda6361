import start from "./sondeo-dashboard.js";

// The studio's editor of code is large, and few open it.
window.sondeoEditCode = async (field) => (await import("./code.js")).edit(field);

start({ module_or_path: new URL("sondeo-dashboard_bg.wasm", import.meta.url) }).catch((error) => {
  const boot = document.querySelector("#boot p");
  if (boot) {
    boot.textContent = "The dashboard cannot start in this browser: it needs WebAssembly.";
  }
  console.error(error);
});
