// What the build puts into the loader, and what the page's window holds of ours.

/** What the names of the engine's two files begin with, beside the loader: `.js` and `.wasm`. Those of the sender's have
 * a `d` before that. */
declare const ENGINE: string;
/** `name| words of its triggers` of each template that only waits for events, clicks, submissions or calls. */
declare const TEMPLATES: string;
/** Whether the loader is built as a site's own script. */
declare const IS_SITE: boolean;
/** The site's plan, which the collector writes in the place of this name. */
declare const SONDEO_PLAN: any;
/** The file name of the program translated to JavaScript, beside its glue. */
declare const TRANSLATED: string;
/** What the names of the language files begin with, beside the loader. */
declare const WORDS: string;
/** The names of the templates that take the engine's other half, separated by `|`. */
declare const WHOLE: string;
/** The widget's version. */
declare const VERSION: string;

interface Window {
  // The loader builds it member by member; pages see the type in sondeo.d.ts.
  sondeo?: any;
  dataLayer?: any;
}

declare module "engine-glue" {
  /** What the module imports. */
  export function imports(): WebAssembly.Imports;
  /** Ties the glue to the module's instance, and runs the program's `main`. */
  export function finish(instance: WebAssembly.Instance, module?: WebAssembly.Module): void;
}

declare module "engine-module" {
  /** The translated module's exports. */
  export function instantiate(imports: WebAssembly.Imports): WebAssembly.Exports;
}
