// The real program, as `cargo xtask test` built it, and the books it works on.
import { execFile } from "node:child_process";
import { cp, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

export const run = promisify(execFile);

export const PROGRAM =
  process.env.TAWZI_TEST_PROGRAM ?? join(import.meta.dirname, "../../target/debug/tawzi");

/** The cluster to make databases in; SQLite files where it is not set. */
const POSTGRES = process.env.TAWZI_TEST_POSTGRES_URL;

/** Books of one server: nobody else reads or writes them. */
export interface Books {
  /** What the program takes to find them. */
  readonly flags: readonly string[];
  copy(name: string): Promise<Books>;
  remove(): Promise<void>;
}

/** Makes empty books; `folder` may be used for whatever belongs to them. */
export async function makeBooks(folder: string, name: string): Promise<Books> {
  if (POSTGRES === undefined) {
    await mkdir(join(folder, name), { recursive: true });
    return sqlite(folder, name);
  }
  await run("createdb", [`--maintenance-db=${POSTGRES}`, name]);
  return postgres(POSTGRES, name);
}

/** Books that another process of this run has made. */
export function knownBooks(folder: string, name: string): Books {
  return POSTGRES === undefined ? sqlite(folder, name) : postgres(POSTGRES, name);
}

function sqlite(folder: string, name: string): Books {
  const place = join(folder, name);
  return {
    flags: ["--data-dir", place],
    async copy(other) {
      await cp(place, join(folder, other), { recursive: true });
      return sqlite(folder, other);
    },
    remove: () => rm(place, { recursive: true, force: true }),
  };
}

function postgres(cluster: string, name: string): Books {
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  return {
    flags: ["--database-url", url.href],
    async copy(other) {
      await run("createdb", [`--maintenance-db=${cluster}`, "--template", name, other]);
      return postgres(cluster, other);
    },
    async remove() {
      await run("dropdb", [`--maintenance-db=${cluster}`, "--force", name]);
    },
  };
}
