// Once a run: the demo's books, of which every test file gets its own copy.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PROGRAM, knownBooks, makeBooks, run } from "./program.ts";

const TEMPLATE = "tawzi_end2end_demo";

export default async function makeTemplate(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "tawzi-end2end-"));
  const books = await makeBooks(folder, TEMPLATE);
  const { stdout } = await run(PROGRAM, ["demo", ...books.flags]);
  await writeFile(join(folder, "log-ins.txt"), stdout);
  process.env.TAWZI_TEST_FOLDER = folder;
  return async () => {
    await books.remove();
    await rm(folder, { recursive: true, force: true });
  };
}

/** Where this run keeps its files. */
export function folder(): string {
  const folder = process.env.TAWZI_TEST_FOLDER;
  if (folder === undefined) {
    throw new Error("the global set-up has not run");
  }
  return folder;
}

export function template() {
  return knownBooks(folder(), TEMPLATE);
}
