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

interface Opened {
  readonly db: IDBDatabase
  /** Rejects when the database is removed: what runs may never end. */
  readonly gone: Promise<never>
}

/** Keeps entries in the browser. They outlive tabs and restarts, until the user or the browser removes the site's data. */
export function indexedDbStorage(name = 'cognomen-sync'): Storage {
  let opening: Promise<Opened> | undefined
  let lost = () => {}

  async function open(): Promise<Opened> {
    const request = indexedDB.open(name, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    const db = await done(request)
    const gone = new Promise<never>((_, reject) => {
      // By the browser (close), or by somebody who deletes the database and waits for us.
      db.onclose = db.onversionchange = () => {
        db.close()
        opening = undefined
        reject(new Error('The database was removed.'))
        lost()
      }
    })
    gone.catch(() => {})
    return { db, gone }
  }

  /** Works in one transaction. */
  async function transact<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => Promise<T>): Promise<T> {
    opening ??= open().catch((error) => {
      opening = undefined
      throw error
    })
    const { db, gone } = await opening
    const transaction = db.transaction(STORE, mode, { durability: 'strict' })
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve()
      transaction.onabort = transaction.onerror = () => reject(transaction.error)
    })
    const [result] = await Promise.race([Promise.all([work(transaction.objectStore(STORE)), ended]), gone])
    return result
  }

  return {
    shared: name,
    read: (prefix) =>
      transact('readonly', async (store) => {
        const range = IDBKeyRange.bound(prefix, `${prefix}\uffff`)
        const [keys, values] = await Promise.all([done(store.getAllKeys(range)), done(store.getAll(range))])
        return new Map(keys.map((key, index) => [key as string, values[index]]))
      }),
    write: (changes) =>
      transact('readwrite', async (store) => {
        for (const [key, value] of changes)
          if (value === undefined) store.delete(key)
          else store.put(value, key)
      }),
    onLost(told) {
      lost = told
    },
    async close() {
      const opened = await opening?.catch(() => undefined)
      opening = undefined
      opened?.db.close()
    },
  }
}
