// ListWebAuthnCredentials: the user's passkeys, the oldest first. All are read for each page, as they are few.
// docs/reference/user-pools.md 11.3.
import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { passkeysOfUser } from './passkey-store.ts'
import { passkeyType } from './passkey-type.ts'

export const listWebAuthnCredentials = operation(
  'ListWebAuthnCredentials',
  async (context, { input, caller: { user }, pool }) => {
    const scope = { operation: 'ListWebAuthnCredentials', request: [pool.id, user.sub] }
    const size = pageSize(input.MaxResults, limits.passkeysPerUser.max)
    const [time = '0', key = ''] = positionOf(context, scope, input.NextToken) ?? []
    const after = Number(time)
    const passkeys = (await passkeysOfUser(context.db, pool.id, user.sub)).filter(
      (one) => one.createdAt > after || (one.createdAt === after && one.key > key),
    )
    const page = pageOf(context, scope, passkeys, size, (one) => [String(one.createdAt), one.key])
    return { Credentials: page.entries.map(passkeyType), NextToken: page.token }
  },
)
