// Minifies the loader with the names that compress best.
//
// esbuild gives the shortest names to what is used most, and takes the letters by how often the source has them. Which
// letter comes where is all the same to the program, and makes 1 525 to 1 560 bytes of it. So a dead statement in front,
// of which nothing is left, says an order of letters; two of them change places as long as that makes it lighter.
const fs = require("fs"),
  zlib = require("zlib");
const [esbuild, part, outfile, ...defined] = process.argv.slice(1);
const { buildSync } = require(esbuild);
const source = fs.readFileSync(part, "utf8");
const TRIES = 250;
/** Names of one letter that the loader has, about. */
const USED = 34;

const minified = (order) =>
  buildSync({
    // A letter's place is its number, far above those of the source.
    stdin: {
      contents: `if (false) f.${order.map((it, at) => it.repeat(2000 - 30 * at)).join("")};${source}`,
    },
    write: false,
    bundle: true,
    minify: true,
    // A block of its own, so that nothing of it is anybody's: it needs no function around it. Browsers that lack this
    // syntax could not run the engine either.
    format: "esm",
    target: "es2021",
    legalComments: "none",
    define: Object.fromEntries(defined.map((it) => it.split(/=(.*)/s, 2))),
  }).outputFiles[0].text;
const weight = (text) => zlib.brotliCompressSync(text).length;

// The same tries for the same source.
let state = 1;
const below = (most) => ((state = (state * 1664525 + 1013904223) >>> 0) >>> 8) % most;
let order = [..."etnoraiscldupmhfgvbywkxjqzTSARPCEIODMLNBFUVHGWKYXJQZ_$"];
let best = minified(order);
for (let round = 0; round < TRIES; round++) {
  const next = [...order];
  const [one, other] = [below(USED), below(next.length)];
  [next[one], next[other]] = [next[other], next[one]];
  const text = minified(next);
  if (weight(text) > weight(best)) continue;
  [best, order] = [text, next];
}
fs.writeFileSync(outfile, best);
