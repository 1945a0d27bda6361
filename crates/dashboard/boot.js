import start from "./sondeo-dashboard.js";

start({ module_or_path: new URL("sondeo-dashboard_bg.wasm", import.meta.url) }).catch((error) => {
  const boot = document.querySelector("#boot p");
  if (boot) {
    boot.textContent = "The dashboard cannot start in this browser: it needs WebAssembly.";
  }
  console.error(error);
});
