// Two devices of one user with cognomen-sync, each with a file of its own: both change data while they are offline, and merge.
// Paste the line that the server prints at its start. Then: npm run build && node examples/sync-node.mjs
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSync } from 'cognomen-sync'
import { fileStorage } from 'cognomen-sync/file'
import { makeSyncPool } from './sync-pool.mjs'

const pool = await makeSyncPool()
const folder = await mkdtemp(join(tmpdir(), 'sync-node-'))
const device = (name) => {
  const sync = createSync({
    endpoint: process.env.AWS_ENDPOINT_URL,
    ...pool,
    storage: fileStorage(join(folder, name)),
    // This program says when; an application leaves it to the client.
    live: 'manual',
  })
  return [sync, sync('trip', { merge: { coffees: 'counter', towns: 'set' } })]
}
const [phoneSync, phone] = device('phone')
const [laptopSync, laptop] = device('laptop')

// Nothing of this needs the network.
phone.set('title', 'To the sea')
phone.increment('coffees', 2)
phone.addTo('towns', 'Lisbon')
laptop.increment('coffees')
laptop.addTo('towns', 'Porto')
console.log('The phone has, unsent:', phone.all(), phone.status.pending)

await phone.flush()
await laptop.flush()
await phone.refresh()
console.log('The phone:', phone.all())
console.log('The laptop:', laptop.all())

await phoneSync.destroy()
const [againSync, again] = device('phone')
await again.ready
console.log('The phone, started again without a word to the server:', again.all())
await againSync.destroy()
await laptopSync.destroy()
await rm(folder, { recursive: true })
