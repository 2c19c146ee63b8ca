import {
  CreateGroupCommand,
  DeleteGroupCommand,
  GetGroupCommand,
  UpdateGroupCommand,
  type UpdateGroupCommandInput,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { engines, expectRefusal, usePool, useTestServer } from '../../../test/harness.ts'

const ROLE = 'arn:aws:iam::123456789012:role/admins'

describe.each(engines)('UpdateGroup on %s', (engine) => {
  const server = useTestServer({ engine })
  const at = usePool(server)

  const create = (GroupName: string) =>
    server.admin.send(
      new CreateGroupCommand({ UserPoolId: at.poolId, GroupName, Description: 'Before', Precedence: 7, RoleArn: ROLE }),
    )
  const update = (GroupName: string, input: Partial<UpdateGroupCommandInput>) =>
    server.admin.send(new UpdateGroupCommand({ UserPoolId: at.poolId, GroupName, ...input }))
  const get = async (GroupName: string) =>
    (await server.admin.send(new GetGroupCommand({ UserPoolId: at.poolId, GroupName }))).Group

  it('changes what is given and nothing else', async () => {
    const { Group: before } = await create('g')
    server.clock.advance(60_000)
    const { Group: after } = await update('g', { Precedence: 0 })
    expect(after).toMatchObject({ Description: 'Before', Precedence: 0, RoleArn: ROLE })
    expect(after?.CreationDate).toEqual(before?.CreationDate)
    const passed = Number(after?.LastModifiedDate) - Number(before?.LastModifiedDate)
    expect(passed).toBeGreaterThanOrEqual(60_000)
    await update('g', { Description: '' })
    expect(await get('g')).toMatchObject({ Description: '', Precedence: 0, RoleArn: ROLE })
  })

  it('loses no change when several come at once', async () => {
    await create('many')
    await Promise.all([
      update('many', { Description: 'After' }),
      update('many', { Precedence: 1 }),
      update('many', { RoleArn: `${ROLE}2` }),
    ])
    expect(await get('many')).toMatchObject({ Description: 'After', Precedence: 1, RoleArn: `${ROLE}2` })
  })

  it('does not bring back a group that is deleted meanwhile', async () => {
    for (let round = 0; round < 5; round++) {
      await create('gone')
      await Promise.allSettled([
        update('gone', { Precedence: 1 }),
        server.admin.send(new DeleteGroupCommand({ UserPoolId: at.poolId, GroupName: 'gone' })),
      ])
      await expectRefusal(get('gone'), 'ResourceNotFoundException')
    }
  })

  it('ResourceNotFoundException for an unknown group', async () => {
    await expectRefusal(update('nothing', { Precedence: 1 }), 'ResourceNotFoundException', 'Group not found.')
  })

  it('InvalidParameterException for a description with NUL', async () => {
    await create('nul')
    await expectRefusal(update('nul', { Description: 'a\0' }), 'InvalidParameterException', /U\+0000/)
  })

  it('refuses an unsigned call', async () => {
    await create('safe')
    const { json } = await server.raw('UpdateGroup', { UserPoolId: at.poolId, GroupName: 'safe', Precedence: 1 })
    expect(json.__type).toBe('MissingAuthenticationTokenException')
    expect(await get('safe')).toMatchObject({ Precedence: 7 })
  })
})
