// A real Chromium for tests, from the npm package `@sparticuz/chromium`: nothing is downloaded or taken from the system.
// Owns unpacking it and finding another browser where it cannot run. The package's own loader is not used: it shares
// fixed names in the temporary folder between all processes and brings its libraries only on AWS Lambda.
import { execFile } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { createBrotliDecompress } from 'node:zlib'
import { type Browser, chromium } from 'playwright-core'

const flags = [
  '--no-sandbox',
  '--headless',
  '--disable-gpu',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** Launches a browser with an empty profile. Close it when done. CHROMIUM_PATH names another browser to use. */
export async function openBrowser(): Promise<Browser> {
  const chosen = process.env['CHROMIUM_PATH']
  if (chosen) return launch(chosen)
  try {
    const folder = await unpackedChromium()
    return await launch(join(folder, 'chromium'), {
      LD_LIBRARY_PATH: join(folder, 'lib'),
      FONTCONFIG_FILE: join(folder, 'fonts.conf'),
    })
  } catch (error) {
    const installed = systemBrowsers.find((path) => existsSync(path))
    if (installed) return launch(installed)
    const reason = error instanceof Error ? error.message : String(error)
    throw new Error(
      `No browser to test with: the Chromium of @sparticuz/chromium does not run here, and none is installed. Install \
one (on Debian: apt-get install chromium), or set CHROMIUM_PATH to a Chromium or Chrome.\n${reason}`,
      { cause: error },
    )
  }
}

function launch(executablePath: string, variables: Record<string, string> = {}): Promise<Browser> {
  return chromium.launch({
    executablePath,
    chromiumSandbox: false,
    args: flags,
    env: { ...process.env, ...variables } as Record<string, string>,
  })
}

/** Unpacks once per version into node_modules/.cache; takes about two seconds the first time. */
async function unpackedChromium(): Promise<string> {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`The packaged Chromium is for Linux on x64, not for ${process.platform} on ${process.arch}.`)
  }
  const entry = createRequire(import.meta.url).resolve('@sparticuz/chromium')
  const packageFolder = resolve(dirname(entry), '../..')
  const { version } = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8'))
  const cache = resolve(packageFolder, '../../.cache/cognomen')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder

  await mkdir(cache, { recursive: true })
  const work = await mkdtemp(`${folder}.`)
  try {
    const archives = ['al2023', 'fonts', 'swiftshader']
    await Promise.all([
      decompress(join(packageFolder, 'bin/chromium.br'), join(work, 'chromium')),
      ...archives.map((name) => unpack(join(packageFolder, `bin/${name}.tar.br`), work)),
    ])
    // Fontconfig resolves a relative folder against the configuration file, so that the rename below does no harm.
    await writeFile(
      join(work, 'fonts.conf'),
      `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<dir prefix="relative">fonts</dir><cachedir prefix="xdg">fontconfig</cachedir></fontconfig>\n`,
    )
    await chmod(work, 0o755)
    await rename(work, folder).catch((error) => {
      if (!existsSync(folder)) throw error
    })
  } finally {
    await rm(work, { recursive: true, force: true })
  }
  return folder
}

async function decompress(from: string, to: string): Promise<void> {
  await pipeline(
    createReadStream(from),
    createBrotliDecompress({ chunkSize: 2 ** 21 }),
    createWriteStream(to, { mode: 0o755 }),
  )
}

async function unpack(archive: string, folder: string): Promise<void> {
  const tar = join(folder, `${archive.split('/').at(-1)}.unpacked`)
  await decompress(archive, tar)
  await promisify(execFile)('tar', ['-xf', tar, '-C', folder])
  await rm(tar)
}
