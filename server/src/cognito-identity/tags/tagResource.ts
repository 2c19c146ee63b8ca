import { tagProblem } from '../../cognito-idp/tags/tag-rules.ts'
import { changeSettings } from '../identity-pools/change-pool.ts'
import { operation } from '../operation.ts'
import { taggedPoolId } from './tagged-pool.ts'

export const tagResource = operation('TagResource', async (context, { input, caller, fail }) => {
  await changeSettings(context, await taggedPoolId(context, input.ResourceArn, caller), (settings) => {
    const tags = { ...settings.IdentityPoolTags, ...input.Tags }
    const problem = tagProblem(tags)
    if (problem !== undefined) throw fail('InvalidParameterException', problem)
    return { ...settings, IdentityPoolTags: tags }
  })
  return {}
})
