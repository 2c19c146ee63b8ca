import { operation } from '../operation.ts'
import { requireTerms } from './require-terms.ts'
import { termsType } from './terms-rules.ts'

/** DescribeTerms (docs/reference/oauth-and-federation.md 17.5). */
export const describeTerms = operation('DescribeTerms', async (context, { input, pool }) => {
  const terms = await requireTerms(context, pool, input.TermsId)
  return { Terms: termsType(terms) }
})
