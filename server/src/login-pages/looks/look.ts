// How a page looks: what of it an administrator can change. Without changes it is `standardLook`.

/** Addresses of an image for light and dark pages. */
export interface Picture {
  readonly light: string
  readonly dark: string
}

export type Place = 'start' | 'center' | 'end'

/** The light colours, the dark ones, or those that the browser asks for. */
export type Scheme = 'light' | 'dark' | 'light dark'

export interface Bar {
  readonly logo: Picture | undefined
}

/** What a picture above a page's title is about. */
export type Graphic = 'EMAIL_GRAPHIC' | 'SMS_GRAPHIC' | 'AUTH_APP_GRAPHIC' | 'PASSWORD_GRAPHIC' | 'PASSKEY_GRAPHIC'

/** How the sign-in page shows the ways to sign in. */
export interface Ways {
  /** The name and password of the pool's own users stand above the identity providers. */
  readonly ownFirst: boolean
  /** Their form is behind a button. */
  readonly ownBehindButton: boolean
  /** Users of SAML providers find theirs by their e-mail address, or by a button; undefined leaves it to the providers. */
  readonly bySearch: boolean | undefined
  /** Names of providers whose buttons come first, in this order. */
  readonly order: readonly string[]
}

export interface Look {
  /** Comes after the pages' own stylesheet, and wins over it. */
  readonly css: string
  readonly scheme: Scheme
  readonly icons: readonly { readonly href: string; readonly type: string }[]
  readonly header: Bar | undefined
  readonly footer: Bar | undefined
  /** The logo of the form: within it, or beside it on the page. */
  readonly logo: { readonly picture: Picture; readonly inside: boolean; readonly above: boolean } | undefined
  /** Whether the logo stands on the banner of the classic pages. */
  readonly banner: boolean
  readonly ways: Ways
  readonly graphics: Partial<Record<Graphic, Picture>>
  /** Of the buttons of identity providers, by their names. */
  readonly providerIcons: Readonly<Record<string, Picture>>
  /** Whose buttons have colours of their own (providerClass). */
  readonly ownColours: readonly string[]
}

export const standardLook: Look = {
  css: '',
  scheme: 'light dark',
  icons: [],
  header: undefined,
  footer: undefined,
  logo: undefined,
  banner: false,
  ways: { ownFirst: false, ownBehindButton: false, bySearch: undefined, order: [] },
  graphics: {},
  providerIcons: {},
  ownColours: [],
}

/** The class of a provider's button, by which a style gives it colours of its own. */
export const providerClass = (name: string): string => `idp-${Buffer.from(name).toString('hex')}`
