import { describe, expect, it } from 'vitest'
import { en, type Words } from './languages/en.ts'
import { filled, languageOf, languages } from './languages.ts'

const placeholders = (text: string): string[] => (text.match(/\{\w+\}/g) ?? []).sort()
const keys = Object.keys(en) as (keyof Words)[]

describe.each(Object.entries(languages).filter(([code]) => code !== 'en'))('the words in %s', (_code, words) => {
  it('keep the places of values', () => {
    for (const key of keys) expect([key, placeholders(words[key])]).toEqual([key, placeholders(en[key])])
  })

  it('are translated, each with a text', () => {
    for (const key of keys) expect(words[key].trim(), key).not.toBe('')
    // Some words are the same in several languages, such as SMS.
    const same = keys.filter((key) => words[key] === en[key])
    expect(same.length, same.join()).toBeLessThan(12)
  })

  it('are without blanks at their ends and without markup', () => {
    for (const key of keys) expect(words[key]).toMatch(/^(?!\s)[^<>]+(?<!\s)$/)
  })
})

describe('the language of a page', () => {
  const chosen = ({ lang, cookie, accept }: { lang?: string; cookie?: string; accept?: string }): string =>
    languageOf({
      query: { get: (name: string) => (name === 'lang' ? lang : undefined) } as never,
      cookies: new Map(cookie === undefined ? [] : [['lang', cookie]]),
      header: () => accept,
    }).code

  it('is that of the parameter, of the cookie, or one that the browser prefers', () => {
    expect(chosen({ lang: 'fr', cookie: 'de', accept: 'es' })).toBe('fr')
    expect(chosen({ lang: 'xx', cookie: 'de', accept: 'es' })).toBe('de')
    expect(chosen({ cookie: 'xx', accept: 'xx, es;q=0.4, it;q=0.8' })).toBe('it')
    expect(chosen({ accept: 'xx' })).toBe('en')
    expect(chosen({})).toBe('en')
  })

  it.each([
    ['PT-br', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['zh', 'zh-CN'],
    ['zh-Hans-SG', 'zh-CN'],
    ['zh-Hant', 'zh-TW'],
    ['zh-HK', 'zh-TW'],
    ['de-AT', 'de'],
    ['ar-EG', 'ar'],
  ])('of %s is %s', (tag, code) => expect(chosen({ lang: tag })).toBe(code))

  it('says from which side it is written', () => {
    const direction = (lang: string) =>
      languageOf({ query: { get: () => lang } as never, cookies: new Map(), header: () => undefined }).direction
    expect([direction('ar'), direction('ja')]).toEqual(['rtl', 'ltr'])
  })
})

describe('filled', () => {
  it('puts values in, and nothing into what they say', () => {
    expect(filled('to {name} {name} {other}', { name: '{other}' })).toBe('to {other} {other} {other}')
  })
})

describe('a text with values', () => {
  it('keeps the direction of what is put into one that is written from the right', () => {
    expect(filled('We sent a code to {to}, {name}.', { to: 'a***@e***' })).toBe('We sent a code to a***@e***, {name}.')
    expect(filled('أرسلنا رمزًا إلى {to}.', { to: '+***0005' })).toBe('أرسلنا رمزًا إلى \u2068+***0005\u2069.')
  })
})
