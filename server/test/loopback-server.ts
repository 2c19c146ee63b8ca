// An HTTP server on this machine that stands in for an external one.
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll } from 'vitest'
import type { TestCertificate } from './certificate.ts'

/** For all tests of a file or `describe`; its port is known inside of tests and hooks. With a certificate it speaks TLS. */
export function useLoopbackServer(listener: RequestListener, certificate?: TestCertificate): { readonly port: number } {
  const server = certificate
    ? createTlsServer({ key: certificate.privatePem, cert: certificate.pem }, listener)
    : createServer(listener)
  beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    get port() {
      return (server.address() as AddressInfo).port
    },
  }
}
