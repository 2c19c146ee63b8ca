import { pageOf, positionOf } from '../../pagination.ts'
import { operation } from '../operation.ts'
import { listIdentities as listStored } from './identity-store.ts'
import { identityType } from './identity-type.ts'

const DISABLED = 'disabled'

/** Live identities first, then those that were merged into others (docs/reference/identity-pools-sts-iam-sync.md 3). */
export const listIdentities = operation('ListIdentities', async (context, { input, pool }) => {
  const { MaxResults, HideDisabled: hideDisabled = false } = input
  const scope = { operation: 'ListIdentities', request: [pool.id, String(hideDisabled)] }
  const [state, id] = positionOf(context, scope, input.NextToken) ?? []
  const after = id === undefined ? undefined : { disabled: state === DISABLED, id }
  const rows = await listStored(context.db, pool.id, { hideDisabled, after, limit: MaxResults + 1 })
  const page = pageOf(context, scope, rows, MaxResults, (row) => [row.disabled ? DISABLED : '', row.id])
  return { IdentityPoolId: pool.id, Identities: page.entries.map(identityType), NextToken: page.token }
})
