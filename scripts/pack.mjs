// `npm run pack`: makes the package `cognomen` as a file, cognomen-<version>.tgz, in the working folder or the one that is
// named; `npm install ./that-file` installs it. It holds `files` of server/package.json, README, LICENSE and the pages
// of docs/, gathered in a folder of its own, so that nothing generated lies beside the sources.
import './node-version.mjs'

const { spawnSync } = await import('node:child_process')
const { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } = await import('node:fs')
const { tmpdir } = await import('node:os')
const { join, resolve } = await import('node:path')
const { root, setUp } = await import('./set-up.mjs')

await setUp()
const destination = resolve(process.argv[2] ?? '.')
const folder = mkdtempSync(join(tmpdir(), 'cognomen-pack-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const docs = readdirSync(join(root, 'docs')).filter((name) => /\.(md|json)$/.test(name))
const pages = ['LICENSE', 'CHANGELOG.md', 'SECURITY.md', 'docs/behaviour', ...docs.map((name) => `docs/${name}`)]
for (const page of pages) cpSync(join(root, page), join(folder, page), { recursive: true })
for (const part of ['bin', 'dist']) cpSync(join(root, 'server', part), join(folder, part), { recursive: true })

const { scripts, files, ...description } = JSON.parse(readFileSync(join(root, 'server/package.json'), 'utf8'))
writeFileSync(
  join(folder, 'package.json'),
  `${JSON.stringify({ ...description, files: [...files, 'docs', 'CHANGELOG.md', 'SECURITY.md'] }, null, 2)}\n`,
)
// A link to what only the repository has is text in the package.
cpSync(join(root, 'README.md'), join(folder, 'README.md'))
for (const page of readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('.md'))) {
  const file = join(folder, page)
  const isThere = (target) => /^(https?:|#)/.test(target) || existsSync(join(file, '..', target.replace(/#.*/, '')))
  const text = readFileSync(file, 'utf8')
  writeFileSync(
    file,
    text.replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (link, words, target) => (isThere(target) ? link : words)),
  )
}

const { status } = spawnSync('npm', ['pack', folder, '--pack-destination', destination, '--loglevel=error'], {
  stdio: 'inherit',
  shell: process.platform === 'win32',
})
process.exitCode = status ?? 1
