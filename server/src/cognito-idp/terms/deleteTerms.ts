import { operation } from '../operation.ts'
import { requireTerms } from './require-terms.ts'
import { deleteTerms as deleteStoredTerms } from './terms-store.ts'

/** DeleteTerms (docs/reference/oauth-and-federation.md 17.5). */
export const deleteTerms = operation('DeleteTerms', async (context, { input, pool, fail }) => {
  const terms = await requireTerms(context, pool, input.TermsId)
  if (!(await deleteStoredTerms(context.db, terms)))
    throw fail('ConcurrentModificationException', 'The terms are being changed by another request.')
})
