// An application whose users come from SAML providers, and the browser's way to the provider and back.
import { inflateRawSync } from 'node:zlib'
import type { CreateIdentityProviderCommandInput } from '@aws-sdk/client-cognito-identity-provider'
import type { App } from './oauth.ts'
import { authorizeUrl } from './oauth.ts'
import { Browser, LeftTheServer, leaving, type Page } from './page-walker.ts'
import {
  AUDIENCE,
  base64,
  type MetadataSpec,
  metadata,
  NOW,
  RECIPIENT,
  type ResponseParts,
  response,
  signed,
} from './saml-provider.ts'

type Provider = Omit<CreateIdentityProviderCommandInput, 'UserPoolId'>

export const SLO = 'https://idp.example.com/slo'
export const LOGOUT_ENDPOINT = `<md:SingleLogoutService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${SLO}"/>`

/** The provider Corp, whose metadata are those of saml-provider.ts. */
export const samlProvider = (
  ProviderDetails: Record<string, string> = {},
  spec: MetadataSpec = {},
  ProviderName = 'Corp',
): Provider => ({
  ProviderName,
  ProviderType: 'SAML',
  AttributeMapping: { email: 'mail', name: 'displayName' },
  ProviderDetails: {
    ...(ProviderDetails['MetadataURL'] === undefined && {
      MetadataFile: metadata({ endpoints: LOGOUT_ENDPOINT, ...spec }),
    }),
    ...ProviderDetails,
  },
})

export const consumerOf = ({ base }: Pick<App, 'base'>): string => `${base}/saml2/idpresponse`
export const entityIdOf = ({ poolId }: Pick<App, 'poolId'>): string => `urn:amazon:cognito:sp:${poolId}`

/** A request as it arrives at the provider. */
export interface AtProvider {
  readonly url: URL
  readonly xml: string
  readonly id: string
  readonly relayState: string
}

/** Begins a sign-in with a provider. */
export async function toSamlProvider(
  app: App,
  browser: Browser,
  parameters: Record<string, string> = {},
): Promise<AtProvider> {
  return readRequest(await leaving(browser.get(authorizeUrl(app, { identity_provider: 'Corp', ...parameters }))))
}

export function readRequest(url: URL, name = 'SAMLRequest'): AtProvider {
  const xml = inflateRawSync(Buffer.from(url.searchParams.get(name) ?? '', 'base64')).toString()
  const id = / ID="([^"]*)"/.exec(xml)?.[1] ?? ''
  return { url, xml, id, relayState: url.searchParams.get('RelayState') ?? '' }
}

let made = 0

/**
 * A response of saml-provider.ts for a pool, now, with ids of its own; `answers` is the request, null for none. Its ids begin
 * with `_response` and `_assertion`; `sign` signs them.
 */
export async function answerFor(
  app: App,
  answers: Pick<AtProvider, 'id'> | null,
  sign: Sign,
  parts: ResponseParts = {},
): Promise<string> {
  const ids = { response: `_response${++made}`, assertion: `_assertion${made}` }
  const xml = forPool(app, response({ responseId: ids.response, assertionId: ids.assertion, ...parts }))
  return sign(answers ? answering(xml, answers.id) : xml, ids)
}

/** The same text with the pool's names, and its times moved to now. */
export const forPool = (app: App, xml: string): string =>
  xml
    .replaceAll(RECIPIENT, consumerOf(app))
    .replaceAll(AUDIENCE, entityIdOf(app))
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, (time) =>
      new Date(Date.parse(time) + app.server.clock.now() - NOW).toISOString(),
    )

const answering = (xml: string, id: string): string =>
  xml
    .replace('<samlp:Response ', `<samlp:Response InResponseTo="${id}" `)
    .replaceAll('<saml:SubjectConfirmationData ', `<saml:SubjectConfirmationData InResponseTo="${id}" `)

type Sign = (xml: string, ids: { response: string; assertion: string }) => string | Promise<string>

/** What a provider may sign. */
export const byAssertion: Sign = (xml, ids) => signed(xml, ids.assertion)
export const byResponse: Sign = (xml, ids) => signed(xml, ids.response)

/** The whole way of a browser; resolves with where the application is answered. */
export async function signInBySaml(
  app: App,
  parts: ResponseParts = {},
  browser = new Browser(),
  parameters: Record<string, string> = {},
): Promise<URL> {
  const request = await toSamlProvider(app, browser, parameters)
  const xml = await answerFor(app, request, byAssertion, parts)
  const answered = await postResponse(app, browser, xml, request.relayState)
  if (answered instanceof URL) return answered
  throw new Error(`stayed on ${answered.url}`)
}

/** What an application is told at its redirect URI. */
export const told = (url: URL | Page): Record<string, string> =>
  url instanceof URL ? Object.fromEntries(url.searchParams) : { page: url.url.href }

/** Where a form of the provider leads: to the application, or to a page. */
export async function postFrom(
  browser: Browser,
  url: string,
  fields: Record<string, string> | [string, string][],
): Promise<URL | Page> {
  try {
    return await browser.post(url, new URLSearchParams(fields))
  } catch (error) {
    if (error instanceof LeftTheServer) return error.location
    throw error
  }
}

/** Posts a response to the assertion consumer service. */
export const postResponse = (
  app: App,
  browser: Browser,
  xml: string,
  relayState: string,
  more: [string, string][] = [],
): Promise<URL | Page> =>
  postFrom(browser, consumerOf(app), [['SAMLResponse', base64(xml)], ['RelayState', relayState], ...more])
