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
}

export const standardLook: Look = {
  css: '',
  scheme: 'light dark',
  icons: [],
  header: undefined,
  footer: undefined,
  logo: undefined,
  banner: false,
}
