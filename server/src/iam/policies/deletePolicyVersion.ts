import { changeEntity } from '../entity-changes.ts'
import { countVersions } from '../entity-store.ts'
import { noSuchVersionError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { ownPolicy } from './managed-policies.ts'

/** Deletes any but the default version, which is deleted with the policy. */
export const deletePolicyVersion = operation('DeletePolicyVersion', async (context, { input, fail }) => {
  const { PolicyArn, VersionId } = input
  await changeEntity(context, ownPolicy(context, PolicyArn), async ({ settings }, db) => {
    if (!settings.versions.some(({ id }) => id === VersionId)) throw noSuchVersionError(PolicyArn, VersionId)
    if (settings.defaultVersion === VersionId)
      throw fail('DeleteConflictException', 'Cannot delete the default version of a policy.')
    await countVersions(db, -1)
    return { ...settings, versions: settings.versions.filter(({ id }) => id !== VersionId) }
  })
})
