// Users who come with password hashes: each kind signs in with a plain password, and by SRP from then on.
import {
  AdminGetUserCommand,
  ChangePasswordCommand,
  InitiateAuthCommand,
} from '@aws-sdk/client-cognito-identity-provider'
import { describe, expect, it } from 'vitest'
import { responder, srpBeginner, WRONG_PASSWORD } from '../../../test/challenges.ts'
import { engines, expectRefusal, makeClient, makePool, signIn, useTestServer } from '../../../test/harness.ts'
import { srpAnswer } from '../../../test/srp-client.ts'
import { createJob, csvOf, importFile, logOf, startJob, upload } from '../../../test/user-import.ts'
import vectors from '../../crypto/imported-hashes/vectors.json' with { type: 'json' }

type Algorithm = 'BCRYPT' | 'SCRYPT' | 'ARGON2ID' | 'PBKDF2_SHA256'
const ofService = vectors.filter((vector) => vector.algorithm !== undefined)
const columns = ['cognito:password_hash']
const quoted = (hash: string): string => `"${hash}"`

describe.each(engines)('imported hashes on %s', (engine) => {
  const server = useTestServer({ engine, env: { IMPORT_FOREIGN_HASHES: 'true' } })
  const world = async () => {
    const poolId = (await makePool(server)).Id
    return { poolId, clientId: (await makeClient(server, poolId)).ClientId }
  }
  const statusOf = async (UserPoolId: string, Username: string) =>
    (await server.admin.send(new AdminGetUserCommand({ UserPoolId, Username }))).UserStatus

  it('sign their users in once with a plain password, and by SRP from then on', async () => {
    const at = await world()
    const users = vectors.map((vector, i) => ({ ...vector, user: `user${i}` }))
    const job = await importFile(
      server,
      at.poolId,
      csvOf(
        columns,
        users.map(({ user, hash }) => [user, quoted(hash)]),
      ),
      { PasswordHashingAlgorithm: 'BCRYPT' },
    )
    expect(job).toMatchObject({ PasswordHashingAlgorithm: 'BCRYPT', ImportedUsers: users.length, FailedUsers: 0 })
    // On the second engine, where only statements differ, the forms of the service will do.
    for (const { user, password, name, algorithm } of users) {
      if (engine === 'postgres' && algorithm === undefined) continue
      expect(await statusOf(at.poolId, user), name).toBe('CONFIRMED')
      const bySrp = async () => {
        const { start, challenge } = await srpBeginner(server, at)(user)
        return responder(server, at)('PASSWORD_VERIFIER', srpAnswer(at.poolId, start, challenge, password))
      }
      await expectRefusal(bySrp(), 'NotAuthorizedException', WRONG_PASSWORD)
      await expectRefusal(
        signIn(server, at.clientId, user, `${password}!`.slice(1)),
        'NotAuthorizedException',
        WRONG_PASSWORD,
      )
      expect((await signIn(server, at.clientId, user, password)).AccessToken, name).toBeDefined()
      expect((await bySrp()).AuthenticationResult?.AccessToken, name).toBeDefined()
      expect((await signIn(server, at.clientId, user, password)).AccessToken, name).toBeDefined()
    }
  }, 60_000)

  it('are the password that ChangePassword asks for', async () => {
    const at = await world()
    const { hash, password } = ofService[0] ?? vectors[0] ?? { hash: '', password: '' }
    await importFile(server, at.poolId, csvOf(columns, [['ann', quoted(hash)]]), { PasswordHashingAlgorithm: 'BCRYPT' })
    const { AccessToken } = await signIn(server, at.clientId, 'ann', password)
    const change = { AccessToken, PreviousPassword: password, ProposedPassword: 'Another1!x' }
    await server.app.send(new ChangePasswordCommand(change))
    expect((await signIn(server, at.clientId, 'ann', 'Another1!x')).AccessToken).toBeDefined()
  })

  it('are locked after wrong passwords as any other', async () => {
    const at = await world()
    const { hash, password } = ofService[0] ?? { hash: '', password: '' }
    await importFile(server, at.poolId, csvOf(columns, [['ann', quoted(hash)]]), { PasswordHashingAlgorithm: 'BCRYPT' })
    for (let i = 0; i < 5; i++)
      await expectRefusal(signIn(server, at.clientId, 'ann', 'Wr0ng!pass'), 'NotAuthorizedException', WRONG_PASSWORD)
    const locked = signIn(server, at.clientId, 'ann', password)
    await expectRefusal(locked, 'NotAuthorizedException', 'Password attempts exceeded')
  })
})

describe('a job with hashes', () => {
  const server = useTestServer()

  it.each(['BCRYPT', 'SCRYPT', 'ARGON2ID', 'PBKDF2_SHA256'] as const)(
    'takes hashes of %s and our own, and no others; users without one reset their passwords',
    async (PasswordHashingAlgorithm: Algorithm) => {
      const poolId = (await makePool(server)).Id
      const { ClientId } = await makeClient(server, poolId)
      const rows = [...vectors.map(({ hash }, i) => [`user${i}`, quoted(hash)]), ['none', ''], ['bad', 'hunter2']]
      const job = await importFile(server, poolId, csvOf(columns, rows), { PasswordHashingAlgorithm })
      const taken = vectors.filter(
        ({ algorithm, hash }) => algorithm === PasswordHashingAlgorithm || hash.startsWith('$cognomen-srp$'),
      )
      expect(taken.length).toBeGreaterThan(1)
      expect(job).toMatchObject({ Status: 'Succeeded', ImportedUsers: taken.length + 1 })
      const log = await logOf(server, poolId, job.JobId)
      expect(log.at(-1)).toBe(`[FAILED] Line Number ${rows.length + 1} - The password hash is not valid.`)
      await expectRefusal(signIn(server, ClientId, 'none'), 'PasswordResetRequiredException')
    },
  )

  it('fails without the column', async () => {
    const poolId = (await makePool(server)).Id
    const job = await importFile(server, poolId, csvOf([], [['ann']]), { PasswordHashingAlgorithm: 'SCRYPT' })
    expect(job).toMatchObject({
      Status: 'Failed',
      CompletionMessage: 'The header of the file has no column cognito:password_hash.',
    })
  })

  it('needs no verified address; one without hashes in a pool that verifies none is not started', async () => {
    const poolId = (await makePool(server)).Id
    const { JobId, PreSignedUrl } = await createJob(server, poolId)
    await upload(PreSignedUrl, csvOf([], [['ann']]))
    await expectRefusal(
      startJob(server, poolId, JobId),
      'PreconditionNotMetException',
      'The user pool has no auto verified attributes.',
    )
  })

  it('does not tell in its refusals which names have hashes, where the client hides who exists', async () => {
    const poolId = (await makePool(server)).Id
    const { ClientId } = await makeClient(server, poolId, { PreventUserExistenceErrors: 'ENABLED' })
    const hash = ofService[0]?.hash ?? ''
    await importFile(server, poolId, csvOf(columns, [['ann', quoted(hash)]]), { PasswordHashingAlgorithm: 'BCRYPT' })
    const challengeOf = async (USERNAME: string) => {
      const SRP_A = 'a'.repeat(700)
      const input = { AuthFlow: 'USER_SRP_AUTH', ClientId, AuthParameters: { USERNAME, SRP_A } } as const
      return (await server.app.send(new InitiateAuthCommand(input))).ChallengeParameters ?? {}
    }
    const [known, again, unknown] = [await challengeOf('ann'), await challengeOf('ann'), await challengeOf('bob')]
    expect(known['SALT']).toBe(again['SALT'])
    expect(Object.keys(known)).toEqual(Object.keys(unknown))
    expect(known['SECRET_BLOCK']?.length).toBe(unknown['SECRET_BLOCK']?.length)
  })
})
