import { pageOf, pageSize, positionOf } from '../../pagination.ts'
import { operation } from '../operation.ts'
import { listTerms as listStoredTerms } from './terms-store.ts'

/** ListTerms, in the order of ids (docs/reference/oauth-and-federation.md 17.5). */
export const listTerms = operation('ListTerms', async (context, { input, pool }) => {
  const scope = { operation: 'ListTerms', request: [pool.id] }
  const size = pageSize(input.MaxResults)
  const [after = ''] = positionOf(context, scope, input.NextToken) ?? []
  const page = pageOf(context, scope, await listStoredTerms(context.db, pool.id, after, size + 1), size, ({ id }) => [
    id,
  ])
  const Terms = page.entries.map(({ id, name, enforcement, createdAt, updatedAt }) => ({
    TermsId: id,
    TermsName: name,
    Enforcement: enforcement,
    CreationDate: new Date(createdAt),
    LastModifiedDate: new Date(updatedAt),
  }))
  return { Terms, NextToken: page.token }
})
