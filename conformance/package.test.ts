// The package as `npm run pack` makes it, in a project of its own that has nothing of the repository but the packages it
// depends on: its files, its command, `start()` and its types.
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const project = mkdtempSync(join(tmpdir(), 'cognomen-package-'))
const installed = join(project, 'node_modules/cognomen')
const run = promisify(execFile)
let names: string[]

beforeAll(async () => {
  await run(process.execPath, [join(root, 'scripts/pack.mjs'), project])
  const { version } = JSON.parse(readFileSync(join(root, 'server/package.json'), 'utf8'))
  const tarball = join(project, `cognomen-${version}.tgz`)
  names = execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'])
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const { dependencies: ofCompiler } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  for (const name of [...Object.keys(dependencies), ...Object.keys(ofCompiler)]) {
    const link = join(project, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(root, 'node_modules', name), link, 'junction')
  }
}, 120_000)
afterAll(() => rmSync(project, { recursive: true, force: true }))

/** What a module of the project prints. */
async function module(text: string): Promise<string> {
  writeFileSync(join(project, 'program.mjs'), text)
  return (await run(process.execPath, ['program.mjs'], { cwd: project })).stdout.trim()
}

test('it has README, LICENSE and the pages of docs/, whose links lead to what is there, and no maps or sources', () => {
  for (const page of ['README.md', 'LICENSE', 'docs/configuration.md']) expect(names).toContain(`package/${page}`)
  expect(names.filter((name) => /\.map$|\/src\/|\.test\.|(?<!\.d)\.ts$/.test(name))).toEqual([])
  const pages = names.map((name) => name.slice('package/'.length)).filter((name) => name.endsWith('.md'))
  const links = pages.flatMap((page) =>
    [...readFileSync(join(installed, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, target = '']) =>
      join(dirname(page), target),
    ),
  )
  expect(links.length).toBeGreaterThan(20)
  expect(links).toContain('docs/metrics-dashboard.json')
  expect(links.filter((target) => !existsSync(join(installed, target)))).toEqual([])
  for (const name of names.filter((name) => /\.(js|ts)$/.test(name)))
    expect(readFileSync(join(installed, name.slice('package/'.length)), 'utf8')).not.toContain('sourceMappingURL=')
})

test('its command tells its version and what it takes', async () => {
  const { bin, version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  const command = (...args: string[]) => run(process.execPath, [join(installed, bin.cognomen), ...args])
  for (const asked of ['version', '--version', '-v']) expect((await command(asked)).stdout).toBe(`${version}\n`)
  expect((await command('-h')).stdout).toMatch(/^Usage: cognomen/)
  await expect(command('-x')).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/unknown command '-x'/) })
})

test('start() serves, and its errors have names', async () => {
  const said = await module(`
    import { ConfigError, DatabaseUnavailable, start } from 'cognomen'
    const server = await start()
    const { status } = await fetch(server.url + '/health/ready')
    const { PORT = new URL(server.url).port } = {}
    const errors = []
    for (const env of [{ PORT: 'x' }, { PORT }, { DATABASE_URL: 'mysql://x' }])
      await start({ env }).catch((error) => errors.push([error.name, error.code, error instanceof ConfigError]))
    await server.stop()
    console.log(JSON.stringify({ status, errors, named: new DatabaseUnavailable('x').name }))
  `)
  expect(JSON.parse(said)).toEqual({
    status: 200,
    errors: [
      ['ConfigError', null, true],
      ['Error', 'EADDRINUSE', false],
      ['ConfigError', null, true],
    ],
    named: 'DatabaseUnavailable',
  })
})

test('its types are those of what it exports', async () => {
  writeFileSync(join(project, 'package.json'), '{"type": "module"}')
  writeFileSync(
    join(project, 'program.ts'),
    `import { ConfigError, start, type RunningServer } from 'cognomen'
     import { honoAuthorizer } from 'cognomen/authorizer'
     const server: RunningServer = await start({ env: { PORT: '0' } })
     const code: string = await server.outbox.latestCode('ann@example.com')
     const problems: readonly string[] = new ConfigError([code]).problems
     // @ts-expect-error a setting that does not exist
     await start({ env: { PROT: '0' } })
     console.log(problems, honoAuthorizer)`,
  )
  const compiler = join(root, 'node_modules/typescript/bin/tsc')
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node']
  const compiled = run(process.execPath, [compiler, ...options, 'program.ts'], { cwd: project })
  expect(
    await compiled.then(
      () => '',
      ({ stdout }) => stdout,
    ),
  ).toBe('')
}, 60_000)
