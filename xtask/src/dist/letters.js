// Minifies the loader with the names that compress best.
//
// esbuild gives the shortest names to what is used most, and takes the letters by how often the source has them. Which
// letter comes where is all the same to the program, and makes 1 530 to 1 570 bytes of it. So a dead statement in front,
// of which nothing is left, says an order of letters. Two orders without a letter in the same place give two texts that
// differ where names stand, and nowhere else: from there on, names change places in the text itself. Two of them do so as
// long as that makes it lighter; at first also where it makes it a little heavier, since the next may be worth that.
const fs = require("fs"),
  zlib = require("zlib");
const [esbuild, part, outfile, ...defined] = process.argv.slice(1);
const { buildSync } = require(esbuild);
const source = fs.readFileSync(part, "utf8");
const TRIES = 2500;
/** So many bytes more are taken at first about every third time, and none after four fifths of the tries. */
const HEAT = 0.5;

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

const letters = [..."etnoraiscldupmhfgvbywkxjqzTSARPCEIODMLNBFUVHGWKYXJQZ_$"];
const text = minified(letters);
const other = minified([...letters.slice(1), letters[0]]);
if (text.length != other.length) throw new Error("the loader has more names than there are letters");
/** What stands between names, and which name comes after each of it. */
const between = [""],
  names = [];
[...text].forEach((it, at) => {
  if (it == other[at]) return (between[names.length] += it);
  names.push(letters.indexOf(it));
  between.push("");
});
const written = (order) => between.map((it, at) => it + (order[names[at]] ?? "")).join("");
const used = Math.max(...names) + 1;

// The same tries for the same source.
let state = 1;
const below = (most) => ((state = (state * 1664525 + 1013904223) >>> 0) >>> 8) % most;
let order = letters,
  current = weight(text);
let [best, least] = [order, current];
for (let round = 0; round < TRIES; round++) {
  const next = [...order];
  const [one, another] = [below(used), below(next.length)];
  [next[one], next[another]] = [next[another], next[one]];
  const found = weight(written(next));
  const heat = HEAT * (1 - round / (0.8 * TRIES));
  if (found > current && !(heat > 0 && below(1 << 16) < Math.exp((current - found) / heat) * (1 << 16)))
    continue;
  [order, current] = [next, found];
  if (found < least) [best, least] = [next, found];
}
fs.writeFileSync(outfile, written(best));
