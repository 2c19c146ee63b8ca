// CSS and logo of the classic login pages, through the API, and the logo as a browser gets it.
import {
  CreateUserPoolDomainCommand,
  DeleteUserPoolClientCommand,
  GetUICustomizationCommand,
  SetUICustomizationCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makeClient, makePool, usePool, useTestServer } from '../../../test/harness.ts'
import { JPEG, PNG, SVG } from '../../../test/images.ts'

const CSS = '.label-customizable { font-weight: 400; }'

describe.each(engines)('the looks of classic login pages on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)
  let domains = 0
  const withDomain = async (UserPoolId: string): Promise<string> => {
    await server.admin.send(new CreateUserPoolDomainCommand({ UserPoolId, Domain: `looks-${++domains}` }))
    return UserPoolId
  }
  beforeAll(() => withDomain(at.poolId))

  const set = async (input: object = {}) =>
    (await server.admin.send(new SetUICustomizationCommand({ UserPoolId: at.poolId, ...input }))).UICustomization
  const get = async (input: object = {}) =>
    (await server.admin.send(new GetUICustomizationCommand({ UserPoolId: at.poolId, ...input }))).UICustomization
  const newClient = async () => ({ ClientId: (await makeClient(server, at.poolId)).ClientId })

  it('are an empty object until they are set', async () => {
    const { Id: UserPoolId } = await makePool(server)
    expect(await get({ UserPoolId })).toEqual({})
    expect(await get(await newClient())).toEqual({})
  })

  it('are those of a client, which others do not see', async () => {
    const client = await newClient()
    const made = await set({ ...client, CSS, ImageFile: PNG })
    expect(made).toEqual({
      UserPoolId: at.poolId,
      ...client,
      ImageUrl: expect.stringMatching(`^${server.publicUrl}/${at.poolId}/images/[0-9a-f-]{36}$`),
      CSS,
      CSSVersion: expect.stringMatching(/^20\d{12}$/),
      LastModifiedDate: expect.any(Date),
      CreationDate: made?.LastModifiedDate,
    })
    expect(await get(client)).toEqual(made)
    expect(await get(await newClient())).toEqual({})
  })

  it('are those of the pool for a client without any, by ALL or without a name', async () => {
    const UserPoolId = await withDomain((await makePool(server)).Id)
    const { ClientId } = await makeClient(server, UserPoolId)
    const made = await set({ UserPoolId, ClientId: 'ALL', CSS })
    expect(made).toMatchObject({ ClientId: 'ALL', CSS })
    for (const of of [{}, { ClientId: 'ALL' }, { ClientId }]) expect(await get({ UserPoolId, ...of })).toEqual(made)
    server.clock.advance(2000)
    const own = await set({ UserPoolId, ClientId, CSS: '.legalText-customizable { color: red }' })
    expect(await get({ UserPoolId, ClientId })).toEqual(own)
    const again = await set({ UserPoolId, CSS: '' })
    expect(again).toEqual({})
    expect(await get({ UserPoolId, ClientId })).toEqual(own)
    expect(await get({ UserPoolId })).toEqual({})
  })

  it('are set together: what is not named is removed, and with neither all of it', async () => {
    const client = await newClient()
    const first = await set({ ...client, CSS, ImageFile: PNG })
    server.clock.advance(2000)
    const second = await set({ ...client, ImageFile: JPEG })
    expect(second).not.toHaveProperty('CSS')
    expect(second?.CreationDate).toEqual(first?.CreationDate)
    expect(Number(second?.LastModifiedDate)).toBeGreaterThan(Number(first?.LastModifiedDate))
    expect(second?.CSSVersion).not.toBe(first?.CSSVersion)
    const third = await set({ ...client, CSS })
    expect(third).not.toHaveProperty('ImageUrl')
    expect(await set(client)).toEqual({})
    expect(await get(client)).toEqual({})
    for (const gone of [first, second]) expect((await fetch(gone?.ImageUrl as string)).status).toBe(404)
  })

  it('have a logo that a browser may keep and can do no harm with', async () => {
    const made = await set({ ...(await newClient()), ImageFile: PNG })
    const answer = await fetch(made?.ImageUrl as string)
    expect(answer.status).toBe(200)
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(PNG)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
    })
    const id = made?.ImageUrl?.split('/').at(-1)
    const other = (await makePool(server)).Id
    for (const path of [`/${other}/images/${id}`, `/us-east-1_NoSuchPoo/images/${id}`, `/${at.poolId}/images/x`])
      expect((await fetch(server.url + path)).status).toBe(404)
  })

  it('leave one image when many set one at once', async () => {
    const client = await newClient()
    const answers = await Promise.all(Array.from({ length: 6 }, () => set({ ...client, ImageFile: PNG })))
    const stored = await get(client)
    const statuses = await Promise.all(answers.map(async (of) => (await fetch(of?.ImageUrl as string)).status))
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(answers[statuses.indexOf(200)]?.ImageUrl).toBe(stored?.ImageUrl)
  })

  it('need a domain of the pool', async () => {
    const { Id: UserPoolId } = await makePool(server)
    const message = 'There has to be an existing domain associated with this user pool'
    await expectRefusal(set({ UserPoolId, CSS }), 'InvalidParameterException', message)
    await withDomain(UserPoolId)
    expect(await set({ UserPoolId, CSS })).toMatchObject({ CSS })
  })

  it('go with their client', async () => {
    const client = await newClient()
    const made = await set({ ...client, CSS, ImageFile: PNG })
    await server.admin.send(new DeleteUserPoolClientCommand({ UserPoolId: at.poolId, ...client }))
    expect((await fetch(made?.ImageUrl as string)).status).toBe(404)
  })

  it.each([
    ['CSS that loads something', { CSS: '@import "x";' }, 'Invalid CSS: @import is not allowed.'],
    ['CSS that ends its element', { CSS: '</style>' }, 'Invalid CSS: it has a backslash or a "<".'],
    ['a logo of another type', { ImageFile: SVG }, 'The image must be a PNG or JPEG file.'],
    [
      'a logo of more than 100 KiB',
      { ImageFile: Buffer.concat([PNG, Buffer.alloc(100 * 1024)]) },
      'request parameters too large',
    ],
  ])('refuse %s, and stay as they were', async (_, input, message) => {
    const client = await newClient()
    const made = await set({ ...client, CSS })
    await expectRefusal(set({ ...client, ...input }), 'InvalidParameterException', message)
    expect(await get(client)).toEqual(made)
  })

  const calls = [
    {
      operation: 'GetUICustomization',
      send: (input: OfClient) => server.admin.send(new GetUICustomizationCommand(input)),
    },
    {
      operation: 'SetUICustomization',
      send: (input: OfClient) => server.admin.send(new SetUICustomizationCommand(input)),
    },
  ]
  it.each(calls)('$operation needs a pool, a client of it and a signature', async ({ operation, send }) => {
    await expectRefusal(send({ UserPoolId: 'us-east-1_NoSuchPoo' }), 'ResourceNotFoundException')
    const { Id: UserPoolId } = await makePool(server)
    await expectRefusal(
      send({ UserPoolId, ClientId: at.clientId }),
      'ResourceNotFoundException',
      `User pool client ${at.clientId} does not exist.`,
    )
    const { json } = await server.raw(operation, { UserPoolId })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})

interface OfClient {
  UserPoolId: string
  ClientId?: string
}
