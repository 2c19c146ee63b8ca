// A TCP proxy before a server, whose connections a test can cut or silence.
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net'

export interface TcpProxy {
  /** `url` with the address of the proxy. */
  readonly url: string
  /** From now on the bytes of the present connections, in both directions, are lost; they stay open. */
  silence(): void
  /** Whether new connections are silent, too. */
  silenceNew: boolean
  /** Ends the present connections and refuses new ones, until `open`. */
  close(): Promise<void>
  open(): Promise<void>
}

/** A proxy before the server that `url` names. */
export async function startTcpProxy(url: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(url)
  const pairs = new Set<{ silent: boolean; sockets: readonly Socket[] }>()
  const server: Server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    const pair = { silent: proxy.silenceNew, sockets: [client, upstream] }
    pairs.add(pair)
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const)
      from
        .on('data', (data) => pair.silent || to.write(data))
        .on('error', () => undefined)
        .on('close', () => {
          pairs.delete(pair)
          to.destroy()
        })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const own = (server.address() as AddressInfo).port
  const through = new URL(url)
  through.port = String(own)
  const proxy: TcpProxy = {
    url: through.href,
    silenceNew: false,
    silence() {
      for (const pair of pairs) pair.silent = true
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const { sockets } of pairs) for (const socket of sockets) socket.destroy()
      await closed
    },
    async open() {
      await once(server.listen(own, '127.0.0.1'), 'listening')
    },
  }
  return proxy
}
