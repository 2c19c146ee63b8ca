import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { requireTerms } from './require-terms.ts'
import { linksRefusal, termsExistMessage, termsType } from './terms-rules.ts'
import { deleteTerms, insertTerms, type Terms } from './terms-store.ts'

/** UpdateTerms: what is not named stays; links are replaced as a whole (docs/reference/oauth-and-federation.md 17.5). */
export const updateTerms = operation('UpdateTerms', async (context, { input, pool, fail }) => {
  if (input.Links) enforce(fail, linksRefusal(input.Links))
  const before = await requireTerms(context, pool, input.TermsId)
  const after: Terms = {
    ...before,
    name: input.TermsName ?? before.name,
    source: input.TermsSource ?? before.source,
    enforcement: input.Enforcement ?? before.enforcement,
    links: input.Links ?? before.links,
    updatedAt: context.clock.now(),
    version: before.version + 1,
  }
  // Deleted and written anew, as the name is part of the key that makes it unique.
  await context.database.transaction(async (db) => {
    if (!(await deleteTerms(db, before)))
      throw fail('ConcurrentModificationException', 'The terms are being changed by another request.')
    if (!(await insertTerms(db, after))) throw fail('TermsExistsException', termsExistMessage(after.name))
  })
  return { Terms: termsType(after) }
})
