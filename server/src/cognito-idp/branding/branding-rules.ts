// What a request may make of a style of managed login. Pure. docs/reference/oauth-and-federation.md 17.1, 17.6.
import type { AssetType } from '../../contract/cognito-idp.types.ts'
import { firstRefusal, invalid, type Refusal } from '../../refusal-rules.ts'
import { limits } from '../limits.ts'
import { assetsRefusal, mergeAssets } from './asset-rules.ts'
import type { Branding, Settings, StoredAsset } from './branding-store.ts'
import { mergeSettings, settingsProblem } from './settings-rules.ts'

export interface BrandingChange {
  readonly UseCognitoProvidedValues?: boolean
  readonly Settings?: unknown
  readonly Assets?: readonly AssetType[]
}

export const brandingRefusal = (change: BrandingChange): Refusal | undefined =>
  firstRefusal([
    () =>
      change.UseCognitoProvidedValues && (change.Settings !== undefined || change.Assets !== undefined)
        ? invalid('Settings and Assets can not be specified when UseCognitoProvidedValues is true.')
        : undefined,
    () => {
      const problem = change.Settings === undefined ? undefined : settingsProblem(change.Settings)
      return problem === undefined ? undefined : invalid(`Invalid Settings: ${problem}.`)
    },
    () => assetsRefusal(change.Assets ?? []),
  ])

/**
 * The style after a change that was checked: what the change does not name stays, and UseCognitoProvidedValues drops all.
 * `dropped`: ids of images that it has no more.
 */
export function changedBranding(
  before: Branding,
  change: BrandingChange,
  added: readonly StoredAsset[],
): { after: Branding; dropped: string[] } | Refusal {
  if (change.UseCognitoProvidedValues)
    return {
      after: { ...before, provided: true, settings: {}, assets: [] },
      dropped: before.assets.map(({ imageId }) => imageId),
    }
  const settings = mergeSettings(before.settings, (change.Settings ?? {}) as Settings)
  const { assets, dropped } = mergeAssets(before.assets, added)
  if (assets.length > limits.assetsPerBranding.max)
    return invalid(`A style can not have more than ${limits.assetsPerBranding.max} assets.`)
  // A change of settings or images is one of somebody who does not use the provided ones any more.
  const provided = before.provided && change.UseCognitoProvidedValues === undefined && isNothing(change)
  return { after: { ...before, provided, settings, assets }, dropped }
}

const isNothing = ({ Settings, Assets }: BrandingChange): boolean => Settings === undefined && Assets === undefined

export const BRANDING_EXISTS_MESSAGE = 'Managed login branding already exists for this app client.'
export const BRANDING_CHANGING_MESSAGE = 'The managed login branding is being changed by another request.'
