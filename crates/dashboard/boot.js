import start from "/dashboard/sondeo-dashboard.js";

start({ module_or_path: "/dashboard/sondeo-dashboard_bg.wasm" }).catch((error) => {
  const boot = document.querySelector("#boot p");
  if (boot) {
    boot.textContent = "The dashboard cannot start in this browser: it needs WebAssembly.";
  }
  console.error(error);
});
