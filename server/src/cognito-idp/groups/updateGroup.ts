import { requirePassRole } from '../../authorization/pass-role.ts'
import { Stale, withRetries } from '../../database/compare-and-set.ts'
import { operation } from '../operation.ts'
import { descriptionProblem } from './group-rules.ts'
import { replaceGroup } from './group-store.ts'
import { groupType } from './group-type.ts'
import { requireGroup } from './require-group.ts'

/** UpdateGroup: changes only the members of the request that are present (docs/reference/user-pools.md 18.1). */
export const updateGroup = operation('UpdateGroup', async (context, { input, pool, caller, fail }) => {
  const problem = descriptionProblem(input.Description)
  if (problem !== undefined) throw fail('InvalidParameterException', problem)
  if (input.RoleArn !== undefined) await requirePassRole(context, caller, input.RoleArn, 'cognito-idp.amazonaws.com')
  const group = await withRetries(async () => {
    const before = await requireGroup(context, pool, input.GroupName)
    const after = {
      ...before,
      description: input.Description ?? before.description,
      roleArn: input.RoleArn ?? before.roleArn,
      precedence: input.Precedence ?? before.precedence,
      updatedAt: context.clock.now(),
    }
    if (!(await replaceGroup(context.db, before, after))) throw new Stale()
    return after
  })
  return { Group: groupType(group) }
})
