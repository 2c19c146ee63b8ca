import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'

/** aws-amplify as one script for a page, which sets `amplify`. */
export async function bundleOfAmplify(): Promise<string> {
  const entry = join(dirname(fileURLToPath(import.meta.url)), 'amplify-entry')
  const bundled = await rolldown({
    input: entry,
    platform: 'browser',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === entry ? id : null),
        load: (id) =>
          id === entry
            ? `import { Amplify } from 'aws-amplify'; import * as auth from 'aws-amplify/auth'; globalThis.amplify = { Amplify, ...auth }`
            : null,
      },
    ],
  })
  const { output } = await bundled.generate({ format: 'iife' })
  await bundled.close()
  return output[0].code
}
