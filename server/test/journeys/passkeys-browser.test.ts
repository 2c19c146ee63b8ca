// Passkeys in a real browser with a virtual authenticator: a page of localhost makes one and signs in with it, as its own
// script does with what browsers offer, and through aws-amplify.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, CDPSession, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundleOfAmplify } from '../amplify-bundle.ts'
import { openBrowser } from '../browser.ts'
import { engines, makeUser, PASSWORD, signIn, usePool, useTestServer } from '../harness.ts'
import { PASSKEY_CLIENT, PASSKEY_POOL } from '../passkeys.ts'

interface Answer {
  ChallengeName?: string
  ChallengeParameters?: Record<string, string>
  Session?: string
  AuthenticationResult?: { AccessToken: string }
  CredentialCreationOptions?: unknown
}

describe.each(engines)('passkeys in a browser, on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT })
  let pages: Server
  let browser: Browser
  let page: Page
  let devtools: CDPSession
  let authenticatorId: string

  beforeAll(async () => {
    const script = await bundleOfAmplify()
    pages = createServer((request, response) => {
      if (request.url === '/amplify.js') response.setHeader('content-type', 'text/javascript').end(script)
      else
        response
          .setHeader('content-type', 'text/html')
          .end('<!doctype html><meta charset="utf-8"><title>App</title><script src="amplify.js"></script>')
    })
    await new Promise<void>((done) => pages.listen(0, '127.0.0.1', done))
    browser = await openBrowser()
    page = await browser.newPage()
    await page.goto(`http://localhost:${(pages.address() as AddressInfo).port}/`)
    devtools = await page.context().newCDPSession(page)
    await devtools.send('WebAuthn.enable')
    ;({ authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'internal',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: true,
      },
    }))
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    pages?.close()
  })

  /** A call as a page makes it; the answer, with its error if it is one. */
  const call = (operation: string, input: unknown): Promise<Answer> =>
    page.evaluate(
      async ({ url, operation, input }) => {
        const response = await fetch(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/x-amz-json-1.1',
            'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
          },
          body: JSON.stringify(input),
        })
        return response.json()
      },
      { url: server.url, operation, input },
    )
  /** What the browser and its authenticator make of options. */
  const ask = (what: 'create' | 'get', options: unknown): Promise<unknown> =>
    page.evaluate(
      async ({ what, options }) => {
        const { parseCreationOptionsFromJSON, parseRequestOptionsFromJSON } = PublicKeyCredential as never as Record<
          string,
          (json: unknown) => never
        >
        const credential =
          what === 'create'
            ? await navigator.credentials.create({ publicKey: parseCreationOptionsFromJSON?.(options) as never })
            : await navigator.credentials.get({ publicKey: parseRequestOptionsFromJSON?.(options) as never })
        return (credential as never as { toJSON: () => unknown }).toJSON()
      },
      { what, options },
    )
  const begin = async (name: string) => {
    const { ChallengeName, ChallengeParameters, Session } = await call('InitiateAuth', {
      ClientId: at.clientId,
      AuthFlow: 'USER_AUTH',
      AuthParameters: { USERNAME: name, PREFERRED_CHALLENGE: 'WEB_AUTHN' },
    })
    expect(ChallengeName).toBe('WEB_AUTHN')
    return { Session, options: JSON.parse(ChallengeParameters?.['CREDENTIAL_REQUEST_OPTIONS'] as string) }
  }
  const respond = (USERNAME: string, Session: unknown, credential: unknown) =>
    call('RespondToAuthChallenge', {
      ClientId: at.clientId,
      ChallengeName: 'WEB_AUTHN',
      Session,
      ChallengeResponses: { USERNAME, CREDENTIAL: JSON.stringify(credential) },
    })

  it('are made and signed in with, named and discoverable; each use once, and no copy', async () => {
    const sub = await makeUser(server, at.poolId, 'ada')
    const { AccessToken } = await signIn(server, at.clientId, 'ada')
    const { CredentialCreationOptions } = await call('StartWebAuthnRegistration', { AccessToken })
    const made = await ask('create', CredentialCreationOptions)
    expect(await call('CompleteWebAuthnRegistration', { AccessToken, Credential: made })).toEqual({})
    expect(await call('ListWebAuthnCredentials', { AccessToken })).toMatchObject({
      Credentials: [{ RelyingPartyId: 'localhost', AuthenticatorAttachment: 'platform' }],
    })
    // The browser knows by the ids to leave out that the authenticator has one already.
    const again = await call('StartWebAuthnRegistration', { AccessToken })
    await expect(ask('create', again.CredentialCreationOptions)).rejects.toThrow(/InvalidStateError|already|exclude/i)

    const named = await begin('ada')
    const signed = await ask('get', named.options)
    const { AuthenticationResult } = await respond('ada', named.Session, signed)
    expect(await call('GetUser', { AccessToken: AuthenticationResult?.AccessToken })).toMatchObject({
      Username: 'ada',
      UserAttributes: [{ Name: 'sub', Value: sub }],
    })
    expect(await respond('ada', named.Session, signed)).toMatchObject({ __type: 'NotAuthorizedException' })

    const discoverable = await begin('ada')
    const found = await ask('get', { ...discoverable.options, allowCredentials: [] })
    expect(await respond('ada', discoverable.Session, found)).toMatchObject({
      AuthenticationResult: { TokenType: 'Bearer' },
    })

    // A copy of the authenticator as it was at first signs with a counter that was used.
    const { credentials } = await devtools.send('WebAuthn.getCredentials', { authenticatorId })
    const [credential] = credentials
    await devtools.send('WebAuthn.clearCredentials', { authenticatorId })
    await devtools.send('WebAuthn.addCredential', {
      authenticatorId,
      credential: { ...(credential as NonNullable<typeof credential>), signCount: 0 },
    })
    const copied = await begin('ada')
    expect(await respond('ada', copied.Session, await ask('get', copied.options))).toMatchObject({
      __type: 'NotAuthorizedException',
      message: 'The passkey was not accepted.',
    })
  })

  it('are made, listed, signed in with and deleted through aws-amplify', async () => {
    await makeUser(server, at.poolId, 'grace')
    const steps = await page.evaluate(
      async ({ ids, password }) => {
        const { amplify } = globalThis as never as {
          amplify: typeof import('aws-amplify/auth') & Pick<typeof import('aws-amplify'), 'Amplify'>
        }
        amplify.Amplify.configure({ Auth: { Cognito: ids } })
        const first = await amplify.signIn({
          username: 'grace',
          password,
          options: { authFlowType: 'USER_PASSWORD_AUTH' },
        })
        await amplify.associateWebAuthnCredential()
        const { credentials } = await amplify.listWebAuthnCredentials()
        await amplify.signOut()
        const second = await amplify.signIn({
          username: 'grace',
          options: { authFlowType: 'USER_AUTH', preferredChallenge: 'WEB_AUTHN' },
        })
        const { username } = await amplify.getCurrentUser()
        await amplify.deleteWebAuthnCredential({ credentialId: credentials[0]?.credentialId as string })
        const left = (await amplify.listWebAuthnCredentials()).credentials.length
        return { first, credentials, second, username, left }
      },
      {
        ids: { userPoolId: at.poolId, userPoolClientId: at.clientId, userPoolEndpoint: server.url },
        password: PASSWORD,
      },
    )
    expect(steps).toMatchObject({
      first: { isSignedIn: true },
      credentials: [{ relyingPartyId: 'localhost' }],
      second: { isSignedIn: true, nextStep: { signInStep: 'DONE' } },
      username: 'grace',
      left: 0,
    })
  })
})
