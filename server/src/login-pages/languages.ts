// In which language a page speaks: that of the parameter `lang`, of the cookie that keeps it, or one that the browser
// prefers (docs/reference/oauth-and-federation.md 17.3). Pure.
import type { PoolRequest } from '../oauth/endpoint.ts'
import { ar } from './languages/ar.ts'
import { de } from './languages/de.ts'
import { en, type Words } from './languages/en.ts'
import { es } from './languages/es.ts'
import { fr } from './languages/fr.ts'
import { id } from './languages/id.ts'
import { it } from './languages/it.ts'
import { ja } from './languages/ja.ts'
import { ko } from './languages/ko.ts'
import { nl } from './languages/nl.ts'
import { ptBR } from './languages/pt-BR.ts'
import { zhCN } from './languages/zh-CN.ts'
import { zhTW } from './languages/zh-TW.ts'

export const LANGUAGE_COOKIE = 'lang'

/** By the codes that `lang` takes, in the order of the chooser. Arabic is ours, the others are Cognito's. */
export const languages: Readonly<Record<string, Words>> = {
  id,
  de,
  en,
  es,
  fr,
  it,
  nl,
  'pt-BR': ptBR,
  ar,
  ja,
  ko,
  'zh-CN': zhCN,
  'zh-TW': zhTW,
}

/** The language of tags that name no region that we have, longest first: a script or region, or the language alone. */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^zh-(hant|tw|hk|mo)\b/i, 'zh-TW'],
  [/^zh\b/i, 'zh-CN'],
  [/^pt\b/i, 'pt-BR'],
]

export interface Language {
  readonly code: string
  readonly words: Words
  readonly direction: 'ltr' | 'rtl'
  /** Whether the request chose it, so that it is to be kept. */
  readonly chosen: boolean
}

const RIGHT_TO_LEFT = ['ar', 'fa', 'he', 'ur']

export function languageOf({ query, cookies, header }: Pick<PoolRequest, 'query' | 'cookies' | 'header'>): Language {
  const asked = known(query.get('lang'))
  const code = asked ?? known(cookies.get(LANGUAGE_COOKIE)) ?? preferred(header('accept-language')) ?? 'en'
  const direction = RIGHT_TO_LEFT.includes(code) ? 'rtl' : 'ltr'
  return { code, words: languages[code] ?? en, direction, chosen: asked !== undefined }
}

/** A text with its values put in; in one that is written from the right, each keeps its own direction (Unicode UAX 9, 2.4). */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name]
    return value === undefined ? whole : WRITTEN_FROM_RIGHT.test(text) ? `\u2068${value}\u2069` : value
  })

/** Letters of Hebrew, Arabic and the like. */
const WRITTEN_FROM_RIGHT = /[\u0590-\u08ff]/

/** The code of a language that there is, also for one of its regions (`de-AT`). */
function known(tag: string | undefined): string | undefined {
  const codes = Object.keys(languages)
  const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
  if (tag === undefined) return undefined
  return (
    codes.find((code) => same(code, tag)) ??
    OTHERS.find(([pattern]) => pattern.test(tag))?.[1] ??
    codes.find((code) => same(code, tag.split('-')[0] ?? ''))
  )
}

/** The first language of Accept-Language that there is, by its weights (RFC 9110 12.5.4). */
function preferred(header: string | undefined): string | undefined {
  const ranges = (header ?? '').split(',', 20).map((range) => {
    const [tag = '', ...parameters] = range.trim().split(/\s*;\s*/)
    const weight = parameters.find((parameter) => parameter.startsWith('q='))
    return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) }
  })
  const wanted = ranges.filter(({ weight }) => weight > 0).sort((one, other) => other.weight - one.weight)
  for (const { tag } of wanted) {
    const code = known(tag)
    if (code !== undefined) return code
  }
  return undefined
}
