import { requirePassRole } from '../../authorization/pass-role.ts'
import { newUuid } from '../../effects/uuid.ts'
import { limits } from '../limits.ts'
import { operation } from '../operation.ts'
import { descriptionProblem, GROUP_EXISTS_MESSAGE } from './group-rules.ts'
import { countNewGroup, type Group, insertGroup } from './group-store.ts'
import { groupType } from './group-type.ts'

/** CreateGroup (docs/reference/user-pools.md 18.1). */
export const createGroup = operation('CreateGroup', async (context, { input, pool, caller, fail }) => {
  const problem = descriptionProblem(input.Description)
  if (problem !== undefined) throw fail('InvalidParameterException', problem)
  if (input.RoleArn !== undefined) await requirePassRole(context, caller, input.RoleArn, 'cognito-idp.amazonaws.com')
  const now = context.clock.now()
  const group: Group = {
    id: newUuid(context.random),
    name: input.GroupName,
    userPoolId: pool.id,
    description: input.Description,
    roleArn: input.RoleArn,
    precedence: input.Precedence,
    createdAt: now,
    updatedAt: now,
    version: 1,
  }
  await context.database.transaction(async (db) => {
    if (!(await insertGroup(db, group))) throw fail('GroupExistsException', GROUP_EXISTS_MESSAGE)
    if (!(await countNewGroup(db, pool.id, limits.groupsPerPool.max))) {
      throw fail('LimitExceededException', `A user pool has at most ${limits.groupsPerPool.max} groups.`)
    }
  })
  return { Group: groupType(group) }
})
