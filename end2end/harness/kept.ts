// What a phone keeps, as somebody finds it who looks through the browser's files or its tools.
import type { Page } from "@playwright/test";

/** All that stands readable in the phone's store, with its names; bytes as letters. */
export async function readable(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const ended = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const letters = (value: unknown): string => {
      if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
        const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : new Uint8Array(value.buffer);
        return new TextDecoder().decode(bytes);
      }
      if (typeof value !== "object" || value === null) {
        return String(value);
      }
      return Object.entries(value).map(([name, part]) => `${name}: ${letters(part)}`).join("\n");
    };
    const db = await ended(indexedDB.open("lists"));
    const found: string[] = [];
    for (const name of db.objectStoreNames) {
      const store = db.transaction(name).objectStore(name);
      found.push(letters(await ended(store.getAllKeys())), letters(await ended(store.getAll())));
    }
    db.close();
    return found.join("\n");
  });
}

/** Writes everything down as versions did that did not seal it, and takes the key away. */
export async function asBefore(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const ended = <T>(request: IDBRequest<T>) =>
      new Promise<T>((done, failed) => {
        request.onsuccess = () => done(request.result);
        request.onerror = () => failed(request.error);
      });
    const db = await ended(indexedDB.open("lists"));
    const key = await ended(db.transaction("things").objectStore("things").get("key"));
    for (const store of ["outbox", "things"]) {
      const names = await ended(db.transaction(store).objectStore(store).getAllKeys());
      for (const name of names) {
        const row = await ended(db.transaction(store).objectStore(store).get(name));
        if (row?.sealed === undefined) {
          continue;
        }
        const how = { name: "AES-GCM", iv: row.iv, additionalData: new TextEncoder().encode(String(name)) };
        const text = new TextDecoder().decode(await crypto.subtle.decrypt(how, key, row.sealed));
        await ended(db.transaction(store, "readwrite").objectStore(store).put(text, name));
      }
    }
    await ended(db.transaction("things", "readwrite").objectStore("things").delete("key"));
    db.close();
  });
}
