import { newUuid } from '../../effects/uuid.ts'
import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { holdClient } from '../user-pool-clients/read-client.ts'
import { linksRefusal, termsExistMessage, termsType } from './terms-rules.ts'
import { insertTerms, type Terms } from './terms-store.ts'

/** CreateTerms (docs/reference/oauth-and-federation.md 17.5). */
export const createTerms = operation('CreateTerms', async (context, { input, pool, client, fail }) => {
  enforce(fail, linksRefusal(input.Links))
  const now = context.clock.now()
  const terms: Terms = {
    id: newUuid(context.random),
    userPoolId: pool.id,
    clientId: client.clientId,
    name: input.TermsName,
    source: input.TermsSource,
    enforcement: input.Enforcement,
    links: input.Links ?? {},
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  await context.database.transaction(async (db) => {
    await holdClient(db, client)
    if (!(await insertTerms(db, terms))) throw fail('TermsExistsException', termsExistMessage(terms.name))
  })
  return { Terms: termsType(terms) }
})
