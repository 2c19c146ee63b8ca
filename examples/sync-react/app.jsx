// The application of one device. What it keeps is a dataset, `trip`; everything about the network is the client's.
import { createSync, indexedDbStorage } from 'cognomen-sync'
import { useDataset, useSyncStatus, useValue } from 'cognomen-sync/react'
import { useEffect, useState } from 'react'
import { createRoot } from 'react-dom/client'

// Both tabs of the laptop share a storage; the phone, which is a frame of the same site here, has one of its own.
const device = location.search.slice(1)
const isOffline = () => localStorage.getItem(`offline/${device}`) === 'yes'

const settings = await (await fetch('/settings.json')).json()
const sync = createSync({
  ...settings,
  logins: async () => (await fetch('/logins.json')).json(),
  storage: indexedDbStorage(`trip/${device}/${settings.identityPoolId}`),
  // Only for the switch "Offline": a device that has no network.
  fetch: (...request) => (isOffline() ? Promise.reject(new TypeError('offline')) : fetch(...request)),
})
const trip = sync('trip', { merge: { coffees: 'counter', packed: 'set', things: 'set' } })

function Status() {
  const { state, pending, error } = useSyncStatus(sync)
  const text = {
    starting: 'Starting',
    syncing: 'Saving',
    synced: 'All saved',
    offline: pending > 0 ? `Offline, ${pending} to send` : 'Offline',
    error: error?.message ?? 'Something is wrong',
  }[state]
  return (
    <p className={`status ${state}`} role="status">
      <span aria-hidden="true" />
      {text}
    </p>
  )
}

function Offline() {
  const [offline, setOffline] = useState(isOffline)
  useEffect(() => {
    const changed = () => setOffline(isOffline())
    addEventListener('storage', changed)
    return () => removeEventListener('storage', changed)
  }, [])
  const toggle = () => {
    localStorage.setItem(`offline/${device}`, offline ? 'no' : 'yes')
    setOffline(!offline)
    // The browser tells this of a real network.
    for (const dataset of [trip]) dataset.refresh().catch(() => {})
  }
  return (
    <label className="switch">
      <input type="checkbox" checked={offline} onChange={toggle} />
      <span aria-hidden="true" />
      Offline
    </label>
  )
}

function Title() {
  const [title = '', setTitle] = useValue(trip, 'title')
  return (
    <input
      className="title"
      aria-label="Title"
      placeholder="Where to?"
      value={title}
      onChange={({ target }) => setTitle(target.value)}
    />
  )
}

function Coffees() {
  const [coffees = 0] = useValue(trip, 'coffees')
  return (
    <section className="coffees">
      <h2>Coffees so far</h2>
      <output>{coffees}</output>
      <button type="button" onClick={() => trip.increment('coffees')}>
        One more
      </button>
    </section>
  )
}

function Things() {
  const { things = [], packed = [] } = useDataset(trip)
  const [draft, setDraft] = useState('')
  const add = (event) => {
    event.preventDefault()
    const name = draft.trim()
    if (name) trip.addTo('things', name)
    setDraft('')
  }
  const toggle = (name) => (packed.includes(name) ? trip.removeFrom('packed', name) : trip.addTo('packed', name))
  return (
    <section className="things">
      <h2>To pack</h2>
      <ul>
        {things.map((name) => (
          <li key={name}>
            <label>
              <input type="checkbox" checked={packed.includes(name)} onChange={() => toggle(name)} />
              <span>{name}</span>
            </label>
            <button type="button" aria-label={`Remove ${name}`} onClick={() => trip.removeFrom('things', name)}>
              ×
            </button>
          </li>
        ))}
      </ul>
      {things.length === 0 && <p className="empty">Nothing yet. What must not be forgotten?</p>}
      <form onSubmit={add}>
        <input
          aria-label="Thing"
          placeholder="Add a thing"
          value={draft}
          onChange={({ target }) => setDraft(target.value)}
        />
        <button type="submit">Add</button>
      </form>
    </section>
  )
}

function App() {
  return (
    <>
      <header>
        <Status />
        <Offline />
      </header>
      <Title />
      <Coffees />
      <Things />
    </>
  )
}

await trip.ready
createRoot(document.getElementById('app')).render(<App />)
