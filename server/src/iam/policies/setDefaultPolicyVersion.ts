import { changeEntity } from '../entity-changes.ts'
import { noSuchVersionError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { ownPolicy } from './managed-policies.ts'

/** The version takes effect wherever the policy is attached. */
export const setDefaultPolicyVersion = operation('SetDefaultPolicyVersion', async (context, { input }) => {
  const { PolicyArn, VersionId } = input
  await changeEntity(context, ownPolicy(context, PolicyArn), ({ settings }) => {
    if (!settings.versions.some(({ id }) => id === VersionId)) throw noSuchVersionError(PolicyArn, VersionId)
    return settings.defaultVersion === VersionId ? settings : { ...settings, defaultVersion: VersionId }
  })
})
