// `npm run build`: compiles server/src into server/dist and sync-client/src into sync-client/dist, if anything changed.
import './node-version.mjs'

const { setUp } = await import('./set-up.mjs')
await setUp({ client: true })
