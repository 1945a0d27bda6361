// Stands before everything else on a host page, and keeps what a test wants to know afterwards.
(() => {
  const pageLog = (window.pageLog = { errors: [], lines: [], events: [], skipped: [], violations: [] });
  addEventListener("error", (event) => {
    if (event instanceof ErrorEvent) pageLog.errors.push(event.message);
  });
  addEventListener("unhandledrejection", (event) => pageLog.errors.push(`rejected: ${event.reason}`));
  for (const level of ["log", "info", "warn", "error"]) {
    const say = console[level];
    console[level] = (...words) => {
      pageLog.lines.push(words.join(" "));
      say.apply(console, words);
    };
  }
  for (const name of ["ready", "shown", "answered", "completed", "dismissed", "delivered", "failed"]) {
    document.addEventListener(`sondeo:${name}`, (event) => pageLog.events.push({ name, ...event.detail }));
  }
  document.addEventListener("sondeo:skipped", (event) => pageLog.skipped.push(event.detail));
  document.addEventListener("securitypolicyviolation", (event) => {
    pageLog.violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  });
})();
