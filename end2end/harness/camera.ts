// What a phone's camera sees: a label as the printer gets it, held still.
import { type Page, expect } from "@playwright/test";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const SIDE = 640;
const FRAMES = 5;

export interface Scene {
  /** The film, for Chromium's fake camera. */
  readonly path: string;
  /** The code in groups, as it stands below the square. */
  readonly code: string;
  readonly pieces: number;
  /** The name of the store in which the pack is. */
  readonly store: string;
  remove(): void;
}

/** A film of the label of a carton that stands in one of this person's stores. */
export async function labelVideo(page: Page): Promise<Scene> {
  const known = await (await page.request.get("/api/v1/field")).json();
  const pack = known.packs.items[0];
  const store = known.stores.items.find((one: { id: string }) => one.id === pack.store);
  const code = await (await page.request.get(`/api/v1/codes/${pack.code}`)).json();
  const label = await page.request.get(`/labels/pack/${code.id}/pdf?sheet=roll-100x150`);
  expect(label.headers()["content-type"]).toBe("application/pdf");
  const folder = mkdtempSync(join(tmpdir(), "label-"));
  const pdf = join(folder, "label.pdf");
  writeFileSync(pdf, await label.body());
  execFileSync("pdftoppm", ["-gray", "-r", "100", "-singlefile", pdf, join(folder, "label")]);
  const path = join(folder, "label.y4m");
  writeFileSync(path, film(readFileSync(join(folder, "label.pgm"))));
  const grouped = (pack.code as string).replace(/^(.{4})(.{4})(.*)$/, "$1-$2-$3");
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { path, code: grouped, pieces: pack.pieces, store: store.name, remove };
}

/** A binary PGM ("P5", width, height, 255, dots) as frames of grey on a white ground. */
function film(pgm: Buffer): Buffer {
  const header = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(pgm.subarray(0, 40).toString("latin1"));
  const [all, wide, high] = header ?? [];
  if (all === undefined) {
    throw new Error("pdftoppm wrote no PGM");
  }
  const [width, height] = [Number(wide), Number(high)];
  const light = Buffer.alloc(SIDE * SIDE, 255);
  const [left, top] = [(SIDE - width) >> 1, (SIDE - height) >> 1];
  for (let row = 0; row < height; row += 1) {
    const from = all.length + row * width;
    pgm.copy(light, (top + row) * SIDE + left, from, from + width);
  }
  const colour = Buffer.alloc(SIDE * SIDE / 2, 128);
  const frames = Array.from({ length: FRAMES }, () => [Buffer.from("FRAME\n"), light, colour]);
  const head = Buffer.from(`YUV4MPEG2 W${SIDE} H${SIDE} F5:1 Ip A1:1 C420jpeg\n`);
  return Buffer.concat([head, ...frames.flat()]);
}
