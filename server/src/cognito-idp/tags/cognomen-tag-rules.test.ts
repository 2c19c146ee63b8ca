// Tags of a user pool that are settings beyond Cognito: a value is one of the setting's, and a slip of the pen is refused.
import {
  CreateUserPoolCommand,
  TagResourceCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, it } from 'vitest'
import { expectRefusal, makePool, useTestServer } from '../../../test/harness.ts'

interface Setting {
  readonly key: string
  readonly wanted: string
  readonly good: readonly string[]
  readonly bad: readonly string[]
}

const settings: readonly Setting[] = [
  {
    key: 'cognomen:refresh-idle-minutes',
    wanted: 'a whole number from 1 to 5256000',
    good: ['1', '5256000'],
    bad: ['0', '-1', '1.5', '5256001', '30m', ' 30', '', '9'.repeat(200)],
  },
  {
    key: 'cognomen:recovery-codes',
    wanted: 'a whole number from 1 to 20',
    good: ['1', '20'],
    bad: ['0', '21', '010', '1e1', 'ten', ''],
  },
  {
    key: 'cognomen:client-keys:My app',
    wanted: 'the https address of a JSON Web Key Set',
    good: ['https://app.example.com/jwks.json'],
    bad: ['http://app.example.com/jwks.json', 'app', '', 'https://app.example.com/#x', 'javascript:1'],
  },
  {
    key: 'cognomen:backchannel-logout:My app',
    wanted: 'an https address, or one of http on this machine',
    good: ['https://app.example.com/logout?x=1', 'http://localhost:3000/logout'],
    bad: ['http://app.example.com/', 'https://u:p@app.example.com/', 'https://app.example.com/#x', 'app', ''],
  },
  { key: 'cognomen:account-page', wanted: 'on', good: ['on'], bad: ['off', 'yes', ''] },
  { key: 'cognomen:introspection', wanted: 'on', good: ['on'], bad: ['off', 'On', 'true', ''] },
  { key: 'cognomen:device-grant:TV', wanted: 'on', good: ['on'], bad: ['off', 'required', ''] },
  ...['pushed-authorization', 'pushed-authorization:My app', 'dpop', 'dpop:My app: two'].map((name) => ({
    key: `cognomen:${name}`,
    wanted: 'on or required',
    good: ['on', 'required'],
    bad: ['off', 'yes', ''],
  })),
  {
    key: 'cognomen:token-exchange:orders',
    wanted: 'names of audiences, with a blank between them',
    good: ['https://stock.example.com', 'https://orders.example.com stock'],
    bad: ['', ' ', 'a  b', ' a'],
  },
]

describe('a tag that begins with cognomen:', () => {
  const server = useTestServer()

  it.each(settings.flatMap(({ key, wanted, bad }) => bad.map((value) => ({ key, wanted, value }))))(
    '$key is refused with the value "$value"',
    async ({ key, wanted, value }) => {
      const { Id: UserPoolId, Arn: ResourceArn } = await makePool(server)
      const UserPoolTags = { [key]: value }
      const text = `Tag '${key}' must be ${wanted}.`
      for (const call of [
        server.admin.send(new CreateUserPoolCommand({ PoolName: 'x', UserPoolTags })),
        server.admin.send(new UpdateUserPoolCommand({ UserPoolId, UserPoolTags })),
      ])
        await expectRefusal(call, 'UserPoolTaggingException', text)
      const tag = server.admin.send(new TagResourceCommand({ ResourceArn, Tags: UserPoolTags }))
      await expectRefusal(tag, 'InvalidParameterException', text)
    },
  )

  it.each([
    'cognomen:',
    'cognomen:idle',
    'cognomen:client-keys:',
    'cognomen:device-grant',
    'cognomen:token-exchange',
    'cognomen:introspection:app',
    'cognomen::app',
    'Cognomen:refresh-idle-minutes',
    'cognomen:toString',
  ])('is refused with the key %s, so that a slip of the pen turns nothing off', async (other) => {
    const call = server.admin.send(new CreateUserPoolCommand({ PoolName: 'x', UserPoolTags: { [other]: '30' } }))
    await expectRefusal(call, 'UserPoolTaggingException', /^Tag key '.*' is not a setting of Cognomen; those are /)
  })

  it.each(settings)('$key is taken up to its bounds', async ({ key, good }) => {
    for (const value of good) await makePool(server, { UserPoolTags: { [key]: value } })
  })
})
