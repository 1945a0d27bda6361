// node -e … FROM TO: the same PNG with at most 256 colours, as small as zlib makes it.
const fs = require("fs");
const zlib = require("zlib");
const [from, to] = process.argv.slice(1);

/** The chunks of a PNG by name; several of one name are joined. */
function chunks(file) {
  const found = {};
  for (let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    const name = file.toString("latin1", at + 4, at + 8);
    const data = file.subarray(at + 8, at + 8 + length);
    found[name] = found[name] ? Buffer.concat([found[name], data]) : data;
    at += length + 12;
  }
  return found;
}

/** The bytes of the pixels, without the filters that each row is written with. */
function unfiltered(raw, width, height, size) {
  const row = width * size;
  const pixels = Buffer.alloc(row * height);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (row + 1)];
    for (let x = 0; x < row; x++) {
      const left = x < size ? 0 : pixels[y * row + x - size];
      const up = y ? pixels[(y - 1) * row + x] : 0;
      const corner = y && x >= size ? pixels[(y - 1) * row + x - size] : 0;
      const guess = left + up - corner;
      const [a, b, c] = [left, up, corner].map((it) => Math.abs(guess - it));
      const paeth = a <= b && a <= c ? left : b <= c ? up : corner;
      const predicted = [0, left, up, (left + up) >> 1, paeth][filter];
      pixels[y * row + x] = raw[y * (row + 1) + 1 + x] + predicted;
    }
  }
  return pixels;
}

const png = chunks(fs.readFileSync(from));
const [width, height] = [png.IHDR.readUInt32BE(0), png.IHDR.readUInt32BE(4)];
const size = { 2: 3, 6: 4 }[png.IHDR[9]];
const pixels = unfiltered(zlib.inflateSync(png.IDAT), width, height, size);

// The most frequent colours stand for all others. Shadows and the edges of letters are many colours, and alike.
const counts = new Map();
for (let at = 0; at < pixels.length; at += size) {
  const colour = pixels.readUIntBE(at, 3);
  counts.set(colour, (counts.get(colour) ?? 0) + 1);
}
const channels = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];
const distance = (one, other) => one.reduce((sum, it, at) => sum + (it - other[at]) ** 2, 0);
const byCount = [...counts].sort((one, other) => other[1] - one[1]).map(([colour]) => colour);
const palette = [];
// First those that differ, so that a rare colour of a small thing has its place, too.
for (const least of [600, 150, 30, 6, 1]) {
  for (const colour of byCount) {
    const wanted = channels(colour);
    if (palette.length < 256 && palette.every((it) => distance(it, wanted) >= least)) palette.push(wanted);
  }
}
const places = new Map(
  byCount.map((colour) => {
    const wanted = channels(colour);
    const distances = palette.map((it) => distance(it, wanted));
    return [colour, distances.indexOf(Math.min(...distances))];
  }),
);
const raw = Buffer.alloc((width + 1) * height);
for (let y = 0; y < height; y++)
  for (let x = 0; x < width; x++)
    raw[y * (width + 1) + 1 + x] = places.get(pixels.readUIntBE((y * width + x) * size, 3));

/** CRC-32, as PNG wants it. */
function crc(bytes) {
  let rest = -1;
  for (const byte of bytes) {
    rest ^= byte;
    for (let bit = 0; bit < 8; bit++) rest = (rest >>> 1) ^ (rest & 1 ? 0xedb88320 : 0);
  }
  return ~rest >>> 0;
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, check]);
}

const header = Buffer.from(png.IHDR);
header[8] = 8;
header[9] = 3;
fs.writeFileSync(
  to,
  Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk("IHDR", header),
    chunk("PLTE", Buffer.from(palette.flat())),
    chunk("IDAT", zlib.deflateSync(raw, { level: 9, memLevel: 9 })),
    chunk("IEND", Buffer.alloc(0)),
  ]),
);
