// Entry of a module's worker thread when the server runs from its TypeScript sources (tests, development), also on Node.js
// versions that do not strip types. Not part of the build, where `module-worker.js` is the entry.
import { register } from 'node:module'

if (!process.features.typescript) register('../../crypto/typescript-loader.mjs', import.meta.url)
await import('./module-worker.ts')
