// What Livewire does with what its server sends: Alpine's morph, which leaves alone what says `wire:ignore`.
import Alpine from "alpinejs";
import morph from "@alpinejs/morph";

Alpine.plugin(morph);
Alpine.start();
window.patched = 0;
window.patch = async () => {
  const server = new DOMParser().parseFromString(await (await fetch("/component.html")).text(), "text/html");
  const html = server.body.innerHTML.replace("now", String(++window.patched));
  Alpine.morph(document.querySelector("main > div"), html, {
    updating: (from, _to, _childrenOnly, skip) => {
      if (from.nodeType == 1 && from.hasAttribute("wire:ignore")) skip();
    },
  });
};
