// What must not sign anybody in (docs/reference/oauth-and-federation.md 26), at the assertion consumer service: each attack is
// refused, the application is told, and nobody is signed in; the honest response that the attack was made of is accepted.
import { ListUsersCommand } from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { makeCertificate } from '../../../test/certificate.ts'
import { makeFederatedApp } from '../../../test/federated-app.ts'
import { useTestServer } from '../../../test/harness.ts'
import { type App, appIn, authorizeUrl } from '../../../test/oauth.ts'
import { Browser } from '../../../test/page-walker.ts'
import {
  type AtProvider,
  answerFor,
  byAssertion,
  byResponse,
  consumerOf,
  entityIdOf,
  postResponse,
  samlProvider,
  told,
  toSamlProvider,
} from '../../../test/saml-app.ts'
import { evil, SIGNATURE, wrappingAttacks } from '../../../test/saml-attacks.ts'
import {
  at,
  attribute,
  base64,
  conditions,
  confirmation,
  nameId,
  RECIPIENT,
  type ResponseParts,
  type SignOptions,
  signed,
} from '../../../test/saml-provider.ts'

const server = useTestServer()
const other = makeCertificate()
const OTHER_ID = 'https://other.example/saml'
let app: App
let elsewhere: App
beforeAll(async () => {
  app = await makeFederatedApp(server, {
    providers: [samlProvider(), samlProvider({}, { entityId: OTHER_ID, certificates: [other.base64] }, 'Other')],
  })
  elsewhere = await makeFederatedApp(server, { providers: [samlProvider()] })
})

interface Trip {
  readonly browser: Browser
  readonly request: AtProvider
}

async function begin(parameters: Record<string, string> = {}): Promise<Trip> {
  const browser = new Browser()
  return { browser, request: await toSamlProvider(app, browser, { state: 'the-state', ...parameters }) }
}

const post = ({ browser, request }: Trip, xml: string) => postResponse(app, browser, xml, request.relayState)

async function expectAccepted(trip: Trip, xml: string): Promise<void> {
  expect(told(await post(trip, xml))).toMatchObject({ code: expect.any(String), state: 'the-state' })
}

async function expectRefused(trip: Trip, xml: string, reason = /./): Promise<void> {
  expect(told(await post(trip, xml))).toEqual({
    error: 'server_error',
    error_description: expect.stringMatching(reason),
    state: 'the-state',
  })
  expect(trip.browser.cookie('cognito')).toBeUndefined()
  const { Users } = await server.admin.send(new ListUsersCommand({ UserPoolId: app.poolId }))
  expect(Users?.map(({ Username }) => Username).filter((name) => name !== 'Corp_ada')).toEqual([])
}

const make = ({ request }: Trip, sign = byAssertion, parts: ResponseParts = {}): Promise<string> =>
  answerFor(app, request, sign, parts)

const bySignature = (options: SignOptions) => (xml: string, ids: { assertion: string }) =>
  signed(xml, ids.assertion, options)

describe.each([
  ['a signed response', byResponse],
  ['a signed assertion', byAssertion],
  [
    'both signed',
    async (xml: string, ids: { response: string; assertion: string }) => byResponse(await byAssertion(xml, ids), ids),
  ],
] as const)('signature wrapping of %s', (_document, sign) => {
  it.each(Object.entries(wrappingAttacks))('%s', async (_name, attack) => {
    const [trip, honest] = await Promise.all([begin(), begin()])
    const xml = await make(trip, sign)
    const attacked = attack(xml)
    expect(attacked).not.toBe(xml)
    await expectRefused(trip, attacked)
    await expectAccepted(honest, await make(honest, sign))
  })
})

describe('a document is refused', () => {
  const entity = '<!DOCTYPE x [<!ENTITY e "admin">]>'
  it.each<[string, (xml: string) => string]>([
    ['with a DOCTYPE', (xml) => `<!DOCTYPE samlp:Response>${xml}`],
    ['with an entity', (xml) => entity + xml.replace('>ada<', '>&e;<')],
    ['with an external entity', (xml) => `<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>${xml}`],
    [
      'with entities of entities',
      (xml) => `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>${xml}`,
    ],
    ['with a comment in the NameID', (xml) => xml.replace('>ada<', '>ada<!-- -->.evil<')],
    ['with a comment in the digest', (xml) => xml.replace('<ds:DigestValue>', '<ds:DigestValue><!---->')],
    ['with a processing instruction', (xml) => xml.replace('>ada<', '>ada<?x?><')],
    [
      'with XInclude',
      (xml) => xml.replace('>ada<', '><xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd"/><'),
    ],
    ['with two roots', (xml) => xml + xml],
    ['with an attribute twice', (xml) => xml.replace(' Version="2.0"', ' Version="2.0" Version="2.0"')],
    ['with an id twice', (xml) => xml.replace('<samlp:Status>', '<samlp:Status ID="_x"><x xmlns="" ID="_x"/>')],
    ['with a namespace of nothing', (xml) => xml.replace('<saml:Assertion ', '<saml:Assertion xmlns:x="1" ')],
    ['in UTF-16', (xml) => `<?xml version="1.0" encoding="UTF-16"?>${xml}`],
    [
      'that is too deep',
      (xml) => xml.replace('</samlp:Status>', `${'<x>'.repeat(80)}${'</x>'.repeat(80)}</samlp:Status>`),
    ],
    [
      'with too many attributes',
      (xml) =>
        xml.replace('<samlp:Status>', `<samlp:Status ${Array.from({ length: 80 }, (_, i) => `a${i}=""`).join(' ')}>`),
    ],
    ['with a changed name', (xml) => evil(xml)],
    ['without its signature', (xml) => xml.replace(SIGNATURE, '')],
    ['that is no response', (xml) => xml.replaceAll('samlp:Response', 'samlp:ArtifactResponse')],
    ['that is empty', () => ''],
    ['that is too long', (xml) => xml + ' '.repeat(100_000)],
  ])('%s', async (_name, attack) => {
    const trip = await begin()
    await expectRefused(trip, attack(await make(trip)))
  })
})

describe('a signature is refused', () => {
  const MORE = 'http://www.w3.org/2001/04/xmldsig-more#'
  const DS = 'http://www.w3.org/2000/09/xmldsig#'
  it.each<[string, SignOptions, RegExp]>([
    ['of another key', { key: other.privateKey }, /SAML Assertion signature is invalid\.$/],
    [
      'of another key, whose certificate is in KeyInfo',
      {
        key: other.privateKey,
        editSignature: (text) =>
          text.replace(
            '</ds:Signature>',
            `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${other.base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></ds:Signature>`,
          ),
      },
      /signature is invalid/,
    ],
    ['by SHA-1', { hash: 'sha1', signatureMethod: `${DS}rsa-sha1` }, /not supported/],
    ['by HMAC', { signatureMethod: `${MORE}hmac-sha256` }, /not supported/],
    ['by nothing', { signatureMethod: 'none' }, /not supported/],
    ['by RSA that says ECDSA', { signatureMethod: `${MORE}ecdsa-sha256` }, /not supported/],
    ['over the document', { uri: '' }, /signature is invalid/],
    ['over something elsewhere', { uri: 'https://evil.example/x' }, /signature is invalid/],
    [
      'with XSLT',
      { transforms: `<ds:Transform Algorithm="http://www.w3.org/TR/1999/REC-xslt-19991116"></ds:Transform>` },
      /not supported/,
    ],
    [
      'with an XPath filter',
      {
        transforms: `<ds:Transform Algorithm="http://www.w3.org/2002/06/xmldsig-filter2"></ds:Transform><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>`,
      },
      /not supported/,
    ],
    ['with comments', { canonicalization: 'http://www.w3.org/2001/10/xml-exc-c14n#WithComments' }, /not supported/],
    [
      'with a second SignedInfo',
      { editSignature: (text) => text.replace(/(<ds:SignedInfo.*<\/ds:SignedInfo>)/s, '$1$1') },
      /cannot be read/,
    ],
  ])('%s', async (_name, options, reason) => {
    const trip = await begin()
    await expectRefused(trip, await make(trip, bySignature(options)), reason)
  })

  it('of the response, where it is wrong', async () => {
    const trip = await begin()
    const sign = (xml: string, ids: { response: string }) => signed(xml, ids.response, { key: other.privateKey })
    await expectRefused(trip, await make(trip, sign), /SAML Response signature is invalid\.$/)
  })
})

describe('a response is refused', () => {
  const audience = (of: string): string =>
    conditions(`<saml:AudienceRestriction><saml:Audience>${of}</saml:Audience></saml:AudienceRestriction>`)
  it.each<[string, () => ResponseParts, RegExp]>([
    ['for another audience', () => ({ conditions: audience(entityIdOf(elsewhere)) }), /Audience restriction/],
    [
      'for an audience that begins alike',
      () => ({ conditions: audience(`${entityIdOf(app)}x`) }),
      /Audience restriction/,
    ],
    ['for no audience', () => ({ conditions: conditions('') }), /Audience restriction/],
    [
      'for another recipient',
      () => ({ confirmation: confirmation({ recipient: ` Recipient="${consumerOf(elsewhere)}"` }) }),
      /Recipient/,
    ],
    [
      'for a recipient that begins alike',
      () => ({ confirmation: confirmation({ recipient: ` Recipient="${RECIPIENT}/x"` }) }),
      /Recipient/,
    ],
    ['without a recipient', () => ({ confirmation: confirmation({ recipient: '' }) }), /Recipient/],
    ['for an empty recipient', () => ({ confirmation: confirmation({ recipient: ' Recipient=""' }) }), /Recipient/],
    ['for another destination', () => ({ destination: consumerOf(elsewhere) }), /Destination/],
    ['of another issuer', () => ({ issuer: OTHER_ID }), /Issuer/],
    [
      'of another issuer around the assertion',
      () => ({ responseIssuer: `<saml:Issuer>${OTHER_ID}</saml:Issuer>` }),
      /Issuer/,
    ],
    ['that is over', () => ({ confirmation: confirmation({ notOnOrAfter: ` NotOnOrAfter="${at(-61)}"` }) }), /expired/],
    ['without an end', () => ({ confirmation: confirmation({ notOnOrAfter: '' }) }), /cannot be read/],
    ['of the future', () => ({ issueInstant: at(90) }), /not valid yet/],
    [
      'whose conditions are over',
      () => ({ conditions: conditions().replace(/NotOnOrAfter="[^"]*"/, `NotOnOrAfter="${at(-61)}"`) }),
      /expired/,
    ],
    [
      'whose conditions have not begun',
      () => ({ conditions: conditions().replace(/NotBefore="[^"]*"/, `NotBefore="${at(90)}"`) }),
      /not valid yet/,
    ],
    [
      'of a session that is over',
      () => ({ authnStatement: `<saml:AuthnStatement AuthnInstant="${at(-1)}" SessionNotOnOrAfter="${at(-61)}"/>` }),
      /expired/,
    ],
    ['of a failure', () => ({ status: 'urn:oasis:names:tc:SAML:2.0:status:Responder' }), /has not signed the user in/],
    ['of nobody', () => ({ nameId: nameId('') }), /cannot be read/],
    ['of a blank', () => ({ nameId: nameId(' ') }), /cannot be read/],
    ['of two', () => ({ nameId: nameId('ada') + nameId('admin') }), /cannot be read/],
    [
      'that is no bearer',
      () => ({ confirmation: confirmation().replace('cm:bearer', 'cm:holder-of-key') }),
      /cannot be read/,
    ],
    ['with an unknown condition', () => ({ conditions: conditions('<saml:Condition/>') }), /cannot be read/],
  ])('%s', async (_name, parts, reason) => {
    const trip = await begin()
    await expectRefused(trip, await make(trip, byAssertion, parts()), reason)
  })

  it('that is within 60 seconds of its times is accepted', async () => {
    for (const parts of [
      { confirmation: confirmation({ notOnOrAfter: ` NotOnOrAfter="${at(-50)}"` }) },
      { issueInstant: at(50) },
    ]) {
      const trip = await begin()
      await expectAccepted(trip, await make(trip, byAssertion, parts))
    }
  })

  it('to the request of another browser, or to none, and what the other gets is accepted', async () => {
    const [mine, theirs] = await Promise.all([begin(), begin()])
    const forThem = await make(theirs)
    await expectRefused(mine, forThem, /InResponseTo/)
    await expectAccepted(theirs, forThem)
    const unasked = await begin()
    await expectRefused(unasked, await answerFor(app, null, byAssertion), /InResponseTo/)
    // The right one around an assertion of another sign-in.
    const around = await begin()
    const xml = await answerFor(app, { id: '_other' }, byAssertion)
    await expectRefused(
      around,
      xml.replace('InResponseTo="_other"', `InResponseTo="${around.request.id}"`),
      /InResponseTo/,
    )
  })

  it('of one provider, in the sign-in of another', async () => {
    const key = other.privateKey
    const sign = bySignature({ key })
    const otherIssuer = { issuer: OTHER_ID, responseIssuer: `<saml:Issuer>${OTHER_ID}</saml:Issuer>` }
    // It is what the other provider would say; or the other provider says that it is the one.
    const trips = await Promise.all([begin(), begin(), begin()])
    await expectRefused(trips[0], await make(trips[0], sign, otherIssuer), /signature is invalid/)
    await expectRefused(trips[1], await make(trips[1], sign), /signature is invalid/)
    await expectRefused(trips[2], await make(trips[2], byAssertion, otherIssuer), /Issuer/)
  })
})

describe('a state is refused', () => {
  const page = /\/error\?error=invalid_state/

  it('in another browser (login CSRF), and accepted in its own', async () => {
    const trip = await begin()
    const xml = await make(trip)
    const victim = new Browser()
    expect(told(await postResponse(app, victim, xml, trip.request.relayState))['page']).toMatch(page)
    expect(victim.cookie('cognito')).toBeUndefined()
    // Also where the victim has a round trip of their own.
    const { browser } = await begin()
    expect(told(await postResponse(app, browser, xml, trip.request.relayState))['page']).toMatch(page)
    await expectAccepted(trip, xml)
  })

  it('when it comes back again', async () => {
    const trip = await begin()
    const xml = await make(trip)
    await expectAccepted(trip, xml)
    expect(told(await post(trip, xml))['page']).toMatch(page)
  })

  it('when the round trip took longer than five minutes', async () => {
    const trip = await begin()
    server.clock.advance(301_000)
    expect(told(await post(trip, await make(trip)))['page']).toMatch(page)
  })

  it.each(['', 'x', 'https://evil.example', '/login'])('that is none: %j', async (relayState) => {
    const trip = await begin()
    expect(told(await postResponse(app, trip.browser, await make(trip), relayState))['page']).toMatch(page)
  })

  it('of another pool', async () => {
    const browser = new Browser()
    const theirs = await toSamlProvider(elsewhere, browser)
    const xml = await answerFor(app, theirs, byAssertion)
    expect(told(await postResponse(app, browser, xml, theirs.relayState))['page']).toMatch(page)
  })

  it('with a parameter that comes twice', async () => {
    const trip = await begin()
    const forged = await make(trip, bySignature({ key: other.privateKey }))
    const answered = await postResponse(app, trip.browser, await make(trip), trip.request.relayState, [
      ['SAMLResponse', base64(forged)],
    ])
    expect(told(answered)).toMatchObject({ error: 'invalid_request' })
  })

  it('with a body that is no form, and by GET', async () => {
    const url = consumerOf(app)
    const answered = await fetch(url, { method: 'POST', body: '<x/>', headers: { 'content-type': 'text/xml' } })
    expect(answered.status).toBe(400)
    expect((await fetch(url)).status).toBe(405)
  })
})

it('attributes named like members of objects are attributes', async () => {
  const trip = await begin()
  const attributes = attribute('__proto__', 'x') + attribute('constructor', 'y') + attribute('mail', 'ada@example.com')
  await expectAccepted(trip, await make(trip, byAssertion, { attributes }))
})

it('a second client of the pool that has not the provider is not signed in to', async () => {
  const own = await appIn(server, app.poolId, { SupportedIdentityProviders: ['COGNITO'] })
  const page = await new Browser().get(authorizeUrl(own, { identity_provider: 'Corp' }))
  expect(page.url.href).toMatch(/error=unknown_provider/)
})
