// Shows the block for e-mails as mail programs do: with its own styles, which no page of ours allows, and without scripts.
window.addEventListener("message", (event) => {
  if (event.origin === location.origin && event.source === parent && typeof event.data?.letter === "string") {
    document.body.innerHTML = event.data.letter;
    // A link that is looked at here leads out of the frame.
    for (const link of document.links) {
      link.target = "_blank";
      link.rel = "noopener";
    }
  }
});
parent.postMessage({ letter: "ready" }, location.origin);
