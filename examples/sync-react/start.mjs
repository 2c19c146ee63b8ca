// A page with two tabs and a phone of one user, which show each other's changes, on a server of its own with a database in
// memory: npm run sync-example, and open what it prints.
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { setUp } from '../../scripts/set-up.mjs'

await setUp({ dev: true })
const { start } = await import('cognomen')
const { rolldown } = await import('rolldown')
const { makeSyncPool } = await import('../sync-pool.mjs')

const file = (name) => readFileSync(new URL(name, import.meta.url))
const bundled = await rolldown({
  input: new URL('app.jsx', import.meta.url).pathname,
  platform: 'browser',
  transform: { define: { 'process.env.NODE_ENV': '"production"' } },
})
const { output } = await bundled.generate({ minify: true, entryFileNames: 'app.js', chunkFileNames: '[name].js' })
await bundled.close()
const scripts = output.map(({ fileName, code }) => [`/${fileName}`, ['text/javascript', () => code]])

const { url: endpoint, region, credentials } = await start()
const pool = await makeSyncPool({ endpoint, region, credentials })

const answers = {
  '/': ['text/html', () => file('index.html')],
  '/device': ['text/html', () => file('device.html')],
  '/style.css': ['text/css', () => file('style.css')],
  ...Object.fromEntries(scripts),
  '/settings.json': [
    'application/json',
    () => JSON.stringify({ endpoint, region, identityPoolId: pool.identityPoolId }),
  ],
  // In place of a sign-in page.
  '/logins.json': ['application/json', async () => JSON.stringify(await pool.logins())],
}
const site = createServer(async ({ url }, response) => {
  const [type, body] = answers[url.replace(/\?.*/, '')] ?? []
  if (!body) return response.writeHead(404).end()
  response.writeHead(200, { 'content-type': `${type}; charset=utf-8` }).end(await body())
})
await new Promise((done) => site.listen(Number(process.env.APP_PORT ?? 0), 'localhost', done))
console.log(`Open http://localhost:${site.address().port}/`)
