import { operation } from '../operation.ts'
import { changePoolSettings } from '../user-pools/read-pool.ts'
import { cognomenTagProblem } from './cognomen-tag-rules.ts'
import { tagProblem } from './tag-rules.ts'
import { taggedPoolId } from './tagged-pool.ts'

export const tagResource = operation('TagResource', async (context, { input, caller, fail }) => {
  await changePoolSettings(context, await taggedPoolId(context, input.ResourceArn, caller), (settings) => {
    const tags = { ...settings.UserPoolTags, ...input.Tags }
    const problem = tagProblem(tags) ?? cognomenTagProblem(tags)
    if (problem !== undefined) throw fail('InvalidParameterException', problem)
    return { ...settings, UserPoolTags: tags }
  })
  return {}
})
