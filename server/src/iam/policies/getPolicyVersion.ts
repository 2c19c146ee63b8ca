import { noSuchVersionError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { findManagedPolicy } from './managed-policies.ts'
import { awsVersion, versionType } from './policy-type.ts'

/** The document comes URL-encoded (docs/reference/identity-pools-sts-iam-sync.md 18.1). */
export const getPolicyVersion = operation('GetPolicyVersion', async (context, { input }) => {
  const found = await findManagedPolicy(context, context.db, input.PolicyArn)
  const { versions, defaultVersion } =
    'own' in found
      ? found.own.settings
      : { versions: [awsVersion(found.builtIn)], defaultVersion: found.builtIn.versionId }
  const version = versions.find(({ id }) => id === input.VersionId)
  if (!version) throw noSuchVersionError(input.PolicyArn, input.VersionId)
  return { PolicyVersion: versionType(version, defaultVersion) }
})
