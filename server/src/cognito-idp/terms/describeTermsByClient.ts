import { operation } from '../operation.ts'
import { noSuchTermsError } from './require-terms.ts'
import { termsType } from './terms-rules.ts'
import { findTermsOfClient } from './terms-store.ts'

/** DescribeTermsByClient (docs/reference/oauth-and-federation.md 17.5). */
export const describeTermsByClient = operation('DescribeTermsByClient', async (context, { input, pool, client }) => {
  const all = await findTermsOfClient(context.db, pool.id, client.clientId)
  const terms = all.find(({ name }) => name === input.TermsName)
  if (!terms) throw noSuchTermsError()
  return { Terms: termsType(terms) }
})
