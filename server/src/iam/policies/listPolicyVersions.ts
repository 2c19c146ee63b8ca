import { operation } from '../operation.ts'
import { pageOfValues } from '../pagination.ts'
import { findManagedPolicy } from './managed-policies.ts'
import { awsVersion, listedVersion } from './policy-type.ts'

// Larger than any version number. Twice it less a number has always 13 digits, so that texts sort like numbers.
const ABOVE = 10 ** 12

/** The newest first. */
export const listPolicyVersions = operation('ListPolicyVersions', async (context, { input }) => {
  const found = await findManagedPolicy(context, context.db, input.PolicyArn)
  const { versions, defaultVersion } =
    'own' in found
      ? found.own.settings
      : { versions: [awsVersion(found.builtIn)], defaultVersion: found.builtIn.versionId }
  const scope = { operation: 'ListPolicyVersions', request: [input.PolicyArn] }
  const { entries, end } = pageOfValues(context, scope, input, versions, ({ id }) =>
    String(2 * ABOVE - Number(id.slice(1))),
  )
  return { Versions: entries.map((version) => listedVersion(version, defaultVersion)), ...end }
})
