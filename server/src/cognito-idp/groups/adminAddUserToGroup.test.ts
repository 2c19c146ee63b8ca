import {
  AdminAddUserToGroupCommand,
  AdminDeleteUserCommand,
  AdminListGroupsForUserCommand,
  CreateGroupCommand,
  ListUsersInGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import {
  claimsOf,
  engines,
  expectRefusal,
  makePool,
  makeUser,
  signIn,
  usePool,
  useTestServer,
} from '../../../test/harness.ts'

const ROLE = 'arn:aws:iam::123456789012:role/'

describe.each(engines)('AdminAddUserToGroup on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server, { pool: { AliasAttributes: ['email'] } })

  const create = (GroupName: string, Precedence?: number, RoleArn?: string) =>
    server.admin.send(new CreateGroupCommand({ UserPoolId: at.poolId, GroupName, Precedence, RoleArn }))
  const add = (Username: string, GroupName: string, UserPoolId = at.poolId) =>
    server.admin.send(new AdminAddUserToGroupCommand({ UserPoolId, Username, GroupName }))
  const groupsOf = async (Username: string) => {
    const groups: (string | undefined)[] = []
    let NextToken: string | undefined
    do {
      const input = { UserPoolId: at.poolId, Username, NextToken }
      const page = await server.admin.send(new AdminListGroupsForUserCommand(input))
      groups.push(...(page.Groups ?? []).map(({ GroupName }) => GroupName))
      NextToken = page.NextToken
    } while (NextToken)
    return groups
  }

  it('adds a user by any of its names; tokens contain groups and roles', async () => {
    await create('staff', 5, `${ROLE}staff`)
    await create('admins', 1, `${ROLE}admins`)
    const sub = await makeUser(server, at.poolId, 'ann', { email: 'ann@example.com', email_verified: 'true' })
    await add('ann@example.com', 'staff')
    await add(sub, 'admins')
    const { IdToken, AccessToken } = await signIn(server, at.clientId, 'ann')
    expect(claimsOf(IdToken)).toMatchObject({
      'cognito:groups': ['admins', 'staff'],
      'cognito:roles': [`${ROLE}admins`, `${ROLE}staff`],
      'cognito:preferred_role': `${ROLE}admins`,
    })
    expect(claimsOf(AccessToken)['cognito:groups']).toEqual(['admins', 'staff'])
  })

  it('changes nothing the second time, and when done at once', async () => {
    await create('idem')
    await makeUser(server, at.poolId, 'idem')
    await Promise.all(Array.from({ length: 5 }, () => add('idem', 'idem')))
    await add('idem', 'idem')
    expect(await groupsOf('idem')).toEqual(['idem'])
  })

  it('adds to at most 100 groups, also when several are added at once', async () => {
    await makeUser(server, at.poolId, 'joiner')
    const names = Array.from({ length: 103 }, (_, number) => `j${number}`)
    for (const name of names) await create(name)
    for (const name of names.slice(0, 98)) await add('joiner', name)
    const outcomes = await Promise.allSettled(names.slice(98).map((name) => add('joiner', name)))
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
    expect(refused).toHaveLength(3)
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ name: 'InvalidParameterException', message: 'A user is in at most 100 groups.' })
    }
    const groups = await groupsOf('joiner')
    expect(groups).toHaveLength(100)
    // One that it is in already is no further one.
    await add('joiner', groups[0] as string)
  }, 60_000)

  it('leaves no row behind when the user is deleted concurrently', async () => {
    await create('ghosts')
    for (let round = 0; round < 5; round++) {
      await makeUser(server, at.poolId, 'ghost')
      await Promise.allSettled([
        add('ghost', 'ghosts'),
        server.admin.send(new AdminDeleteUserCommand({ UserPoolId: at.poolId, Username: 'ghost' })),
      ])
      const members = await server.admin.send(
        new ListUsersInGroupCommand({ UserPoolId: at.poolId, GroupName: 'ghosts' }),
      )
      expect(members.Users).toEqual([])
    }
  })

  it('UserNotFoundException, ResourceNotFoundException for who and what is not in this pool', async () => {
    await makeUser(server, at.poolId, 'here')
    await create('here')
    await expectRefusal(add('nobody', 'here'), 'UserNotFoundException', 'User does not exist.')
    await expectRefusal(add('here', 'nothing'), 'ResourceNotFoundException', 'Group not found.')
    await expectRefusal(add('nobody', 'nothing'), 'UserNotFoundException', 'User does not exist.')
    const other = (await makePool(server)).Id
    await expectRefusal(add('here', 'here', other), 'UserNotFoundException', 'User does not exist.')
  })

  it('refuses an unsigned call', async () => {
    const input = { UserPoolId: at.poolId, Username: 'here', GroupName: 'here' }
    const { json } = await server.raw('AdminAddUserToGroup', input)
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    expect(await groupsOf('here')).toEqual([])
  })
})
