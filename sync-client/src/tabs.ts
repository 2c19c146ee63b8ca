// Tabs, frames and workers of one browser: one of them leads, which alone talks to the service; all tell each other.

export interface Tabs {
  post(message: unknown): void
  close(): void
}

/** Joins the others of this name. `onLead` is called once, when this one leads: at once without a name. */
export function joinTabs(name: string | undefined, onMessage: (message: never) => void, onLead: () => void): Tabs {
  if (name === undefined) {
    onLead()
    return { post() {}, close() {} }
  }
  const channel = new BroadcastChannel(name)
  const left = new AbortController()
  let leave = () => {}
  channel.onmessage = ({ data }) => onMessage(data as never)
  navigator.locks
    .request(name, { signal: left.signal }, () => {
      if (left.signal.aborted) return
      onLead()
      return new Promise<void>((resolve) => {
        leave = resolve
      })
    })
    .catch(() => {})
  return {
    post: (message) => {
      if (!left.signal.aborted) channel.postMessage(message)
    },
    close() {
      left.abort()
      leave()
      channel.close()
    },
  }
}

/** Storage can be shared only where one of several can lead. */
export const canShare = (): boolean => typeof indexedDB !== 'undefined' && Boolean(globalThis.navigator?.locks)
