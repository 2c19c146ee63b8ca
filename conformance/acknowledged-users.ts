// Users that a test makes while something fails, which of them the server acknowledged, and whether they are there
// afterwards.
import { join } from 'node:path'
import {
  AdminCreateUserCommand,
  AdminGetUserCommand,
  type CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider'
import { DatabaseSync } from '@photostructure/sqlite'
import { expect } from 'vitest'
import { startServer } from './start-server.ts'
import { adminClient } from './user-pool.ts'

/** How often each answer came: `ok`, or status and error such as `503 ServiceUnavailable`. */
export type Answers = Record<string, number>

export interface AcknowledgedUsers {
  /** The usernames that were answered with success. */
  readonly names: readonly string[]
  /** Makes users, four at a time. */
  make(prefix: string, count: number): Promise<Answers>
  /** Reads each of them once, four at a time. */
  read(): Promise<Answers>
}

/** Users of a pool of the server that `admin` speaks to now. */
export function acknowledgedUsers(admin: () => CognitoIdentityProviderClient, poolId: string): AcknowledgedUsers {
  const names: string[] = []
  return {
    names,
    make: (prefix, count) =>
      fourAtATime(
        Array.from({ length: count }, (_, i) => `${prefix}-${i}`),
        async (Username) => {
          await admin().send(
            new AdminCreateUserCommand({
              UserPoolId: poolId,
              Username,
              MessageAction: 'SUPPRESS',
              UserAttributes: [{ Name: 'email', Value: `${Username}@example.com` }],
            }),
          )
          names.push(Username)
        },
      ),
    read: () =>
      fourAtATime([...names], (Username) => admin().send(new AdminGetUserCommand({ UserPoolId: poolId, Username }))),
  }
}

async function fourAtATime(names: string[], call: (name: string) => Promise<unknown>): Promise<Answers> {
  const answers: Answers = {}
  const caller = async (): Promise<void> => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const answer = await call(name).then(
        () => 'ok',
        ({ name: error, $metadata }) => `${$metadata?.httpStatusCode} ${error}`,
      )
      answers[answer] = (answers[answer] ?? 0) + 1
    }
  }
  await Promise.all([caller(), caller(), caller(), caller()])
  return answers
}

/** Every acknowledged user, through the front door of a server on a disk that works, and the file's own check. */
export async function expectAllThere(
  { names }: AcknowledgedUsers,
  { dataDir, poolId }: { dataDir: string; poolId: string },
): Promise<void> {
  const mended = await startServer({ dataDir, env: { PUBLIC_URL: 'http://cognomen.test' } })
  const reader = adminClient(mended)
  try {
    for (const Username of names) await reader.send(new AdminGetUserCommand({ UserPoolId: poolId, Username }))
  } finally {
    reader.destroy()
    await mended.stop()
  }
  const database = new DatabaseSync(join(dataDir, 'cognomen.db'))
  const whole = database.prepare('PRAGMA integrity_check').all()
  database.close()
  expect(whole).toEqual([{ integrity_check: 'ok' }])
}
