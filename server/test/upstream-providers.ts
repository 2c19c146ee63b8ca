// Identity providers outside, as far as an administrator's operations see them: an OpenID Connect provider with a discovery
// document, and a SAML provider with metadata, on one HTTP server of this machine.
import type { CreateIdentityProviderCommandInput } from '@aws-sdk/client-cognito-identity-provider'
import { useLoopbackServer } from './loopback-server.ts'

export interface Upstream {
  readonly url: string
  /** Answers by path; a path without one is answered with 404. */
  readonly pages: Map<string, { status?: number; body: string }>
  /** Paths that were asked for. */
  readonly asked: string[]
}

/** An HTTP server for all tests of a file; use it inside of tests and hooks only. */
export function useUpstream(): Upstream {
  const pages: Upstream['pages'] = new Map()
  const asked: string[] = []
  const server = useLoopbackServer(({ url = '' }, response) => {
    asked.push(url)
    const page = pages.get(url)
    response.writeHead(page ? (page.status ?? 200) : 404).end(page?.body)
  })
  return {
    pages,
    asked,
    get url() {
      return `http://127.0.0.1:${server.port}`
    },
  }
}

/** Publishes a discovery document at a path of the server; the issuer. */
export function publishDiscovery(upstream: Upstream, path = '', changes: Record<string, unknown> = {}): string {
  const issuer = `${upstream.url}${path}`
  const document = {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    jwks_uri: `${issuer}/jwks`,
    ...changes,
  }
  upstream.pages.set(`${path}/.well-known/openid-configuration`, { body: JSON.stringify(document) })
  return issuer
}

/** What a Google provider of a pool needs. */
export const GOOGLE = {
  ProviderName: 'Google',
  ProviderType: 'Google',
  ProviderDetails: { client_id: 'google-id', client_secret: 'google-secret', authorize_scopes: 'openid email' },
} as const satisfies Partial<CreateIdentityProviderCommandInput>
