// The hooks in React itself, on a server (renderToString) and in a browser.
import { createElement } from 'react'
import { renderToString } from 'react-dom/server'
import { expect, expectTypeOf, test } from 'vitest'
import { fakeService, makeDevice } from '../test/devices.ts'
import { useDataset, useSyncStatus, useValue } from './react.ts'

interface Prefs {
  theme: string
  size: number
}

test('on a server they give what is known there', () => {
  const sync = makeDevice(fakeService())
  const prefs = sync<Prefs>('prefs')
  prefs.set('size', 3)
  function App() {
    const [theme, setTheme] = useValue(prefs, 'theme')
    expectTypeOf(theme).toEqualTypeOf<string | undefined>()
    expectTypeOf(setTheme).parameter(0).toEqualTypeOf<string | undefined>()
    const { size } = useDataset(prefs)
    const { state, pending } = useSyncStatus(prefs)
    return `${theme} ${size} ${state} ${pending} ${useSyncStatus(sync).live}`
  }
  expect(renderToString(createElement(App))).toBe('undefined 3 starting 1 false')
})
