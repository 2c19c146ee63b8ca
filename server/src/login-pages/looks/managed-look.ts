// The look of a style of managed login: colours and radii of its document are CSS variables of the stylesheet, the rest are
// switches of the layout. Pure. docs/reference/oauth-and-federation.md 17.6, docs/behaviour/login-pages.md.
import type { Branding, Settings, StoredAsset } from '../../cognito-idp/branding/branding-store.ts'
import { MEDIA_TYPES } from '../../cognito-idp/branding/image-rules.ts'
import { withDefaults } from '../../cognito-idp/branding/settings-rules.ts'
import { type Bar, type Graphic, type Look, type Picture, providerClass, type Scheme, standardLook } from './look.ts'

/** Variables of style.ts by where their colours are in the document; `*` is lightMode or darkMode. */
const COLOURS: Readonly<Record<string, string>> = {
  '--page': 'components.pageBackground.*.color',
  '--card': 'components.form.*.backgroundColor',
  '--card-line': 'components.form.*.borderColor',
  '--line': 'componentClasses.divider.*.borderColor',
  '--text': 'components.pageText.*.bodyColor',
  '--muted': 'components.pageText.*.descriptionColor',
  '--heading': 'components.pageText.*.headingColor',
  '--label': 'componentClasses.inputLabel.*.textColor',
  '--hint': 'componentClasses.inputDescription.*.textColor',
  '--field': 'componentClasses.input.*.defaults.backgroundColor',
  '--field-line': 'componentClasses.input.*.defaults.borderColor',
  '--placeholder': 'componentClasses.input.*.placeholderColor',
  '--option': 'componentClasses.optionControls.*.defaults.backgroundColor',
  '--option-line': 'componentClasses.optionControls.*.defaults.borderColor',
  '--option-on': 'componentClasses.optionControls.*.selected.backgroundColor',
  '--option-mark': 'componentClasses.optionControls.*.selected.foregroundColor',
  '--focus': 'componentClasses.focusState.*.borderColor',
  '--link': 'componentClasses.link.*.defaults.textColor',
  '--link-hover': 'componentClasses.link.*.hover.textColor',
  '--accent': 'components.primaryButton.*.defaults.backgroundColor',
  '--on-accent': 'components.primaryButton.*.defaults.textColor',
  '--accent-hover': 'components.primaryButton.*.hover.backgroundColor',
  '--on-accent-hover': 'components.primaryButton.*.hover.textColor',
  '--accent-active': 'components.primaryButton.*.active.backgroundColor',
  '--on-accent-active': 'components.primaryButton.*.active.textColor',
  '--choice': 'components.secondaryButton.*.defaults.backgroundColor',
  '--choice-line': 'components.secondaryButton.*.defaults.borderColor',
  '--choice-text': 'components.secondaryButton.*.defaults.textColor',
  '--choice-hover': 'components.secondaryButton.*.hover.backgroundColor',
  '--choice-hover-line': 'components.secondaryButton.*.hover.borderColor',
  '--choice-hover-text': 'components.secondaryButton.*.hover.textColor',
  '--idp': 'components.idpButton.standard.*.defaults.backgroundColor',
  '--idp-line': 'components.idpButton.standard.*.defaults.borderColor',
  '--idp-text': 'components.idpButton.standard.*.defaults.textColor',
  '--idp-hover': 'components.idpButton.standard.*.hover.backgroundColor',
  '--idp-hover-line': 'components.idpButton.standard.*.hover.borderColor',
  '--idp-hover-text': 'components.idpButton.standard.*.hover.textColor',
  '--error': 'components.pageText.*.headingColor',
  '--error-back': 'components.alert.*.error.backgroundColor',
  '--error-line': 'components.alert.*.error.borderColor',
  '--note': 'components.pageText.*.headingColor',
  '--note-back': 'componentClasses.statusIndicator.*.success.backgroundColor',
  '--note-line': 'componentClasses.statusIndicator.*.success.borderColor',
  '--drop': 'componentClasses.dropDown.*.defaults.itemBackgroundColor',
  '--drop-hover': 'componentClasses.dropDown.*.hover.itemBackgroundColor',
  '--drop-hover-text': 'componentClasses.dropDown.*.hover.itemTextColor',
  '--header': 'components.pageHeader.*.background.color',
  '--header-line': 'components.pageHeader.*.borderColor',
  '--footer': 'components.pageFooter.*.background.color',
  '--footer-line': 'components.pageFooter.*.borderColor',
}

/** Those of a button of an identity provider, by their places in `standard`, or in `custom` for one provider. */
const BUTTON_COLOURS = Object.entries(COLOURS).flatMap(([name, path]) => {
  const [, place] = path.split('components.idpButton.standard.')
  return place === undefined ? [] : ([[name, place]] as const)
})

const GRAPHICS: readonly Graphic[] = [
  'EMAIL_GRAPHIC',
  'SMS_GRAPHIC',
  'AUTH_APP_GRAPHIC',
  'PASSWORD_GRAPHIC',
  'PASSKEY_GRAPHIC',
]

const RADII: Readonly<Record<string, string>> = {
  '--radius-card': 'components.form.borderRadius',
  '--radius-button': 'componentClasses.buttons.borderRadius',
  '--radius-field': 'componentClasses.input.borderRadius',
  '--radius-message': 'components.alert.borderRadius',
  '--radius-drop': 'componentClasses.dropDown.borderRadius',
}

const PLACES: Readonly<Record<string, string>> = {
  '--across': 'categories.form.location.horizontal',
  '--down': 'categories.form.location.vertical',
  '--logo': 'components.form.logo.location',
  '--header-logo': 'components.pageHeader.logo.location',
  '--footer-logo': 'components.pageFooter.logo.location',
}

/** Variables of backgrounds: the image's category, and the switch that turns it on. */
const BACKGROUNDS: Readonly<Record<string, readonly [StoredAsset['Category'], string]>> = {
  '--page-image': ['PAGE_BACKGROUND', 'components.pageBackground.image.enabled'],
  '--card-image': ['FORM_BACKGROUND', 'components.form.backgroundImage.enabled'],
  '--header-image': ['PAGE_HEADER_BACKGROUND', 'components.pageHeader.backgroundImage.enabled'],
  '--footer-image': ['PAGE_FOOTER_BACKGROUND', 'components.pageFooter.backgroundImage.enabled'],
}

const SCHEMES: Readonly<Record<string, Scheme>> = { LIGHT: 'light', DARK: 'dark', DYNAMIC: 'light dark' }

type Mode = 'light' | 'dark'

/** `urlOf`: where the image with an id is. */
export function managedLook(branding: Branding, urlOf: (imageId: string) => string): Look {
  // Without a document of its own the style is the product's, which here is ours.
  if (branding.provided) return standardLook
  const settings = withDefaults(branding.settings)
  const at = (path: string): unknown =>
    path.split('.').reduce<unknown>((part, name) => (part as Settings)[name], settings)
  const isOn = (path: string): boolean => at(path) === true
  const scheme = SCHEMES[at('categories.global.colorSchemeMode') as string] ?? 'light'
  const picture = (category: StoredAsset['Category']): Picture | undefined =>
    pictureOf(branding.assets, category, urlOf)

  const coloursOf = (mode: Mode): string[] => [
    ...Object.entries(COLOURS).map(([name, path]) => `${name}: #${at(path.replace('*', `${mode}Mode`))}`),
    ...Object.entries(BACKGROUNDS).flatMap(([name, [category, path]]) => {
      const image = isOn(path) ? picture(category) : undefined
      return image ? [`${name}: url("${image[mode]}")`] : []
    }),
  ]
  const shape = [
    ...Object.entries(RADII).map(([name, path]) => `${name}: ${Number(at(path))}px`),
    ...Object.entries(PLACES).map(([name, path]) => `${name}: ${String(at(path)).toLowerCase()}`),
    ...(at('categories.global.spacingDensity') === 'COMPACT' ? ['--space: 0.65'] : []),
    '--shadow: none',
  ]
  const base: Mode = scheme === 'dark' ? 'dark' : 'light'
  const dark = scheme === 'light dark' ? `@media (prefers-color-scheme: dark) { ${rootOf(coloursOf('dark'))} }` : ''

  const bar = (part: 'pageHeader' | 'pageFooter', category: StoredAsset['Category']): Bar | undefined => {
    if (!isOn(`categories.global.${part}.enabled`)) return undefined
    return { logo: isOn(`components.${part}.logo.enabled`) ? picture(category) : undefined }
  }
  const logo = isOn('components.form.logo.enabled') ? picture('FORM_LOGO') : undefined
  return {
    css: `${rootOf([...shape, ...coloursOf(base)])}${dark}${customButtons(at('components.idpButton.custom') as Custom, scheme, base)}`,
    scheme,
    icons: iconsOf(branding.assets, at('components.favicon.enabledTypes') as string[], urlOf),
    header: bar('pageHeader', 'PAGE_HEADER_LOGO'),
    footer: bar('pageFooter', 'PAGE_FOOTER_LOGO'),
    logo: logo && {
      picture: oneOf(logo, scheme),
      inside: at('components.form.logo.formInclusion') !== 'OUT',
      above: at('components.form.logo.position') !== 'BOTTOM',
    },
    banner: false,
    ways: waysOf(branding.settings, at('categories.auth.authMethodOrder') as Methods),
    graphics: isOn('categories.form.displayGraphics')
      ? Object.fromEntries(
          GRAPHICS.flatMap((category) => {
            const found = picture(category)
            return found ? [[category, oneOf(found, scheme)]] : []
          }),
        )
      : {},
    ownColours: Object.keys(at('components.idpButton.custom') as Custom),
    providerIcons: isOn('componentClasses.idpButtons.icons.enabled')
      ? iconsOfProviders(branding.assets, scheme, urlOf)
      : {},
  }
}

type Methods = readonly (readonly {
  readonly display: 'BUTTON' | 'INPUT'
  readonly type: 'FEDERATED' | 'USERNAME_PASSWORD'
}[])[]

/** A member that the style itself does not set leaves the choice to the providers, and their order to the client. */
function waysOf(own: Settings, methods: Methods): Look['ways'] {
  const order = methods.flat()
  const at = (type: string): number => order.findIndex((method) => method.type === type)
  const federation = memberOf(own, 'categories', 'auth', 'federation')
  const style = memberOf(federation, 'interfaceStyle')
  const isTyped = order[at('FEDERATED')]?.display === 'INPUT'
  const names = memberOf(federation, 'order')
  return {
    ownFirst: at('USERNAME_PASSWORD') !== -1 && (at('FEDERATED') === -1 || at('USERNAME_PASSWORD') < at('FEDERATED')),
    ownBehindButton: order[at('USERNAME_PASSWORD')]?.display === 'BUTTON',
    bySearch: isTyped || (style === undefined ? undefined : style === 'DOMAIN_SEARCH'),
    order: Array.isArray(names) ? (names as string[]) : [],
  }
}

const memberOf = (settings: unknown, ...path: readonly string[]): unknown =>
  path.reduce<unknown>((part, name) => (part as Settings | undefined)?.[name], settings)

type Custom = Readonly<Record<string, Settings>>

/** The colours of single providers' buttons, over those of all; what one does not set stays that of all. */
function customButtons(custom: Custom, scheme: Scheme, base: Mode): string {
  return Object.entries(custom)
    .map(([name, button]) => {
      const rule = (mode: Mode): string => {
        const set = BUTTON_COLOURS.flatMap(([variable, place]) => {
          const value = memberOf(button, ...place.replace('*', `${mode}Mode`).split('.'))
          return value === undefined ? [] : [`${variable}: #${value}`]
        })
        return set.length === 0 ? '' : `.${providerClass(name)} { ${set.join('; ')} }`
      }
      const dark = scheme === 'light dark' ? rule('dark') : ''
      return `${rule(base)}${dark === '' ? '' : `@media (prefers-color-scheme: dark) { ${dark} }`}`
    })
    .join('')
}

function iconsOfProviders(
  assets: readonly StoredAsset[],
  scheme: Scheme,
  urlOf: (imageId: string) => string,
): Record<string, Picture> {
  const names = assets.flatMap(({ Category, ResourceId }) =>
    Category === 'IDP_BUTTON_ICON' && ResourceId !== undefined ? [ResourceId] : [],
  )
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const own = assets.filter(({ ResourceId }) => ResourceId === name)
      const found = pictureOf(own, 'IDP_BUTTON_ICON', urlOf)
      return found ? [[name, oneOf(found, scheme)]] : []
    }),
  )
}

const rootOf = (declarations: readonly string[]): string => `:root { ${declarations.join('; ')} }`

/** In a style of one scheme a browser's wish for the other one changes no picture. */
const oneOf = (picture: Picture, scheme: Scheme): Picture =>
  scheme === 'light dark' ? picture : { light: picture[scheme], dark: picture[scheme] }

/** The image for a mode is that of the mode, that for every mode, or else the other mode's. */
function pictureOf(
  assets: readonly StoredAsset[],
  category: StoredAsset['Category'],
  urlOf: (imageId: string) => string,
): Picture | undefined {
  const find = (...modes: readonly StoredAsset['ColorMode'][]): string | undefined => {
    const ofCategory = assets.filter(({ Category }) => Category === category)
    const found = modes.map((mode) => ofCategory.find(({ ColorMode }) => ColorMode === mode)).find(Boolean)
    return found && urlOf(found.imageId)
  }
  const light = find('LIGHT', 'DYNAMIC', 'DARK')
  const dark = find('DARK', 'DYNAMIC', 'LIGHT')
  return light === undefined || dark === undefined ? undefined : { light, dark }
}

function iconsOf(assets: readonly StoredAsset[], types: readonly string[], urlOf: (imageId: string) => string) {
  return (['ICO', 'SVG'] as const)
    .filter((type) => types.includes(type))
    .flatMap((type) => {
      const asset = assets.find(({ Category }) => Category === `FAVICON_${type}`)
      return asset ? [{ href: urlOf(asset.imageId), type: MEDIA_TYPES[type] }] : []
    })
}
