import { CreateUserCommand, GetUserCommand } from '@aws-sdk/client-iam'
import { AssumeRoleCommand } from '@aws-sdk/client-sts'
import { describe, expect, it } from 'vitest'
import { iamClient, stsClient } from '../../../test/aws-clients.ts'
import { expectRefusal, useTestServer } from '../../../test/harness.ts'
import { expectDenied, makeIamUser, makeRole } from '../../../test/iam.ts'
import { signerOf } from '../../../test/sessions.ts'

describe('GetUser', () => {
  const server = useTestServer()

  it('finds a user by its name in any case', async () => {
    const { User } = await iamClient(server).send(new CreateUserCommand({ UserName: 'Mixed' }))
    expect((await iamClient(server).send(new GetUserCommand({ UserName: 'mIXED' }))).User).toEqual(User)
  })

  it('shows the caller without a name, who may read only itself', async () => {
    const own = { Action: 'iam:GetUser', Resource: `arn:aws:iam::${server.accountId}:user/\${aws:username}` }
    const self = iamClient(server, await makeIamUser(iamClient(server), 'self', own))
    expect((await self.send(new GetUserCommand({}))).User?.UserName).toBe('self')
    expect((await self.send(new GetUserCommand({ UserName: 'self' }))).User?.UserName).toBe('self')
    const denied = new RegExp(`iam:GetUser on resource: arn:aws:iam::${server.accountId}:user/Mixed `)
    await expectRefusal(self.send(new GetUserCommand({ UserName: 'mixed' })), 'AccessDenied', denied)
  })

  it('shows the root to the root', async () => {
    expect((await iamClient(server).send(new GetUserCommand({}))).User).toEqual({
      Path: '/',
      UserName: 'root',
      UserId: server.accountId,
      Arn: `arn:aws:iam::${server.accountId}:root`,
      CreateDate: new Date(0),
    })
  })

  it('NoSuchEntity for an unknown name', async () => {
    const get = (UserName: string) => iamClient(server).send(new GetUserCommand({ UserName }))
    await expectRefusal(get('nobody'), 'NoSuchEntityException', 'The user with name nobody cannot be found.')
    await expectRefusal(get('__proto__'), 'NoSuchEntityException', 'The user with name __proto__ cannot be found.')
    // Longer than any name, but allowed by the contract.
    await expectRefusal(get('x'.repeat(128)), 'NoSuchEntityException')
  })

  it('shows the user of a user session, ValidationError without a name for a session of a role', async () => {
    const iam = iamClient(server)
    const user = await makeIamUser(iam, 'assumer', { Action: ['sts:AssumeRole', 'iam:GetUser'] })
    const RoleArn = await makeRole(iam, 'reader', { Principal: { AWS: server.accountId } }, { Action: 'iam:GetUser' })
    const { Credentials } = await stsClient(server, user).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'session' }),
    )
    const session = iamClient(server, signerOf(Credentials))
    const message = 'Must specify userName when calling with non-User credentials'
    await expectRefusal(session.send(new GetUserCommand({})), 'ValidationError', message)
    expect((await session.send(new GetUserCommand({ UserName: 'assumer' }))).User?.UserName).toBe('assumer')
  })

  it('refuses callers without permission', async () => {
    const get = (UserName?: string) => (iam: ReturnType<typeof iamClient>) => iam.send(new GetUserCommand({ UserName }))
    await expectDenied(server, get('mixed'), 'iam:GetUser', `arn:aws:iam::${server.accountId}:user/Mixed`)
    await expectDenied(server, get(), 'iam:GetUser', '$self')
  })
})
