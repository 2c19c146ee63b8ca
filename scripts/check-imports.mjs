// Checks that imports go one way, and a few calls that belong in one place only. Tests are free to import anything.
//
// A room is a folder or a file directly below server/src. Their order is the list in ARCHITECTURE.md ("The house"): a room
// imports only rooms on lines below its own. What that order does not say is in the tables below.
//
//   node scripts/check-imports.mjs [ROOT]      prints each violation, exit 1 if there is one
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

/** An operation's file has the operation's own name, in camelCase; every other file is named in kebab-case. */
const operations = /^[a-z-]+\/(.+\/)?[a-z][a-z0-9]*[A-Z]\w*\.tsx?$/
/** Files that must be pure: rules and types of stored values. */
const pure = ['**/*-rules.ts', '**/*-settings.ts', '**/*-schema.ts', '**/*-type.ts', '**/limits.ts']
const steps = ['cognito-idp/sign-in/flows/*', 'cognito-idp/sign-in/challenges/*']
/** Files of types that may be imported in any room, and may import types of any room. */
const sharedTypes = ['context.ts', 'operation.ts', 'service.ts']

/**
 * What the order of rooms does not say. Paths are relative to server/src.
 *   from      the files a row is about; `except` leaves some of them out
 *   only      all they may import (types count too, unless `anyTypes`)
 *   never     what they may not import, types included
 *   packages  the only packages and Node.js modules they may import at run time (default: any)
 * Importing oneself's own folder is never implied: it is in `only` where it is meant.
 */
const rows = [
  { from: ['crypto/**'], only: ['crypto/**', 'limit.ts'], why: 'crypto takes bytes and returns bytes' },
  {
    from: ['saml/**'],
    only: ['saml/**', 'limit.ts', 'encodings.ts', 'crypto/rsa-keys.ts'],
    packages: ['libxml2-wasm', 'node:crypto', 'node:zlib'],
    why: 'SAML takes documents and returns what they say, or why they are refused',
  },
  {
    from: ['policy/**'],
    only: ['policy/**', 'limit.ts'],
    packages: ['node:net'],
    why: 'policies are evaluated from values alone',
  },
  {
    from: ['sigv4/**'],
    only: ['sigv4/**', 'crypto/**', 'limit.ts'],
    packages: ['node:crypto'],
    why: 'signatures are made and verified from bytes alone',
  },
  { from: ['authorizer/**'], only: ['authorizer/**'], why: 'the gate of other servers stands alone' },
  {
    from: pure,
    except: ['database/**'],
    only: [...pure, 'config/env.ts', 'crypto/**', 'contract/**'],
    anyTypes: true,
    packages: [],
    why: 'rules take values and return values: no database, clock, random, network or log',
  },
  {
    from: ['**/*-store.ts'],
    // Rules, because keys and reservations follow from a row by a pure function (docs/decisions/derived-keys.md).
    only: [
      'database/**',
      'contract/**',
      '**/*-settings.ts',
      '**/*-schema.ts',
      '**/*-type.ts',
      '**/*-rules.ts',
      '**/limits.ts',
      '**/*-store.ts',
    ],
    anyTypes: true,
    packages: ['kysely'],
    why: 'stores hold statements and no decisions',
  },
  {
    from: ['**'],
    except: ['*/operations.ts'],
    never: [operations],
    why: "an operation is named by its service's operations.ts alone",
  },
  {
    from: steps,
    never: steps,
    why: 'a flow or challenge announces a step and returns; they never call one another',
  },
]

/** Packages that belong in one room. */
const packageRooms = [
  { package: 'pg', in: ['database/**'] },
  { package: '@photostructure/sqlite', in: ['database/**'] },
  { package: 'nodemailer', in: ['effects/**'] },
  { package: 'libxml2-wasm', in: ['saml/**'] },
]

/** Calls that belong nowhere, or in one place. Comments are not looked at. */
const calls = [
  { call: /\bMath\.random\b/, in: ['**'], why: 'not random enough for anything here: use effects or crypto' },
  { call: /\bconsole\.log\b/, in: ['**'], except: ['main.ts', 'cli/**'], why: 'the log is ctx.log' },
  { call: /\bDate\.now\b|\bnew Date\(\)/, in: pure, why: 'rules take `now` as a value' },
]

/** Outside the server: what may be imported from where, relative to the root. */
const packagesApart = [
  { from: ['server/src/**'], only: ['server/src/**'], why: 'the server is what server/src holds' },
  { from: ['conformance/**'], never: ['server/src/**'], why: 'conformance looks from outside' },
  { from: ['console/**'], never: ['server/**'], why: 'the console is a client of the public API' },
  { from: ['sync-client/**'], never: ['server/**'], why: 'the sync client stands alone' },
]

/** Every violation below `root`, as lines of text. */
export function importViolations(root) {
  const violations = []
  const levels = roomLevels(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'))
  for (const path of sourceFiles(root)) {
    const text = readFileSync(join(root, path), 'utf8')
    const code = withoutComments(text)
    const inServer = path.startsWith('server/src/') ? path.slice('server/src/'.length) : undefined
    const report = (what, why) => violations.push(`${path}: ${what} (${why})`)

    for (const { specifier, typeOnly } of imports(code)) {
      const local = specifier.startsWith('.')
      const target = local ? posix.join(posix.dirname(path), specifier) : undefined
      for (const rule of packagesApart) {
        if (target && applies(rule, path) && !allows(rule, target)) report(`imports ${target}`, rule.why)
      }
      if (inServer === undefined) continue
      const targetInServer = target?.startsWith('server/src/') ? target.slice('server/src/'.length) : undefined
      const refusal =
        upward(levels, inServer, targetInServer, typeOnly) ?? refusingRow(inServer, targetInServer, specifier, typeOnly)
      if (refusal !== undefined) report(`imports ${targetInServer ?? specifier}`, refusal)
      for (const row of packageRooms) {
        if (!typeOnly && packageName(specifier) === row.package && !matches(inServer, row.in)) {
          report(`imports ${specifier}`, `only ${row.in.join(', ')} does`)
        }
      }
    }
    if (inServer === undefined) continue
    for (const row of calls) {
      const found = code.match(row.call)
      if (found && matches(inServer, row.in) && !matches(inServer, row.except ?? [])) report(found[0], row.why)
    }
  }
  return violations
}

/**
 * The level of every room in the list of ARCHITECTURE.md, 0 at the top: the lines below `  src/`, each with the names of
 * one level, two spaces and what they are. Lines that are indented further go on with the description above them.
 */
export function roomLevels(architecture) {
  const lines = architecture.split('\n')
  const levels = new Map()
  for (const line of lines.slice(lines.findIndex((text) => /^ {2}src\/(\s|$)/.test(text)) + 1)) {
    if (!line.startsWith('    ')) break
    if (line.startsWith('     ')) continue
    const names = line.trim().split(/ {2,}/)[0].split(' ')
    for (const name of names) levels.set(name.replace(/\/$/, ''), levels.size)
    const level = Math.min(...names.map((name) => levels.get(name.replace(/\/$/, ''))))
    for (const name of names) levels.set(name.replace(/\/$/, ''), level)
  }
  return levels
}

const roomOf = (path) => path.split('/', 1)[0]

/** Why an import may not go from one room to another; undefined when it may. */
function upward(levels, from, target, typeOnly) {
  const room = roomOf(from)
  if (!levels.has(room)) return `${room} is not in the list of rooms in ARCHITECTURE.md`
  if (target === undefined || roomOf(target) === room) return undefined
  const other = roomOf(target)
  if (typeOnly && (sharedTypes.includes(room) || sharedTypes.includes(other))) return undefined
  if (levels.get(other) > levels.get(room)) return undefined
  return `${other} is not below ${room} in the list of rooms in ARCHITECTURE.md`
}

/** Why a row of the table refuses an import; undefined when none does. */
function refusingRow(from, target, specifier, typeOnly) {
  const local = specifier.startsWith('.')
  return rows.find((row) => {
    if (!applies(row, from) || (typeOnly && row.anyTypes)) return false
    if (local) return target !== undefined && !allows(row, target)
    return row.packages !== undefined && !typeOnly && !row.packages.includes(packageName(specifier))
  })?.why
}

function applies(rule, path) {
  return matches(path, rule.from) && !matches(path, rule.except ?? [])
}

function allows(rule, target) {
  if (rule.only && !matches(target, rule.only)) return false
  return !(rule.never && matches(target, rule.never))
}

function matches(path, patterns) {
  return patterns.some((pattern) => (pattern instanceof RegExp ? pattern : globExpression(pattern)).test(path))
}

const expressions = new Map()

/** `**` is any number of folders, `*` any part of one name. */
function globExpression(glob) {
  let expression = expressions.get(glob)
  if (!expression) {
    const source = glob
      .replace(/[.+^$()|[\]\\{}]/g, '\\$&')
      .replace(/\*\*\/|\*\*|\*/g, (stars) => ({ '**/': '(?:.+/)?', '**': '.*', '*': '[^/]*' })[stars])
    expression = new RegExp(`^${source}$`)
    expressions.set(glob, expression)
  }
  return expression
}

/** Static and dynamic imports and re-exports. `import { type A }` counts as a type import if all its names are types. */
function* imports(code) {
  const statement = /(?:^|[;\n])\s*(?:import|export)\s+(type\s+)?(?:([\w*\s{},$]+?)\s+from\s+)?(['"])([^'"\n]+)\3/g
  for (const [, typeWord, names, , specifier] of code.matchAll(statement)) {
    const braces = names?.match(/^\{([^}]*)\}$/)
    const everyNameIsType =
      Boolean(braces?.[1].trim()) && braces[1].split(',').every((name) => /^\s*(type\s|$)/.test(name))
    yield { specifier, typeOnly: Boolean(typeWord) || everyNameIsType }
  }
  for (const [, , specifier] of code.matchAll(/\bimport\(\s*(['"])([^'"\n]+)\1/g)) yield { specifier, typeOnly: false }
}

function withoutComments(text) {
  const token = /('(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`)|\/\*[\s\S]*?\*\/|\/\/[^\n]*/g
  return text.replace(token, (_, string) => string ?? ' ')
}

function packageName(specifier) {
  if (specifier.startsWith('node:')) return specifier
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

function sourceFiles(root) {
  const found = []
  const visit = (folder) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (entry.name === 'node_modules' || entry.name.startsWith('dist') || entry.name.startsWith('.')) continue
      const path = join(folder, entry.name)
      if (entry.isDirectory()) visit(path)
      else if (/\.[cm]?[jt]sx?$/.test(entry.name) && !/\.test\.[cm]?[jt]sx?$/.test(entry.name)) {
        found.push(relative(root, path).split(sep).join('/'))
      }
    }
  }
  visit(root)
  return found.sort()
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const root = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))))
  const violations = importViolations(root)
  for (const line of violations) process.stdout.write(`${line}\n`)
  process.exitCode = violations.length === 0 ? 0 : 1
}
