// Between the engine and the sender, which comes after the survey: in an idle moment, or at once with the first answer.
// What the engine says meanwhile waits here. An answer is in storage before it is said here, so that nothing is lost
// where the sender does not come.

/**
 * What takes the engine's messages: arrays, of which the first entry is a name.
 * @param {string} files What the addresses of the sender's two files begin with.
 */
export const sender = (files) => {
  /** @type {any[][]} */
  let waiting = [];
  /** What the sender takes messages with, once it is there. @type {((message: any[]) => void) | undefined} */
  let call;
  let isComing = false;
  let tries = 0;

  const load = async () => {
    if (call || isComing) return;
    isComing = true;
    // A browser may remember that a module could not be fetched.
    const again = tries++ ? "?" + tries : "";
    try {
      // Both at once, so that neither waits for the other.
      const [program, module] = await Promise.all([import(files + ".js" + again), fetch(files + ".wasm")]);
      call = await program.start(module, true);
      for (const message of waiting) call?.(message);
      waiting = [];
    } catch (error) {
      if (tries < 2) console.warn("sondeo: answers are kept, and sent later: " + error);
      for (const [name, , , , isKept, hear] of waiting) if (name == "deliver") hear?.(["waiting", isKept]);
      addEventListener("online", load, { once: true });
    }
    isComing = false;
  };
  const whenIdle = () => (window.requestIdleCallback || setTimeout)(load, { timeout: 500 });

  return (/** @type {any[]} */ message) => {
    if (call) return call(message);
    const [name, isPermitted, isAnythingLeft] = message;
    // What was to be delivered is not wanted any more.
    if (/^(forget|stop)$/.test(name)) waiting = waiting.filter((it) => it[0] != "deliver");
    else waiting.push(message);
    if (name == "deliver") load();
    if (name == "prepare" || (name == "permit" && isPermitted && isAnythingLeft)) whenIdle();
  };
};
