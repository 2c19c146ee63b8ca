import { enforce } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { identifierRefusal, resourceServerOf, resourceServerType, scopesRefusal } from './resource-server-rules.ts'
import { insertResourceServer, resourceServersOf } from './resource-server-store.ts'

/** CreateResourceServer (docs/reference/oauth-and-federation.md 10.1). */
export const createResourceServer = operation('CreateResourceServer', async (context, { input, pool, fail }) => {
  enforce(fail, identifierRefusal(input.Identifier) ?? scopesRefusal(input.Scopes))
  const { max } = limits.resourceServersPerPool
  const server = resourceServerOf({ ...input, UserPoolId: pool.id })
  if ((await resourceServersOf(context.db, pool.id)).length >= max)
    throw fail('LimitExceededException', `A user pool can not have more than ${max} resource servers.`)
  const made = await insertResourceServer(context.db, server)
  context.userPools.forget(pool.id)
  if (!made) throw fail('InvalidParameterException', `${input.Identifier} already exists in user pool ${pool.id}.`)
  return { ResourceServer: resourceServerType(server) }
})
