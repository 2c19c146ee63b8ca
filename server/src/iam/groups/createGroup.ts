import { createEntity } from '../entity-changes.ts'
import { nameTakenError } from '../iam-errors.ts'
import { operation } from '../operation.ts'
import { groupType } from './group-type.ts'

/** docs/reference/identity-pools-sts-iam-sync.md 18.2. Groups have no tags and no boundary. */
export const createGroup = operation(
  'CreateGroup',
  async (context, { input: { GroupName: name, Path: path = '/' } }) => {
    const group = await createEntity(context, {
      kind: 'group',
      name,
      settings: { name, path, inlinePolicies: {}, attachedPolicies: [] },
      takenError: () => nameTakenError('group', name),
    })
    return { Group: groupType(context.config.accountId, group) }
  },
)
