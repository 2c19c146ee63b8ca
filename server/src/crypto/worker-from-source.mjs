// Entry of a worker thread when the server runs from its TypeScript sources (tests, development), on Node versions that do
// not strip types. Not part of the build: compiled, `worker.js` is the entry and this file is absent.
import { register } from 'node:module'

if (!process.features.typescript) register('./typescript-loader.mjs', import.meta.url)
await import('./worker.ts')
