// A page in React's StrictMode, development build, which draws everything twice and mounts it twice. Its component asks for the
// dataset at each drawing, as applications do that have no other place for it.
import { createElement, StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { createSync, type Sync, type SyncOptions } from '../src/index.ts'
import { useDataset, useSyncStatus, useValue } from '../src/react.ts'

/** Draws the page, and returns what a test looks at. */
export function mount(options: SyncOptions): { sync: Sync; drawn(): number; unmount(): void } {
  const sync = createSync(options)
  let drawn = 0
  function App() {
    drawn++
    const prefs = sync('prefs', { merge: { n: 'counter' } })
    const [theme, setTheme] = useValue(prefs, 'theme')
    const all = useDataset(prefs)
    const { state } = useSyncStatus(sync)
    useSyncStatus(prefs)
    const text = `${theme} ${JSON.stringify(all)} ${state}`
    return createElement('button', { type: 'button', onClick: () => setTheme('dark') }, text)
  }
  const root = createRoot(document.body.appendChild(document.createElement('main')))
  root.render(createElement(StrictMode, null, createElement(App)))
  return { sync, drawn: () => drawn, unmount: () => root.unmount() }
}
