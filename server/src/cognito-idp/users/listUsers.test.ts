import {
  AdminCreateUserCommand,
  AdminDisableUserCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  ListUsersCommand,
  type ListUsersCommandInput,
  type UserType,
} from '@aws-sdk/client-cognito-identity-provider'
import { beforeAll, describe, expect, it } from 'vitest'
import { engines, expectRefusal, makePool, makeUser, PASSWORD, useTestServer } from '../../../test/harness.ts'

const USERS = 155

describe.each(engines)('ListUsers on %s', (engine) => {
  const server = useTestServer({ engine })
  let many: string
  let few: string
  let other: string
  let annSub: string

  beforeAll(async () => {
    many = (await makePool(server)).Id
    few = (await makePool(server, { AliasAttributes: ['email'] })).Id
    other = (await makePool(server)).Id
    const numbers = Array.from({ length: USERS }, (_, number) => number)
    const create = (number: number) => {
      const UserAttributes = [{ Name: 'name', Value: `Group ${number % 2}` }]
      const input = { UserPoolId: many, Username: `user${number}`, MessageAction: 'SUPPRESS', UserAttributes } as const
      return server.admin.send(new AdminCreateUserCommand(input))
    }
    for (let start = 0; start < USERS; start += 4) await Promise.all(numbers.slice(start, start + 4).map(create))
    annSub = await makeUser(server, few, 'Ann', {
      email: 'Ann@Example.com',
      email_verified: 'true',
      phone_number: '+15550400001',
      name: 'Ann "the" Admin',
      given_name: 'Ann',
      family_name: 'O\\Hara',
      preferred_username: 'Boss',
      gender: 'f',
    })
    await makeUser(server, few, 'bob', { name: 'Ann' })
    await server.admin.send(new AdminDisableUserCommand({ UserPoolId: few, Username: 'bob' }))
    await makeUser(server, few, 'cy')
    await server.admin.send(
      new AdminSetUserPasswordCommand({ UserPoolId: few, Username: 'cy', Password: PASSWORD, Permanent: false }),
    )
  }, 120_000)

  const list = (UserPoolId: string, input: Partial<ListUsersCommandInput> = {}) =>
    server.admin.send(new ListUsersCommand({ UserPoolId, ...input }))
  const names = async (UserPoolId: string, Filter: string) =>
    ((await list(UserPoolId, { Filter })).Users ?? []).map(({ Username }) => Username).sort()
  async function everyPage(UserPoolId: string, input: Partial<ListUsersCommandInput>): Promise<UserType[][]> {
    const pages: UserType[][] = []
    let PaginationToken: string | undefined
    do {
      const page = await list(UserPoolId, { ...input, PaginationToken })
      pages.push(page.Users ?? [])
      PaginationToken = page.PaginationToken
    } while (PaginationToken)
    return pages
  }

  describe('pages', () => {
    it.each([
      ['all, by 60 when nothing is said', {}, USERS, [60, 60, 35]],
      ['all, by 60 for 0', { Limit: 0 }, USERS, [60, 60, 35]],
      ['all, by 31', { Limit: 31 }, USERS, [31, 31, 31, 31, 31]],
      ['one value', { Filter: 'status = "Enabled"' }, USERS, [60, 60, 35]],
      ['values that start alike', { Filter: 'username ^= "user"', Limit: 50 }, USERS, [50, 50, 50, 5]],
      ['many users of few values', { Filter: 'name ^= "group"', Limit: 7 }, USERS, undefined],
      ['half', { Filter: 'name = "Group 1"', Limit: 60 }, 77, [60, 17]],
      ['subs', { Filter: 'sub ^= ""', Limit: 60 }, USERS, [60, 60, 35]],
    ])('hold each user once: %s', async (_title, input, total, sizes) => {
      const pages = await everyPage(many, input)
      const subs = pages.flat().map(({ Attributes }) => Attributes?.[0]?.Value)
      expect(subs).toHaveLength(total)
      expect(new Set(subs).size).toBe(total)
      if (sizes) expect(pages.map((page) => page.length)).toEqual(sizes)
    })

    it('have no token when there is nothing more', async () => {
      const answer = await list(other)
      expect(answer.Users).toEqual([])
      expect(answer).not.toHaveProperty('PaginationToken')
    })

    it('go on while users come and go', async () => {
      const pool = (await makePool(server)).Id
      for (let number = 0; number < 12; number++) await makeUser(server, pool, `v${number}`)
      const first = await list(pool, { Limit: 5 })
      await makeUser(server, pool, 'new')
      const rest = await everyPage(pool, { Limit: 5 })
      const second = await list(pool, { Limit: 60, PaginationToken: first.PaginationToken })
      expect(rest.flat()).toHaveLength(13)
      const seen = [...(first.Users ?? []), ...(second.Users ?? [])].map(({ Username }) => Username)
      for (let number = 0; number < 12; number++) expect(seen).toContain(`v${number}`)
    }, 60_000)
  })

  describe('tokens', () => {
    const invalid = (call: Promise<unknown>) =>
      expectRefusal(call, 'InvalidParameterException', 'Invalid pagination token')
    const tokenOf = async (input: Partial<ListUsersCommandInput> = {}) =>
      (await list(many, { Limit: 1, ...input })).PaginationToken as string

    it('hold for an hour', async () => {
      const PaginationToken = await tokenOf()
      await list(many, { PaginationToken })
      server.clock.advance(60 * 60 * 1000)
      await invalid(list(many, { PaginationToken }))
    })

    it('go with their pool and filter only', async () => {
      const all = await tokenOf()
      await invalid(list(other, { PaginationToken: all }))
      await invalid(list(many, { PaginationToken: all, Filter: 'status = "Enabled"' }))
      const Filter = 'status = "Enabled"'
      const filtered = await tokenOf({ Filter })
      await invalid(list(many, { PaginationToken: filtered }))
      await invalid(list(many, { PaginationToken: filtered, Filter: 'status ^= "Enabled"' }))
      await invalid(list(many, { PaginationToken: filtered, Filter: 'status = "Disabled"' }))
      await list(many, { PaginationToken: filtered, Filter, Limit: 3, AttributesToGet: ['name'] })
    })

    it('are refused when a bit of them is another', async () => {
      const token = Buffer.from(await tokenOf(), 'base64url')
      const bits = Array.from({ length: 60 }, (_, position) => Math.floor((position * token.length * 8) / 60))
      for (const bit of bits) {
        const damaged = Buffer.from(token)
        damaged[bit >> 3] = (damaged[bit >> 3] as number) ^ (1 << (bit & 7))
        await invalid(list(many, { PaginationToken: damaged.toString('base64url') }))
      }
      for (const PaginationToken of [
        'x',
        token.toString('base64url').slice(0, -4),
        `${token.toString('base64url')}A`,
      ]) {
        await invalid(list(many, { PaginationToken }))
      }
    })
  })

  describe('filters', () => {
    it.each([
      ['username = "Ann"', ['Ann']],
      ['username = "ann"', []],
      ['username ^= "A"', ['Ann']],
      ['email = "ann@example.COM"', ['Ann']],
      ['"email" ^= "ANN@"', ['Ann']],
      ['phone_number = "+15550400001"', ['Ann']],
      ['phone_number ^= "+1555"', ['Ann']],
      ['name = "ann"', ['bob']],
      ['name ^= "ann"', ['Ann', 'bob']],
      [String.raw`name = "Ann \"the\" Admin"`, ['Ann']],
      ['given_name ^= "A"', ['Ann']],
      [String.raw`family_name = "o\\hara"`, ['Ann']],
      [String.raw`family_name = "o\hara"`, ['Ann']],
      ['preferred_username = "boss"', ['Ann']],
      ['cognito:user_status = "confirmed"', ['Ann', 'bob']],
      ['cognito:user_status ^= "FORCE"', ['cy']],
      ['status = "Disabled"', ['bob']],
      ['status = "disabled"', []],
      ['status ^= "E"', ['Ann', 'cy']],
      ['status ^= ""', ['Ann', 'bob', 'cy']],
      ['status = "1"', []],
      ['cognito:user_status = "CONF"', []],
      ['cognito:user_status ^= ""', ['Ann', 'bob', 'cy']],
      ['name = "%"', []],
      ['name ^= "_nn"', []],
      ['name = ""', []],
      ['name ^= ""', ['Ann', 'bob']],
      ['name = "\' or 1=1 --"', []],
      ['', ['Ann', 'bob', 'cy']],
    ])('%s', async (filter, expected) => {
      expect(await names(few, filter)).toEqual(expected)
    })

    it('sub, whole and in part, of this pool only', async () => {
      expect(await names(few, `sub = "${annSub}"`)).toEqual(['Ann'])
      expect(await names(few, `sub ^= "${annSub.slice(0, 12)}"`)).toEqual(['Ann'])
      expect(await names(few, `sub = "${annSub.slice(0, 12)}"`)).toEqual([])
      expect(await names(other, `sub = "${annSub}"`)).toEqual([])
      expect(await names(other, `sub ^= "${annSub.slice(0, 12)}"`)).toEqual([])
    })

    it('username where usernames are subs', async () => {
      const pool = (await makePool(server, { UsernameAttributes: ['email'] })).Id
      const [one, two] = [await makeUser(server, pool, 'one@x.org'), await makeUser(server, pool, 'two@x.org')]
      expect(await names(pool, `username = "${one}"`)).toEqual([one])
      expect(await names(pool, `username = "${one.toUpperCase()}"`)).toEqual([])
      expect(await names(pool, `username ^= "${two.slice(0, 12)}"`)).toEqual([two])
      expect(await names(pool, 'username ^= ""')).toEqual([one, two].sort())
      expect(await names(pool, 'email = "TWO@x.org"')).toEqual([two])
    })

    it('follow every change of a user', async () => {
      const pool = (await makePool(server)).Id
      await makeUser(server, pool, 'moved', { name: 'Before' })
      const update = (Value: string) =>
        server.admin.send(
          new AdminUpdateUserAttributesCommand({
            UserPoolId: pool,
            Username: 'moved',
            UserAttributes: [{ Name: 'name', Value }],
          }),
        )
      await update('After')
      expect([await names(pool, 'name = "before"'), await names(pool, 'name = "after"')]).toEqual([[], ['moved']])
      await update('')
      expect(await names(pool, 'name ^= ""')).toEqual([])
    })

    it('compare long values to their end, and values with characters that an engine would not keep', async () => {
      const pool = (await makePool(server)).Id
      const long = 'x'.repeat(200)
      await makeUser(server, pool, 'long1', { name: `${long}1` })
      await makeUser(server, pool, 'long2', { name: `${long}2` })
      await makeUser(server, pool, 'nul', { name: 'a\0b' })
      await makeUser(server, pool, 'mark', { name: 'a\ufffdb' })
      expect(await names(pool, `name = "${long}2"`)).toEqual(['long2'])
      expect(await names(pool, `name ^= "${long}"`)).toEqual(['long1', 'long2'])
      expect(await names(pool, `name ^= "${long}1"`)).toEqual(['long1'])
      expect(await names(pool, 'name = "a\0b"')).toEqual(['nul'])
      expect(await names(pool, 'name = "a\ufffdb"')).toEqual(['mark'])
      // A page may be short and still have a next one.
      const pages = await everyPage(pool, { Filter: `name = "${long}2"`, Limit: 1 })
      expect(pages.flat().map(({ Username }) => Username)).toEqual(['long2'])
    })

    it.each([
      ['email', 'Error while parsing filter.'],
      ['email = "a" and name = "b"', 'Error while parsing filter.'],
      ['gender = "f"', 'Invalid search attribute: gender'],
      ['custom:x = "1"', 'Input fails to satisfy the constraints.'],
    ])('InvalidParameterException for %s', async (filter, message) => {
      await expectRefusal(list(few, { Filter: filter }), 'InvalidParameterException', message)
    })
  })

  describe('AttributesToGet', () => {
    const attributesOf = async (AttributesToGet: string[]) => {
      const { Users } = await list(few, { AttributesToGet, Filter: 'username = "Ann"' })
      return Users?.[0]?.Attributes?.map(({ Name }) => Name)
    }

    it('shows those and sub; users without them are listed all the same', async () => {
      expect(await attributesOf(['email', 'nickname'])).toEqual(['sub', 'email'])
      expect(await attributesOf([])).toContain('gender')
      const { Users } = await list(few, { AttributesToGet: ['gender'] })
      expect(Users).toHaveLength(3)
    })

    it('InvalidParameterException for an attribute that the pool has not', async () => {
      const message = 'One or more requested attributes do not exist.'
      const call = list(few, { AttributesToGet: ['email', 'custom:none'] })
      await expectRefusal(call, 'InvalidParameterException', message)
    })
  })

  it('shows users as they are', async () => {
    const { Users } = await list(few, { Filter: 'username = "bob"' })
    expect(Users).toEqual([
      {
        Username: 'bob',
        Attributes: [
          { Name: 'sub', Value: expect.any(String) },
          { Name: 'name', Value: 'Ann' },
        ],
        UserCreateDate: expect.any(Date),
        UserLastModifiedDate: expect.any(Date),
        Enabled: false,
        UserStatus: 'CONFIRMED',
      },
    ])
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('ListUsers', { UserPoolId: few })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
  })
})
