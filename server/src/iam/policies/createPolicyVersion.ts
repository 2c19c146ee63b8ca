import { changeEntity } from '../entity-changes.ts'
import { countVersions } from '../entity-store.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { ownPolicy } from './managed-policies.ts'
import { checkManagedPolicy } from './policy-text.ts'
import { listedVersion } from './policy-type.ts'

/** Version numbers are not reused. */
export const createPolicyVersion = operation('CreatePolicyVersion', async (context, { input, fail }) => {
  const { PolicyArn, PolicyDocument: document, SetAsDefault = false } = input
  const reference = ownPolicy(context, PolicyArn)
  checkManagedPolicy(document)
  let version = { id: '', document, createdAt: 0 }
  const { settings } = await changeEntity(context, reference, async ({ settings: before }, db) => {
    if (before.versions.length >= limits.versionsPerPolicy.max)
      throw fail(
        'LimitExceededException',
        `A managed policy can have up to ${limits.versionsPerPolicy.max} versions. Before you create a new version, you must delete an existing version.`,
      )
    await countVersions(db, 1)
    version = { id: `v${before.nextVersion}`, document, createdAt: context.clock.now() }
    return {
      ...before,
      versions: [...before.versions, version],
      nextVersion: before.nextVersion + 1,
      ...(SetAsDefault && { defaultVersion: version.id }),
    }
  })
  return { PolicyVersion: listedVersion(version, settings.defaultVersion) }
})
