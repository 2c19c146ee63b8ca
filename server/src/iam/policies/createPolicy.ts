import { createEntity } from '../entity-changes.ts'
import { countVersions } from '../entity-store.ts'
import { policyNameTakenError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { newTags } from '../tags.ts'
import { checkManagedPolicy } from './policy-text.ts'
import { listedPolicy } from './policy-type.ts'

/** Creates a managed policy with its first version. */
export const createPolicy = operation('CreatePolicy', async (context, { input }) => {
  const { PolicyName: name, Path: path = '/', PolicyDocument: document, Description, Tags } = input
  checkManagedPolicy(document)
  const tags = newTags(Tags)
  const policy = await createEntity(context, {
    kind: 'policy',
    name,
    settings: {
      name,
      path,
      versions: [{ id: 'v1', document, createdAt: context.clock.now() }],
      defaultVersion: 'v1',
      nextVersion: 2,
      attachments: 0,
      boundaryOf: 0,
      tags,
      ...(Description !== undefined && { description: Description }),
    },
    takenError: () => policyNameTakenError(name),
    alongside: (db) => countVersions(db, 1),
  })
  return { Policy: { ...listedPolicy(context.config.accountId, policy), ...(tags.length > 0 && { Tags: tags }) } }
})
