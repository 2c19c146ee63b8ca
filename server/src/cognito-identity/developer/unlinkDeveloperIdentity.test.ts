import { DescribeIdentityCommand, UnlinkDeveloperIdentityCommand } from '@aws-sdk/client-cognito-identity'
import { describe, expect, it } from 'vitest'
import { identityClient } from '../../../test/aws-clients.ts'
import { engines, expectRefusal, useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { developerToken } from '../../../test/identity.ts'
import { DEVELOPER_PROVIDER, useIdentityWorld } from '../../../test/identity-world.ts'

describe.each(engines)('UnlinkDeveloperIdentity on %s', (engine) => {
  const server = useTestServer({ engine })
  const world = useIdentityWorld(server)
  const unlink = (IdentityId: string, DeveloperUserIdentifier: string, more: object = {}, client = world.admin) =>
    client.send(
      new UnlinkDeveloperIdentityCommand({
        IdentityPoolId: world.poolId,
        DeveloperProviderName: DEVELOPER_PROVIDER,
        IdentityId,
        DeveloperUserIdentifier,
        ...more,
      }),
    )
  const link = async (identifier: string, id?: string) =>
    (await developerToken(world.admin, world.poolId, { [DEVELOPER_PROVIDER]: identifier }, id)).id
  const loginsAt = async (IdentityId: string) =>
    (await world.admin.send(new DescribeIdentityCommand({ IdentityId }))).Logins

  it('unlinks one user, who then gets a new identity', async () => {
    const id = await link('ada')
    await link('ada at work', id)
    await unlink(id, 'ada')
    expect(await loginsAt(id)).toEqual([DEVELOPER_PROVIDER])
    expect(await link('ada at work')).toBe(id)
    expect(await link('ada')).not.toBe(id)
    await unlink(id, 'ada at work')
    expect(await loginsAt(id)).toBeUndefined()
    // A backend may give the identity a user again.
    expect(await link('ada again', id)).toBe(id)
  })

  it('refuses users of another identity, or of none', async () => {
    const id = await link('bea')
    await link('cy')
    await expectRefusal(
      unlink(id, 'cy'),
      'ResourceConflictException',
      'The developer user identifier is linked to another identity.',
    )
    const notFound = "Developer user identifier 'nobody' not found."
    await expectRefusal(unlink(id, 'nobody'), 'ResourceNotFoundException', notFound)
    expect(await loginsAt(id)).toEqual([DEVELOPER_PROVIDER])
  })

  it('refuses unknown providers, pools and identities', async () => {
    const id = await link('bea')
    await expectRefusal(
      unlink(id, 'bea', { DeveloperProviderName: world.provider.replace('/', '.') }),
      'InvalidParameterException',
      'This identity pool does not support the specified developer provider',
    )
    const unknown = 'us-east-1:00000000-0000-4000-8000-000000000000'
    const notFound = (call: Promise<unknown>, text: string) => expectRefusal(call, 'ResourceNotFoundException', text)
    await notFound(unlink(id, 'bea', { IdentityPoolId: unknown }), `IdentityPool '${unknown}' not found.`)
    await notFound(unlink(unknown, 'bea'), `Identity '${unknown}' not found.`)
    const elsewhere = await world.getId(undefined, await world.makePool())
    await notFound(unlink(elsewhere, 'bea'), `Identity '${elsewhere}' not found.`)
  })

  it('refuses callers without permission', async () => {
    const bea = identityClient(server, await makeIamUser(world.iam, 'bea'))
    await expectRefusal(
      unlink(await link('bea'), 'bea', {}, bea),
      'AccessDeniedException',
      /cognito-identity:UnlinkDeveloperIdentity on resource: arn:aws:cognito-identity:.*:identitypool\//,
    )
  })
})
