import { enforce } from '../../refusal-rules.ts'
import { operation } from '../operation.ts'
import { changeSettings } from './change-pool.ts'
import { principalTagsRefusal } from './pool-rules.ts'
import type { PrincipalTagMap } from './pool-settings.ts'
import { mappedProviderRefusal } from './provider-name-rules.ts'

export const setPrincipalTagAttributeMap = operation(
  'SetPrincipalTagAttributeMap',
  async (context, { input, fail }) => {
    const { IdentityPoolId, IdentityProviderName, UseDefaults = false, PrincipalTags = {} } = input
    enforce(fail, principalTagsRefusal(PrincipalTags))
    const map: PrincipalTagMap = { UseDefaults, PrincipalTags }
    const { publicUrl } = context
    await changeSettings(context, IdentityPoolId, (settings) => {
      enforce(fail, mappedProviderRefusal(settings, [IdentityProviderName], { perClient: false, publicUrl }))
      return { ...settings, principalTagMaps: { ...settings.principalTagMaps, [IdentityProviderName]: map } }
    })
    return { IdentityPoolId, IdentityProviderName, ...map }
  },
)
