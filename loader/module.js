// A module of ours, from the answer to the request for it; or why JavaScript has to do.

// Only compiling tells whether a policy or a browser refuses to: a whole module, if an empty one.
const compiles = () => {
  try {
    return new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]));
  } catch {
    return null;
  }
};

/**
 * The module, instantiated. Throws where it is not whole.
 * @param {any} answer The answer to the request for it, which may still be arriving; an error where none comes.
 * @param {WebAssembly.Imports} imports
 */
export const compiled = async (answer, imports) => {
  const module = await answer;
  // Without a policy's permission to connect, or without a server's to read, there is no answer at all.
  if (!module.ok)
    throw module.url
      ? `${module.url} answered ${module.status}`
      : module + ", needs connect-src and access-control-allow-origin";
  // Servers that do not know the type of modules are common, and streaming insists on it.
  const streams = module.headers.get("content-type") == "application/wasm";
  return await (streams
    ? WebAssembly.instantiateStreaming(module, imports)
    : WebAssembly.instantiate(await module.arrayBuffer(), imports));
};

/**
 * The same, or nothing where WebAssembly is refused, or the module is not whole.
 * @param {any} answer
 * @param {WebAssembly.Imports} imports
 */
export const instantiated = async (answer, imports) => {
  try {
    // What has not arrived by now is not wanted.
    if (!compiles()) {
      (await answer).body?.cancel();
      return undefined;
    }
    return await compiled(answer, imports);
  } catch (error) {
    // WebKit lets an empty module pass where the page's policy refuses a whole one; and half a file is none.
    console.info("sondeo: goes on without WebAssembly: " + error);
    return undefined;
  }
};
