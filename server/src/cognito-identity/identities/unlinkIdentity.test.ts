import {
  DescribeIdentityCommand,
  GetCredentialsForIdentityCommand,
  UnlinkIdentityCommand,
} from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { developerToken } from '../../../test/identity.ts'
import { DEVELOPER_PROVIDER, useIdentityWorld } from '../../../test/identity-world.ts'

const MISMATCH = "Logins don't match. Please include at least one valid login for this identity or identity pool."
const forbidden = (id: string) => `Access to Identity '${id}' is forbidden.`

describe.each(engines)('UnlinkIdentity on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const unlink = (IdentityId: string, Logins: Record<string, string>, LoginsToRemove = [world.provider]) =>
    world.app.send(new UnlinkIdentityCommand({ IdentityId, Logins, LoginsToRemove }))
  const loginsAt = async (IdentityId: string) =>
    (await world.admin.send(new DescribeIdentityCommand({ IdentityId }))).Logins

  it('unlinks a login, which then gets a new identity; an identity without logins has no owner', async () => {
    const Logins = await world.loginsOf('ada')
    const id = await world.getId(Logins)
    await unlink(id, Logins)
    expect(await loginsAt(id)).toBeUndefined()
    const get = (given?: Record<string, string>) =>
      world.app.send(new GetCredentialsForIdentityCommand({ IdentityId: id, Logins: given }))
    await expectRefusal(get(), 'NotAuthorizedException', forbidden(id))
    await expectRefusal(get(Logins), 'NotAuthorizedException', forbidden(id))
    const next = await world.getId(Logins)
    expect(next).not.toBe(id)
    await expectRefusal(get(Logins), 'NotAuthorizedException', forbidden(id))
  })

  it('keeps other logins, and ignores providers that are not linked', async () => {
    const Logins = await world.loginsOf('bea')
    const id = await world.getId(Logins)
    await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: 'bea' }, id)
    await unlink(id, Logins, ['accounts.google.com'])
    expect(await loginsAt(id)).toEqual([world.provider, DEVELOPER_PROVIDER].sort())
    const ownName = `${server.publicUrl.replace('http://', '')}/${world.userPoolId}`
    await unlink(id, Logins, [ownName, '__proto__'])
    expect(await loginsAt(id)).toEqual([DEVELOPER_PROVIDER])
    await expectRefusal(unlink(id, Logins), 'NotAuthorizedException', MISMATCH)
  })

  it('refuses callers without a login of the identity', async () => {
    const id = await world.getId(await world.loginsOf('cy'))
    await expectRefusal(unlink(id, await world.loginsOf('dee')), 'NotAuthorizedException', MISMATCH)
    await expectRefusal(unlink(id, {}), 'NotAuthorizedException', forbidden(id))
    const bad = 'Invalid login token. Not a valid OpenId Connect identity token.'
    await expectRefusal(unlink(id, { [world.provider]: 'x' }), 'NotAuthorizedException', bad)
    expect(await loginsAt(id)).toEqual([world.provider])
  })

  it('refuses developer providers and unknown identities', async () => {
    const Logins = await world.loginsOf('cy')
    const id = await world.getId(Logins)
    const text = 'Please provide a valid public provider'
    await expectRefusal(unlink(id, Logins, [DEVELOPER_PROVIDER]), 'InvalidParameterException', text)
    await expectRefusal(unlink(id, { [DEVELOPER_PROVIDER]: 'cy' }), 'InvalidParameterException', text)
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    await expectRefusal(unlink(unknown, Logins), 'ResourceNotFoundException', `Identity '${unknown}' not found.`)
  })
})
