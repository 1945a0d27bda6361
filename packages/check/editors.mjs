// What editors complete: validated, and asked as an editor asks.
import { createRequire } from "node:module";
import Ajv from "ajv";
import { demand, equal, ok, read } from "./lib.mjs";

const require = createRequire(import.meta.url);
const of = (name) => JSON.parse(read(`node_modules/sondeo/${name}`));

const schema = JSON.parse(read("node_modules/custom-elements-manifest/schema.json"));
const ajv = new Ajv({ strict: false, allowUnionTypes: true });
const isManifest = ajv.compile(schema);
demand(isManifest(of("custom-elements.json")), "custom-elements.json: " + ajv.errorsText(isManifest.errors));
ok("custom-elements.json is a manifest by the schema of custom-elements-manifest");

// The language service is what Visual Studio Code itself completes with.
const html = require("vscode-html-languageservice");
const data = of("vscode.html-custom-data.json");
const service = html.getLanguageService({ customDataProviders: [html.newHTMLDataProvider("sondeo", data)] });
const complete = (text) => {
  const at = text.indexOf("|");
  const document = html.TextDocument.create("file:///a.html", "html", 1, text.replace("|", ""));
  const position = document.positionAt(at);
  return service.doComplete(document, position, service.parseHTMLDocument(document)).items;
};
const labels = (text) => complete(text).map((it) => it.label);
for (const name of ["data-sondeo", "data-endpoint", "data-privacy-signal", "data-custom-"])
  demand(labels("<div d|></div>").includes(name), `the editor does not complete ${name}`);
equal(
  labels('<div data-theme="|"></div>').slice(0, 3).sort(),
  ["auto", "dark", "light"],
  "the words of data-theme",
);
demand(labels('<script data-survey="|"></script>').includes("post-purchase"), "no templates for data-survey");
demand(
  JSON.stringify(complete("<div d|>")).includes("The time between trigger and showing"),
  "no descriptions",
);
ok("Visual Studio Code's language service completes attributes and their words");

// The schema of web types is in no package: their form is compared with the manifest, which has one.
const manifest = of("custom-elements.json").modules[0].declarations[0];
const types = of("web-types.json");
const [element] = types.contributions.html.elements;
const names = (list) => list.map((it) => it.name);
equal(types.version, of("package.json").version, "the version of the web types");
equal(
  names(types.contributions.html.attributes).map((it) => it.replace(/NAME$/, "*")),
  names(manifest.attributes),
  "attributes",
);
equal(names(element.js.events), names(manifest.events), "events");
equal(names(element.css.parts), names(manifest.cssParts), "parts");
equal(names(element.css.properties), names(manifest.cssProperties), "custom properties");
equal(
  names(data.globalAttributes),
  names(manifest.attributes).map((it) => it.replace("*", "")),
  "attributes of Visual Studio Code",
);
for (const it of types.contributions.html.attributes) {
  demand(it.description && /^(plain|no-value)$/.test(it.value.kind), `${it.name} has no kind of value`);
  if (it.pattern)
    demand(RegExp(`^${it.pattern.regex}$`).test(it.name.toLowerCase()), `${it.name} is none of its pattern`);
}
ok("web-types.json has the same attributes, events, parts and custom properties");
