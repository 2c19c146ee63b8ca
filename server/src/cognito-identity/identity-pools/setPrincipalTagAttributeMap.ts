import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changeSettings } from './change-pool.ts'
import { principalTagsRefusal } from './pool-rules.ts'
import type { PrincipalTagMap } from './pool-settings.ts'

export const setPrincipalTagAttributeMap = operation(
  'SetPrincipalTagAttributeMap',
  async (context, { input, fail }) => {
    const { IdentityPoolId, IdentityProviderName, UseDefaults = false, PrincipalTags = {} } = input
    enforce(fail, principalTagsRefusal(PrincipalTags))
    const map: PrincipalTagMap = { UseDefaults, PrincipalTags }
    await changeSettings(context, IdentityPoolId, (settings) => ({
      ...settings,
      principalTagMaps: { ...settings.principalTagMaps, [IdentityProviderName]: map },
    }))
    return { IdentityPoolId, IdentityProviderName, ...map }
  },
)
