// CreateStreamTicket: whose ticket it is, how long it lives, who may have one.
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTicket, type Named } from '../../../test/event-streams.ts'
import { useTestServer } from '../../../test/harness.ts'
import { makeIamUser } from '../../../test/iam.ts'
import { identityCredentialCalls } from '../../../test/identity-credentials.ts'
import { useIdentityWorld } from '../../../test/identity-world.ts'
import type { Answer } from '../../../test/refusals/raw-request.ts'

const server = useTestServer()
const world = useIdentityWorld(server)
const { signerOf } = identityCredentialCalls(server, world)

const guest = async () => {
  const IdentityId = await world.getId()
  return { named: { IdentityPoolId: world.poolId, IdentityId }, signer: await signerOf(IdentityId) }
}

const refusalOf = ({ status, json }: Answer) => [status, json.__type, json.message ?? json['Message']]

beforeAll(() => server.clock.freeze())
afterAll(() => server.clock.thaw())

describe('CreateStreamTicket', () => {
  it('gives an identity a ticket for a minute, whose streams end with the credentials', async () => {
    const { named, signer } = await guest()
    server.clock.advance(600_000)
    const { status, json } = await createTicket(server, named, signer)
    const now = server.clock.now() / 1000
    expect({ status, json }).toEqual({
      status: 200,
      json: {
        Ticket: expect.stringMatching(/^[\w-]{80,300}$/),
        Expiration: expect.closeTo(now + 60, 1),
        // Credentials end with a whole second.
        StreamExpiration: Math.floor(now - 600 + 3600),
      },
    })
  })

  it('opens nothing for longer than the credentials live', async () => {
    const { named, signer } = await guest()
    server.clock.advance(3_590_000)
    const { json } = await createTicket(server, named, signer)
    expect(json['Expiration']).toBe(json['StreamExpiration'])
    expect(json['Expiration']).toBeLessThanOrEqual(server.clock.now() / 1000 + 11)
  })

  it('gives a developer a ticket for any identity of the pool, for an hour', async () => {
    const { named } = await guest()
    const { json } = await createTicket(server, named)
    expect(json['StreamExpiration']).toBeCloseTo(server.clock.now() / 1000 + 3600, 1)
  })

  it.each<[what: string, named: (own: Named) => Named | Promise<Named>, text: (named: Named) => string]>([
    [
      'pool',
      (own) => ({ ...own, IdentityPoolId: `us-east-1:${randomUUID()}` }),
      (named) => `IdentityPool '${named.IdentityPoolId}' not found.`,
    ],
    [
      'identity',
      (own) => ({ ...own, IdentityId: `us-east-1:${randomUUID()}` }),
      (named) => `Identity '${named.IdentityId}' not found.`,
    ],
    [
      'identity of this pool',
      async (own) => ({ ...own, IdentityPoolId: await world.makePool() }),
      (named) => `Identity '${named.IdentityId}' not found.`,
    ],
  ])('knows no such %s', async (_, change, text) => {
    const named = await change((await guest()).named)
    expect(refusalOf(await createTicket(server, named))).toEqual([404, 'ResourceNotFoundException', text(named)])
  })

  it('gives an identity no ticket for another one, whatever its policies allow', async () => {
    const { signer } = await guest()
    const { named } = await guest()
    expect(refusalOf(await createTicket(server, named, signer))).toEqual([
      403,
      'NotAuthorizedException',
      'An identity may reach its own data only.',
    ])
  })

  it('is an action on an identity', async () => {
    const { named } = await guest()
    const arn = (of: Named) =>
      `arn:aws:cognito-sync:${server.region}:${server.accountId}:identitypool/${of.IdentityPoolId}/identity/${of.IdentityId}`
    const allowed = await makeIamUser(world.iam, 'listener', {
      Action: 'cognito-sync:CreateStreamTicket',
      Resource: arn(named),
    })
    expect((await createTicket(server, named, allowed)).status).toBe(200)
    const { named: other } = await guest()
    expect(refusalOf(await createTicket(server, other, allowed))).toEqual([
      403,
      'AccessDeniedException',
      `User: arn:aws:iam::${server.accountId}:user/listener is not authorized to perform: cognito-sync:CreateStreamTicket on resource: ${arn(other)} because no identity-based policy allows the cognito-sync:CreateStreamTicket action`,
    ])
  })

  it("follows a policy about one's own identity", async () => {
    const poolId = await world.makePool()
    const own = `arn:aws:cognito-sync:*:*:identitypool/\${cognito-identity.amazonaws.com:aud}/identity/\${cognito-identity.amazonaws.com:sub}`
    const role = await world.makeRole('Listening', poolId, 'unauthenticated', {
      Action: 'cognito-sync:CreateStreamTicket',
      Resource: own,
    })
    await world.setRoles(poolId, undefined, { unauthenticated: role })
    const IdentityId = await world.getId(undefined, poolId)
    const named = { IdentityPoolId: poolId, IdentityId }
    expect((await createTicket(server, named, await signerOf(IdentityId))).status).toBe(200)
  })
})
