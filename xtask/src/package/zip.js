// A folder as an archive that is the same whoever makes it: node zip.js FOLDER NAME ARCHIVE
const fs = require("fs"),
  path = require("path"),
  zlib = require("zlib");
const [folder, name, archive] = process.argv.slice(-3);

// The first day that the format knows, in each entry.
const DATE = 33;
const files = fs
  .readdirSync(folder, { withFileTypes: true, recursive: true })
  .filter((it) => it.isFile())
  .map((it) =>
    path
      .relative(folder, path.join(it.parentPath ?? it.path, it.name))
      .split(path.sep)
      .join("/"),
  )
  .sort();

const TABLE = Array.from({ length: 256 }, (_, it) => {
  for (let bit = 0; bit < 8; bit++) it = it & 1 ? 0xedb88320 ^ (it >>> 1) : it >>> 1;
  return it;
});
const crc32 = (bytes) => {
  let sum = ~0;
  for (const it of bytes) sum = TABLE[(sum ^ it) & 255] ^ (sum >>> 8);
  return ~sum >>> 0;
};
const numbers = (...all) =>
  Buffer.concat(
    all.map(([size, value]) => {
      const it = Buffer.alloc(size);
      it.writeUIntLE(value, 0, size);
      return it;
    }),
  );

const bodies = [],
  index = [];
let at = 0;
for (const file of files) {
  const content = fs.readFileSync(path.join(folder, file));
  const packed = zlib.deflateRawSync(content, { level: 9 });
  const entry = Buffer.from(`${name}/${file}`);
  // Version, flags (names are UTF-8), method, time, date, sum, sizes, lengths of the name and of nothing else.
  const common = numbers(
    [2, 20],
    [2, 0x800],
    [2, 8],
    [2, 0],
    [2, DATE],
    [4, crc32(content)],
    [4, packed.length],
    [4, content.length],
    [2, entry.length],
    [2, 0],
  );
  const body = Buffer.concat([numbers([4, 0x04034b50]), common, entry, packed]);
  bodies.push(body);
  // Made by Unix, a plain file that everybody reads.
  index.push(
    numbers([4, 0x02014b50], [2, (3 << 8) | 20]),
    common,
    numbers([2, 0], [2, 0], [2, 0], [4, (0o100644 << 16) >>> 0], [4, at]),
    entry,
  );
  at += body.length;
}
const list = Buffer.concat(index);
const end = numbers(
  [4, 0x06054b50],
  [2, 0],
  [2, 0],
  [2, files.length],
  [2, files.length],
  [4, list.length],
  [4, at],
  [2, 0],
);
fs.writeFileSync(archive, Buffer.concat([...bodies, list, end]));
