// TLS in front of the HTTP server: certificates that are read again when their files change, as tools that renew them only
// write files. Not here: HTTP (listener.ts).
import { unwatchFile, watchFile } from 'node:fs'
import type { Server as HttpServer } from 'node:http'
import { createServer, type Server as TlsServer } from 'node:tls'
import type { TlsFiles } from '../config/groups/network.ts'
import { readTlsFiles } from '../config/read-tls-files.ts'
import { limits } from './limits.ts'

/** How often the files are looked at. */
const WATCH_MS = 5_000

export interface TlsOptions {
  readonly files: TlsFiles
  /** Hears of files that were read again, and why new ones cannot be used: the old ones stay. */
  readonly onChange: (problem: Error | undefined) => void
  /** Replaced in tests. */
  readonly watchMs?: number
}

/** A server that hands connections to `http` once TLS is agreed upon. */
export function tlsInFrontOf(http: HttpServer, { files, onChange, watchMs = WATCH_MS }: TlsOptions): TlsServer {
  const server = createServer(
    {
      ...readTlsFiles(files),
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      handshakeTimeout: limits.tlsHandshake.max,
      noDelay: true,
    },
    (socket) => http.emit('connection', socket),
  )
  // Clients that go away, or speak something else, are none of the server's errors.
  server.on('tlsClientError', (_error, socket) => socket.destroy())
  const readAgain = (): void => {
    try {
      server.setSecureContext({ ...readTlsFiles(files), minVersion: 'TLSv1.2' })
      onChange(undefined)
    } catch (error) {
      onChange(error as Error)
    }
  }
  for (const file of [files.cert, files.key]) watchFile(file, { interval: watchMs, persistent: false }, readAgain)
  server.once('close', () => {
    for (const file of [files.cert, files.key]) unwatchFile(file, readAgain)
  })
  return server
}
