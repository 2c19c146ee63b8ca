// Measures what the sync client adds to an application: each entry bundled and minified for browsers, then gzipped.
//
//   node scripts/sync-client-size.mjs      prints the sizes, exit 1 where one is over its bound
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root } from './set-up.mjs'

/** Bytes, gzipped: what is loaded at once, and with what is loaded later by the tab that talks to the service. */
const bounds = {
  index: { atOnce: 7_168, whole: 13_824 },
  react: { atOnce: 256, whole: 256 },
}

/** The gzipped bytes of the parts of an entry of sync-client/src, without what applications have anyhow. */
async function sizesOf(entry) {
  const { rolldown } = await import('rolldown')
  const bundled = await rolldown({
    input: join(root, 'sync-client/src', `${entry}.ts`),
    platform: 'browser',
    external: /^react$/,
  })
  const { output } = await bundled.generate({ minify: true })
  await bundled.close()
  const size = ({ code }) => gzipSync(code.replaceAll('/* @__PURE__ */', ''), { level: 9 }).length
  const [first, ...others] = output
  const atOnce = others.filter(({ fileName }) => first.imports.includes(fileName))
  const sum = (chunks) => chunks.reduce((bytes, chunk) => bytes + size(chunk), size(first))
  return { atOnce: sum(atOnce), whole: sum(others) }
}

for (const [entry, bound] of Object.entries(bounds)) {
  const sizes = await sizesOf(entry)
  for (const what of ['atOnce', 'whole']) {
    const isOver = sizes[what] > bound[what]
    if (isOver) process.exitCode = 1
    const name = what === 'atOnce' ? 'at once' : 'with what is loaded later'
    process.stdout.write(
      `cognomen-sync/${entry}, ${name}: ${sizes[what]} of ${bound[what]} bytes${isOver ? ': too large' : ''}\n`,
    )
  }
}
