import { clientId, clientSecret } from '../../crypto/random-ids.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { checkClientSettings } from './check-client.ts'
import { newClientSecret } from './client-secret-rules.ts'
import { countClients, insertClient, type UserPoolClient } from './client-store.ts'
import { userPoolClientType } from './client-type.ts'
import { knownNames } from './known-names.ts'
import { newClientSettings } from './new-client-settings.ts'

export const createUserPoolClient = operation('CreateUserPoolClient', async (context, { input, fail }) => {
  if (input.GenerateSecret && input.ClientSecret !== undefined)
    throw fail('InvalidParameterException', 'GenerateSecret and ClientSecret can not be used together.')
  const random = (count: number): Uint8Array => context.random.bytes(count)
  const secret = input.ClientSecret ?? (input.GenerateSecret ? clientSecret(random) : undefined)
  const settings = newClientSettings(input.ClientName, input)
  const [pool, clients, known] = await Promise.all([
    readPool(context, input.UserPoolId),
    countClients(context.db, input.UserPoolId, limits.clientsPerPool.max),
    knownNames(context, input.UserPoolId),
  ])
  checkClientSettings({ fail, pool, settings, known, hasSecret: secret !== undefined, doing: 'creating' })
  if (clients >= limits.clientsPerPool.max)
    throw fail('LimitExceededException', `A user pool can not have more than ${limits.clientsPerPool.max} app clients.`)
  const now = context.clock.now()
  const id = clientId(random)
  const client: UserPoolClient = {
    clientId: id,
    userPoolId: pool.id,
    settings,
    secrets: secret === undefined ? [] : [newClientSecret(id, secret, now)],
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  await insertClient(context.db, context.sealer, client)
  context.unservedNotices.noteClient(client)
  return { UserPoolClient: userPoolClientType(client) }
})
