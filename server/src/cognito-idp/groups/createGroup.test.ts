import {
  CreateGroupCommand,
  type CreateGroupCommandInput,
  DeleteGroupCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { expectRefusal, makePool, startTestServer, usePool, useTestServer } from '../../../test/harness.ts'
import { postgresUrl } from '../../../test/postgres.ts'
import { openDatabase } from '../../database/open.ts'

const ROLE = 'arn:aws:iam::123456789012:role/admins'

describe('CreateGroup', () => {
  const server = useTestServer()
  const at = usePool(server)

  const create = (GroupName: string, input: Partial<CreateGroupCommandInput> = {}) =>
    server.admin.send(new CreateGroupCommand({ UserPoolId: at.poolId, GroupName, ...input }))

  it('makes a group, and leaves out what is not set', async () => {
    const times = { LastModifiedDate: expect.any(Date), CreationDate: expect.any(Date) }
    expect((await create('bare')).Group).toEqual({ GroupName: 'bare', UserPoolId: at.poolId, ...times })
    const all = { Description: 'Those who may', RoleArn: ROLE, Precedence: 0 }
    expect((await create('all', all)).Group).toEqual({ GroupName: 'all', UserPoolId: at.poolId, ...all, ...times })
  })

  it('takes names in any script, up to 128 characters, and regards case', async () => {
    for (const name of ['Größe😀', 'x'.repeat(128), 'Admins', 'admins', 'us-east-1_x_Google', 'a"b\'c;--']) {
      expect((await create(name)).Group?.GroupName).toBe(name)
    }
  })

  it('does not mix the groups of two pools', async () => {
    const other = (await makePool(server)).Id
    await create('shared')
    await create('shared', { UserPoolId: other })
  })

  it('GroupExistsException for a name that is taken, for all but one of many at once', async () => {
    await create('twice')
    const message = 'A group with the name already exists in this userpool.'
    await expectRefusal(create('twice'), 'GroupExistsException', message)
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => create('race')))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('LimitExceededException for more than 10,000 groups in a pool', async () => {
    const url = await postgresUrl()
    const full = await startTestServer({ env: { DATABASE_URL: url } })
    const database = await openDatabase({ engine: 'postgres', url, connections: 2 }, () => {})
    try {
      const pool = await makePool(full)
      await database.db.insertInto('group_counts').values({ user_pool_id: pool.Id, group_count: 9_999 }).execute()
      const createIn = (GroupName: string) =>
        full.admin.send(new CreateGroupCommand({ UserPoolId: pool.Id, GroupName }))
      await createIn('last')
      const message = 'A user pool has at most 10000 groups.'
      await expectRefusal(createIn('more'), 'LimitExceededException', message)
      await full.admin.send(new DeleteGroupCommand({ UserPoolId: pool.Id, GroupName: 'last' }))
      await createIn('more')
    } finally {
      await database.close()
      await full.stop()
    }
  })

  it.each([
    ['a name with a blank', { GroupName: 'a b' }, /groupName.*regular expression/],
    ['a name that is too long', { GroupName: 'x'.repeat(129) }, /groupName.*less than or equal to 128/],
    ['a precedence below zero', { GroupName: 'low', Precedence: -1 }, /precedence.*greater than or equal to 0/],
    ['a role that is none', { GroupName: 'role', RoleArn: 'not-an-arn-at-all-really' }, /roleArn.*regular expression/],
    ['a description with NUL', { GroupName: 'nul', Description: 'a\0b' }, /U\+0000/],
  ])('InvalidParameterException for %s', async (_title, input, message) => {
    await expectRefusal(create(input.GroupName, input), 'InvalidParameterException', message)
  })

  it('refuses an unsigned call', async () => {
    const { json } = await server.raw('CreateGroup', { UserPoolId: at.poolId, GroupName: 'mallory' })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    await create('mallory')
  })
})
