// Where a device keeps what it knows and what it has not sent yet: entries by key, written together or not at all.

export interface Storage {
  /** Tabs whose storage has the same name here see the same entries; one of them leads. */
  readonly shared?: string
  /** All entries whose key begins with `prefix`. */
  read(prefix: string): Promise<Map<string, unknown>>
  /** Writes all of these or none, and returns when they are safe; undefined removes. */
  write(changes: ReadonlyMap<string, unknown>): Promise<void>
  /** Called when the entries were lost while they were in use: whoever holds them writes all again. */
  onLost?(lost: () => void): void
  close?(): void | Promise<void>
}

/** Keeps entries for as long as the page lives. */
export function memoryStorage(entries = new Map<string, unknown>()): Storage {
  return {
    async read(prefix) {
      return new Map(
        [...entries].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key, structuredClone(value)]),
      )
    },
    async write(changes) {
      for (const [key, value] of changes)
        if (value === undefined) entries.delete(key)
        else entries.set(key, structuredClone(value))
    },
  }
}

const STORE = 'entries'

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })

/** Keeps entries in the browser. They outlive tabs and restarts, until the user or the browser removes the site's data. */
export function indexedDbStorage(name = 'cognomen-sync'): Storage {
  let opening: Promise<IDBDatabase> | undefined
  let lost = () => {}

  function open(): Promise<IDBDatabase> {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    return done(request).then((db) => {
      // Removed under our feet: by the browser (close), or by somebody who deletes the database and waits for us.
      db.onclose = db.onversionchange = () => {
        db.close()
        opening = undefined
        lost()
      }
      return db
    })
  }

  const database = (): Promise<IDBDatabase> => {
    opening ??= open().catch((error) => {
      opening = undefined
      throw error
    })
    return opening
  }

  return {
    shared: name,
    async read(prefix) {
      const store = (await database()).transaction(STORE).objectStore(STORE)
      const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
      const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))])
      return new Map(keys.map((key, index) => [key as string, values[index]]))
    },
    async write(changes) {
      const transaction = (await database()).transaction(STORE, 'readwrite', { durability: 'strict' })
      const store = transaction.objectStore(STORE)
      for (const [key, value] of changes) {
        if (value === undefined) store.delete(key)
        else store.put(value, key)
      }
      await new Promise<void>((resolve, reject) => {
        transaction.oncomplete = () => resolve()
        transaction.onabort = transaction.onerror = () => reject(transaction.error)
      })
    },
    onLost(told) {
      lost = told
    },
    async close() {
      const db = await opening?.catch(() => undefined)
      opening = undefined
      db?.close()
    },
  }
}
