import { operation } from '../operation.ts'
import { readPool } from '../user-pools/read-pool.ts'
import { checkClientSettings } from './check-client.ts'
import { replaceClient } from './client-store.ts'
import { userPoolClientType } from './client-type.ts'
import { knownNames } from './known-names.ts'
import { newClientSettings } from './new-client-settings.ts'
import { readClient } from './read-client.ts'

export const updateUserPoolClient = operation('UpdateUserPoolClient', async (context, { input, fail }) => {
  const [pool, client, known] = await Promise.all([
    readPool(context, input.UserPoolId),
    readClient(context, input.UserPoolId, input.ClientId),
    knownNames(context, input.UserPoolId),
  ])
  const settings = newClientSettings(input.ClientName ?? client.settings.ClientName, input, client.settings)
  checkClientSettings({ fail, pool, settings, known, hasSecret: client.secrets.length > 0, doing: 'updating' })
  const now = context.clock.now()
  const written = await replaceClient(context.db, context.sealer, client, { settings }, now)
  context.userPools.forget(client.clientId)
  if (!written) {
    const message = `User pool client ${client.clientId} is being changed by another request.`
    throw fail('ConcurrentModificationException', message)
  }
  context.unservedNotices.noteClient({ ...client, settings })
  return { UserPoolClient: userPoolClientType({ ...client, settings, updatedAt: now }) }
})
