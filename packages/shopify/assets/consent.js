// What the visitor has told Shopify's banner, for surveys that wait for it.
(() => {
  if (!document.querySelector('script[src*="sondeo.js"][data-consent="required"]')) return;
  const tell = (granted) => {
    const present = window.sondeo?.q?.push ? window.sondeo : (window.sondeo = { q: [] });
    present.q.push(["consent", granted]);
  };
  document.addEventListener("visitorConsentCollected", (event) =>
    tell(event.detail.analyticsAllowed === true),
  );
  // What was said on an earlier page. Shopify brings its part only when it is asked for.
  window.Shopify?.loadFeatures?.([{ name: "consent-tracking-api", version: "0.1" }], (error) => {
    if (!error && window.Shopify.customerPrivacy?.analyticsProcessingAllowed()) tell(true);
  });
})();
