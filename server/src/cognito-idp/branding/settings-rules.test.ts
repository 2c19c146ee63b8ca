import { describe, expect, it } from 'vitest'
import type { Settings } from './branding-store.ts'
import { defaultIdpButton, defaultSettings } from './default-settings.ts'
import { mergeSettings, settingsProblem, withDefaults } from './settings-rules.ts'

/** A document with one value, at a path of names between dots. */
const at = (path: string, value: unknown): Settings =>
  path.split('.').reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as Settings

describe('settingsProblem', () => {
  it('accepts the defaults and every part of them', () => {
    expect(settingsProblem(defaultSettings)).toBeUndefined()
    expect(settingsProblem({})).toBeUndefined()
  })

  it.each([
    ['components.idpButton.custom', { MyProvider: defaultIdpButton }],
    ['categories.auth.federation.order', ['Google', 'MyProvider']],
    ['categories.global.colorSchemeMode', 'DYNAMIC'],
    ['componentClasses.buttons.borderRadius', 0],
    ['components.pageText.darkMode.bodyColor', 'ABCDEF12'],
    ['components.favicon.enabledTypes', []],
  ])('accepts %s of %j', (path, value) => {
    expect(settingsProblem(at(path, value))).toBeUndefined()
  })

  it.each([
    ['components.form.shadow', true, 'is an unknown property'],
    ['components.constructor', {}, 'is an unknown property'],
    ['components.form', [], 'must be an object'],
    ['components.form.borderRadius', '8', 'must be a number from 0 to 100'],
    ['components.form.borderRadius', -1, 'must be a number from 0 to 100'],
    ['components.form.borderRadius', 1e9, 'must be a number from 0 to 100'],
    ['components.form.logo.enabled', 'true', 'must be true or false'],
    ['components.pageText.darkMode.bodyColor', '#ffffff', 'must be a colour of eight hexadecimal digits (RRGGBBAA)'],
    [
      'components.pageText.darkMode.bodyColor',
      'ffffffff;}body{',
      'must be a colour of eight hexadecimal digits (RRGGBBAA)',
    ],
    ['categories.global.colorSchemeMode', 'light', 'must be one of LIGHT, DARK, DYNAMIC'],
    ['categories.auth.federation.order', 'Google', 'must be a list of at most 300'],
  ])('refuses %s of %j', (path, value, problem) => {
    expect(settingsProblem(at(path, value))).toBe(`Settings.${path} ${problem}`)
  })

  it.each([[null], ['x'], [[]], [1]])('refuses the document %j', (document) => {
    expect(settingsProblem(document)).toBe('Settings must be an object')
  })

  it('refuses names that are not those of providers, and names that every object has', () => {
    const custom = (text: string): unknown => JSON.parse(`{"components":{"idpButton":{"custom":${text}}}}`)
    expect(settingsProblem(custom('{"__proto__":{}}'))).toMatch(/custom key must be the name/)
    expect(settingsProblem(custom('{"a b":{}}'))).toMatch(/custom key must be the name/)
    expect(settingsProblem(custom('{"Own":{"lightMode":{"hover":{"textColor":"red"}}}}'))).toMatch(
      /^Settings\.components\.idpButton\.custom\.Own\.lightMode\.hover\.textColor must be a colour/,
    )
    expect(settingsProblem(JSON.parse('{"__proto__":{"x":1}}'))).toBe('Settings.__proto__ is an unknown property')
  })
})

describe('mergeSettings and withDefaults', () => {
  it('merge objects and replace lists and values, without changing what they were given', () => {
    const base = { a: { b: 1, c: [1, 2] }, d: 'x' }
    expect(mergeSettings(base, { a: { c: [3] }, e: { f: true } })).toEqual({
      a: { b: 1, c: [3] },
      d: 'x',
      e: { f: true },
    })
    expect(base).toEqual({ a: { b: 1, c: [1, 2] }, d: 'x' })
    expect(withDefaults({})).toEqual(defaultSettings)
    expect(withDefaults(at('components.alert.borderRadius', 1))).toMatchObject({
      components: { alert: { borderRadius: 1, lightMode: { error: { borderColor: 'd91515ff' } } } },
    })
  })
})
