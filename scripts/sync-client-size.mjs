// Measures what the sync client adds to an application: each entry bundled and minified for browsers, then gzipped.
//
//   node scripts/sync-client-size.mjs      prints the sizes, exit 1 where one is over its bound
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { root } from './set-up.mjs'

/** Bytes, gzipped. */
export const bounds = { index: 8192, react: 1024 }

/** The gzipped bytes of an entry of sync-client/src, without what applications have anyhow. */
export async function sizeOf(entry) {
  const { rolldown } = await import('rolldown')
  const bundled = await rolldown({
    input: join(root, 'sync-client/src', `${entry}.ts`),
    platform: 'browser',
    external: /^react$/,
  })
  const { output } = await bundled.generate({ minify: true })
  await bundled.close()
  // Hints for bundlers are not in what browsers get.
  return gzipSync(output[0].code.replaceAll('/* @__PURE__ */', ''), { level: 9 }).length
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  for (const [entry, bound] of Object.entries(bounds)) {
    const size = await sizeOf(entry)
    if (size > bound) process.exitCode = 1
    process.stdout.write(`cognomen-sync/${entry}: ${size} of ${bound} bytes${size > bound ? ': too large' : ''}\n`)
  }
}
