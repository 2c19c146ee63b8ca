// WebAuthnMfaSettings: passkeys as both factors of a user. What a sign-in makes of it is web-authn.test.ts.
import {
  AdminDeleteSoftwareTokenCommand,
  AdminGetUserCommand,
  AdminSetUserMFAPreferenceCommand,
  type AdminSetUserMFAPreferenceCommandInput,
  DeleteWebAuthnCredentialCommand,
  SetUserMFAPreferenceCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { Authenticator } from '../../../test/authenticator.ts'
import { expectRefusal, makeUser, signIn, usePool, useTestServer } from '../../../test/harness.ts'
import { MULTI_FACTOR, PASSKEY_CLIENT, PASSKEY_POOL, registerPasskey, setWebAuthn } from '../../../test/passkeys.ts'
import { giveToken } from '../../../test/second-factors.ts'

type Preferences = Partial<Omit<AdminSetUserMFAPreferenceCommandInput, 'UserPoolId' | 'Username'>>

const PASSKEYS = { WebAuthnMfaSettings: { Enabled: true } }
const NO_PASSKEYS = { WebAuthnMfaSettings: { Enabled: false } }
const TOKEN_OFF = { SoftwareTokenMfaSettings: { Enabled: false } }
const ANOTHER_NEEDED = 'User must have another MFA method turned on beside WEB_AUTHN'
const NO_PASSKEY = 'User has not set up a passkey with user verification'

describe('WebAuthnMfaSettings', () => {
  const server = useTestServer()
  const at = usePool(server, { pool: PASSKEY_POOL, client: PASSKEY_CLIENT })
  let name: string
  let AccessToken: string
  let count = 0
  beforeAll(() => setWebAuthn(server, at, MULTI_FACTOR, 'OPTIONAL'))
  beforeEach(async () => {
    name = `user-${++count}`
    await makeUser(server, at.poolId, name)
    AccessToken = (await signIn(server, at.clientId, name)).AccessToken
  })
  const setters = {
    user: (preferences: Preferences) =>
      server.app.send(new SetUserMFAPreferenceCommand({ AccessToken, ...preferences })),
    administrator: (preferences: Preferences) =>
      server.admin.send(
        new AdminSetUserMFAPreferenceCommand({ UserPoolId: at.poolId, Username: name, ...preferences }),
      ),
  }
  const list = async () =>
    (await server.admin.send(new AdminGetUserCommand({ UserPoolId: at.poolId, Username: name }))).UserMFASettingList
  /** A passkey of the user; `verifiesUser`: the authenticator asks for a PIN or the like. */
  async function register(verifiesUser = true): Promise<string> {
    const authenticator = new Authenticator()
    authenticator.verifiesUser = verifiesUser
    await registerPasskey(server, AccessToken, authenticator)
    return authenticator.id.toString('base64url')
  }

  it.each(Object.keys(setters) as (keyof typeof setters)[])('is turned on and off by the %s', async (by) => {
    const set = setters[by]
    const refused = (preferences: Preferences, message: string) =>
      expectRefusal(set(preferences), 'InvalidParameterException', message)
    await refused(PASSKEYS, NO_PASSKEY)
    await register()
    await refused(PASSKEYS, ANOTHER_NEEDED)
    expect(await list()).toBeUndefined()
    await giveToken(server, at.clientId, name)
    await set(PASSKEYS)
    expect(await list()).toEqual(['SOFTWARE_TOKEN_MFA', 'WEB_AUTHN'])
    // The other one cannot be turned off alone.
    await refused(TOKEN_OFF, ANOTHER_NEEDED)
    await refused({ ...PASSKEYS, ...TOKEN_OFF }, ANOTHER_NEEDED)
    expect(await list()).toEqual(['SOFTWARE_TOKEN_MFA', 'WEB_AUTHN'])
    await set({ ...NO_PASSKEYS, ...TOKEN_OFF })
    expect(await list()).toBeUndefined()
  })

  it('is off again with the last passkey that verifies its user', async () => {
    const [first, second] = [await register(), await register()]
    await giveToken(server, at.clientId, name)
    await setters.user(PASSKEYS)
    const remove = (CredentialId: string) =>
      server.app.send(new DeleteWebAuthnCredentialCommand({ AccessToken, CredentialId }))
    await remove(first)
    expect(await list()).toEqual(['SOFTWARE_TOKEN_MFA', 'WEB_AUTHN'])
    await remove(second)
    expect(await list()).toEqual(['SOFTWARE_TOKEN_MFA'])
  })

  it('stays when an administrator removes the software token of a user who has lost it', async () => {
    await register()
    await giveToken(server, at.clientId, name)
    await setters.user(PASSKEYS)
    await server.admin.send(new AdminDeleteSoftwareTokenCommand({ UserPoolId: at.poolId, Username: name }))
    expect(await list()).toEqual(['WEB_AUTHN'])
    await setters.user({})
    await setters.user(NO_PASSKEYS)
    expect(await list()).toBeUndefined()
  })

  it('is refused where passkeys stand for one factor alone, or were made without verifying their user', async () => {
    await giveToken(server, at.clientId, name)
    await setWebAuthn(server, at, {}, 'OPTIONAL')
    await register(false)
    await expectRefusal(
      setters.user(PASSKEYS),
      'InvalidParameterException',
      'User does not have delivery config set to turn on WEB_AUTHN',
    )
    await setWebAuthn(server, at, MULTI_FACTOR, 'OPTIONAL')
    await expectRefusal(setters.user(PASSKEYS), 'InvalidParameterException', NO_PASSKEY)
    // Such a pool takes no more passkeys of that kind.
    await expectRefusal(register(false), 'WebAuthnCredentialNotSupportedException')
    await register()
    await setters.user(PASSKEYS)
    expect(await list()).toEqual(['SOFTWARE_TOKEN_MFA', 'WEB_AUTHN'])
  })
})
