// An OpenID provider on loopback whose documents a test changes, and the verification of its tokens with the real web client.
import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exportJWK, type JWK, SignJWT } from 'jose'
import { beforeAll, beforeEach } from 'vitest'
import { type HostSet, parseHosts } from '../src/config/allowed-hosts.ts'
import { createWebClient } from '../src/effects/web-client.ts'
import { createProviderKeys } from '../src/federation/oidc/provider-keys.ts'
import {
  type OidcRefusal,
  type OidcTokenInput,
  type RefusedOidcToken,
  type VerifiedOidcToken,
  verifyOidcToken,
} from '../src/federation/oidc/verify-token.ts'
import { TestClock } from './harness.ts'
import { useLoopbackServer } from './loopback-server.ts'

/** The key that is published as `one`, and one that is not published. */
export const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const otherRsa = generateKeyPairSync('rsa', { modulusLength: 2048 })

export const DISCOVERY = '/realm/.well-known/openid-configuration'

type Text = string | Promise<string>

export interface TokenProvider {
  /** Frozen at the beginning of each test. */
  readonly clock: TestClock
  readonly issuer: string
  /** Where its keys are. */
  readonly jwks_uri: string
  /** The paths that were asked for. */
  asked: string[]
  /** What it answers, by path; text as it is, all else as JSON. */
  documents: Record<string, unknown>
  /** Answers a request instead, when it returns true. */
  respond: ((request: IncomingMessage, response: ServerResponse) => boolean) | undefined
  publish(...keys: [kid: string | undefined, key: KeyObject, more?: Partial<JWK>][]): Promise<void>
  /** Forgets the keys that were fetched. */
  forgetKeys(): void
  /** The time, epoch seconds. */
  seconds(): number
  /** A token of `ada`, signed with the published key unless told otherwise. */
  token(claims?: Record<string, unknown>, header?: Record<string, unknown>, key?: KeyObject): Promise<string>
  verify(text: Text, input?: Partial<OidcTokenInput>): Promise<VerifiedOidcToken | RefusedOidcToken>
  /** Why a token is refused; what it says, when it is not. */
  refusal(text: Text, input?: Partial<OidcTokenInput>): Promise<OidcRefusal | VerifiedOidcToken>
}

/** A provider for each test of a file, with one key. */
export function useTokenProvider(): TokenProvider {
  const clock = new TestClock()
  const web = createWebClient({ allowed: parseHosts('') as HostSet, loopback: true, timeoutMs: 1000 })
  const server = useLoopbackServer((request, response) => {
    const path = request.url as string
    provider.asked.push(path)
    if (provider.respond?.(request, response)) return
    const found = Object.hasOwn(provider.documents, path) ? provider.documents[path] : undefined
    response.writeHead(found === undefined ? 404 : 200).end(typeof found === 'string' ? found : JSON.stringify(found))
  })
  let issuer = ''
  let providerKeys = createProviderKeys(web, clock)
  const provider: TokenProvider = {
    clock,
    get issuer() {
      return issuer
    },
    get jwks_uri() {
      return issuer.replace('/realm', '/keys')
    },
    asked: [],
    documents: {},
    respond: undefined,
    async publish(...keys) {
      const published = keys.map(async ([kid, key, more]) => ({
        ...(await exportJWK(key)),
        ...(kid && { kid }),
        ...more,
      }))
      provider.documents['/keys'] = { keys: await Promise.all(published) }
    },
    forgetKeys() {
      providerKeys = createProviderKeys(web, clock)
    },
    seconds: () => Math.floor(clock.now() / 1000),
    token(claims = {}, header = {}, key = rsa.privateKey) {
      const iat = provider.seconds()
      return new SignJWT({ iss: issuer, sub: 'ada', aud: 'app', exp: iat + 600, iat, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'one', ...header })
        .sign(key)
    },
    async verify(text, input = {}) {
      const context = { clock, web, providerKeys, publicUrl: 'http://127.0.0.1:1/own' }
      return verifyOidcToken(context as never, { token: await text, issuer, ...input })
    },
    async refusal(text, input) {
      const result = await provider.verify(text, input)
      return 'refused' in result ? result.refused : result
    },
  }
  beforeAll(() => {
    issuer = `http://127.0.0.1:${server.port}/realm`
  })
  beforeEach(async () => {
    clock.freeze()
    provider.forgetKeys()
    provider.asked = []
    provider.respond = undefined
    provider.documents = { [DISCOVERY]: { issuer, jwks_uri: provider.jwks_uri } }
    await provider.publish(['one', rsa.publicKey])
  })
  return provider
}
