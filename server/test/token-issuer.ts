// An OpenID Connect provider on this machine for tests: a discovery document, published keys, and tokens that say what a
// test wants.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, generateKeyPair, type JWTHeaderParameters, SignJWT } from 'jose'

export interface TokenIssuer {
  /** http://127.0.0.1:PORT and a path. */
  readonly url: string
  /** As IAM names it. */
  readonly hostAndPath: string
  /** How often its keys were asked for. */
  readonly fetches: () => number
  /** Stops answering, or begins again. */
  answer(yes: boolean): void
  /** A token with these claims; `header` replaces members. */
  token(claims: Record<string, unknown>, header?: Partial<JWTHeaderParameters>): Promise<string>
  /** The same under a key that is not published. */
  forgedToken(claims: Record<string, unknown>): Promise<string>
  close(): Promise<void>
}

export async function startTokenIssuer(path = '/id'): Promise<TokenIssuer> {
  const alg = 'ES256'
  const [key, forger] = await Promise.all([generateKeyPair(alg), generateKeyPair(alg)])
  const jwk = { ...(await exportJWK(key.publicKey)), kid: 'one', alg, use: 'sig' }
  let answering = true
  let fetches = 0
  const server = createServer((request, response) => {
    const body = !answering
      ? undefined
      : request.url === `${path}/.well-known/openid-configuration`
        ? { issuer: url, jwks_uri: `${url}/keys` }
        : request.url === `${path}/keys`
          ? { keys: [jwk] }
          : undefined
    if (request.url === `${path}/keys`) fetches++
    response.writeHead(body ? 200 : 503, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body ?? {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const hostAndPath = `127.0.0.1:${(server.address() as AddressInfo).port}${path}`
  const url = `http://${hostAndPath}`
  const sign = (privateKey: typeof key.privateKey, claims: Record<string, unknown>, header = {}) =>
    new SignJWT({ iss: url, ...claims }).setProtectedHeader({ alg, kid: 'one', ...header }).sign(privateKey)
  return {
    url,
    hostAndPath,
    fetches: () => fetches,
    answer: (yes) => {
      answering = yes
    },
    token: (claims, header) => sign(key.privateKey, claims, header),
    forgedToken: (claims) => sign(forger.privateKey, claims),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
