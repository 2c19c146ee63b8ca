// Functions of the application that are called when something changes.

/** Calls each. What one throws is reported as an error of the page, and keeps nothing else from going on. */
export function tell<Args extends unknown[]>(listeners: Iterable<(...args: Args) => void>, ...args: Args): void {
  for (const listener of [...listeners])
    try {
      listener(...args)
    } catch (error) {
      ;(globalThis.reportError ?? console.error)(error)
    }
}
