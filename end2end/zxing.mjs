// How many of the photos of labels zxing reads, by what makes them hard: to compare with the phone's
// own decoder, whose test keeps the same photos (docs/performance.md).
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

// Else it would look for its program on the web.
const program = readFileSync(fileURLToPath(import.meta.resolve("zxing-wasm/reader/zxing_reader.wasm")));
const wasmBinary = program.buffer.slice(program.byteOffset, program.byteOffset + program.length);
prepareZXingModule({ overrides: { wasmBinary } });

const [, , folder] = process.argv;
if (folder === undefined) {
  throw new Error("which folder has the photos?");
}
const read = new Map();
for (const name of readdirSync(folder).filter((name) => name.endsWith(".pgm")).sort()) {
  const photo = readFileSync(join(folder, name));
  const [, width, height] = photo.subarray(0, 20).toString("latin1").split(/\s/).map(Number);
  const grey = photo.subarray(photo.length - width * height);
  const data = Uint8ClampedArray.from({ length: grey.length * 4 }, (_, at) => (at % 4 === 3 ? 255 : grey[at >> 2]));
  const found = await readBarcodes({ data, width, height, colorSpace: "srgb" }, { formats: ["QRCode"] });
  const payload = readFileSync(join(folder, name.replace(/pgm$/, "txt")), "utf8");
  const [kind] = name.split(" ");
  const [all, right] = read.get(kind) ?? [0, 0];
  read.set(kind, [all + 1, right + Number(found.some(({ text }) => text === payload))]);
}
for (const [kind, [all, right]] of read) {
  console.log(`${kind}: ${right} of ${all}`);
}
