// From results to what people read: the tables on the terminal, the tables and plots of README.md.
// `node bench/report.mjs` writes the latter again from results/latest.json.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root } from './machine.mjs'
import { operations } from './operations.mjs'
import { barChart } from './svg.mjs'

const number = (value, places = 0) =>
  value === undefined
    ? '–'
    : value.toLocaleString('en', { minimumFractionDigits: places, maximumFractionDigits: places })
const percent = (value) => (value === undefined ? '–' : `${Math.round(value * 100)} %`)
const engineName = { sqlite: 'SQLite', postgres: 'PostgreSQL' }
const worldName = ({ engine, users }) => `${engineName[engine]}, ${number(users)} users`

/** Everything, for a terminal. */
export function textReport(report) {
  const parts = [
    tables(report)
      .map(({ title, head, rows }) => `${title}\n\n${asText(head, rows)}`)
      .join('\n\n'),
  ]
  const failures = failuresOf(report)
  if (failures.length > 0) parts.push(`Failures\n\n${failures.join('\n')}`)
  return `\n${parts.join('\n\n')}\n`
}

function tables(report) {
  return [
    machineTable(report),
    aimsTable(report.worlds),
    ...report.worlds.map((world) => worldTable(world, report.peer)),
    ...(report.peer ? [peerTable(report.peer)] : []),
    growthTable(report.worlds),
    startTable(report),
    ...report.worlds.filter(firstOfEngine).map(workTable),
  ].filter(Boolean)
}

const firstOfEngine = (world, position, worlds) =>
  worlds.findIndex(({ engine }) => engine === world.engine) === position

/** The aims, with the worst operation of each. */
function aimsTable(worlds) {
  const of = (world, names) => world.results.filter(({ operation }) => names.includes(operation))
  const worst = (results, value, show, compare) => {
    const known = results.filter((result) => value(result) !== undefined)
    if (known.length === 0) return '–'
    const found = known.reduce((a, b) => (compare(value(a), value(b)) ? a : b))
    return `${show(value(found))}, ${found.operation}`
  }
  const least = (results, value, show) => worst(results, value, show, (a, b) => a < b)
  const most = (results, value, show) => worst(results, value, show, (a, b) => a > b)
  const small = worlds.find(({ engine }) => engine === 'sqlite')
  const growth = (world) => (result) =>
    world === small || world.engine !== 'sqlite'
      ? undefined
      : growthOf(small.results.find(sameOperation(result)), result)
  const signIns = operations.filter(({ share }) => share !== undefined).map(({ name }) => name)
  return {
    title: 'Aims (the worst operation of each)',
    head: ['aim', ...worlds.map(worldName)],
    rows: [
      [
        'sign-ins and refresh: 60 % of the floor',
        ...worlds.map((world) => least(of(world, signIns), ({ ofFloor }) => ofFloor, percent)),
      ],
      ...[
        ['GetUser', '5,000'],
        ['pull, nothing new', '3,000'],
        ['push of one record', '1,500'],
      ].map(([name, aim]) => [
        `${name}: ${aim} for a core-second`,
        ...worlds.map((world) => least(of(world, [name]), ({ cpuMs }) => 1000 / cpuMs, number)),
      ]),
      [
        'p99 at half load: 15 ms',
        ...worlds.map((world) =>
          most(
            world.results,
            ({ halfLoad }) => halfLoad.p99Ms,
            (ms) => `${number(ms, 1)} ms`,
          ),
        ),
      ],
      [
        'CPU from 1,000 to 1,000,000 users: 1.3 times',
        ...worlds.map((world) => most(world.results, growth(world), (times) => number(times, 2))),
      ],
      ['start: 250 ms', ...worlds.map(({ startMs }) => `${number(startMs)} ms`)],
      ['memory when idle: 130 MB', ...worlds.map(({ idleMb }) => `${number(idleMb)} MB`)],
    ],
  }
}

const machineTable = ({ machine, floor }) => ({
  title: 'Machine and floor',
  head: ['what', 'value'],
  rows: [
    [
      'processor',
      `${machine.cpu}, ${machine.cores} cores (${machine.cpuPerCore}; PostgreSQL on ${machine.databaseCore})`,
    ],
    ['system', `Linux ${machine.kernel}, Node.js ${machine.node}, OpenSSL ${machine.openssl}, ${machine.memoryGb} GB`],
    ['commit, date', `${machine.commit}, ${machine.date.slice(0, 16).replace('T', ' ')} UTC`],
    ['exponentiation', `${number(floor.exponentiation, 3)} ms (3072 bits, exponent of 256 bits)`],
    ['signature', `${number(floor.signature, 3)} ms (RSA, 2048 bits)`],
    ['verification', `${number(floor.verification, 3)} ms (RSA, 2048 bits)`],
    ['verification of a passkey', `${number(floor.ecVerification, 3)} ms (ECDSA, P-256)`],
  ],
})

function worldTable(world, peer) {
  const onPostgres = world.engine === 'postgres'
  return {
    title: worldName(world),
    head: [
      'operation',
      'a second',
      'CPU ms',
      'floor ms',
      'of the floor',
      'for a core-second',
      'p50 ms',
      'p99 ms',
      ...(onPostgres ? ['database CPU ms'] : []),
      ...(peer && !onPostgres ? ['cognito-local a second'] : []),
    ],
    rows: world.results.map((result) => [
      result.operation,
      number(result.perSecond),
      number(result.cpuMs, 3),
      result.floorMs === 0 ? '–' : number(result.floorMs, 3),
      percent(result.ofFloor),
      number(1000 / result.cpuMs),
      number(result.halfLoad.p50Ms, 1),
      number(result.halfLoad.p99Ms, 1),
      ...(onPostgres ? [number(result.databaseCpuMs, 3)] : []),
      ...(peer && !onPostgres ? [number(peer.results.find(sameOperation(result))?.perSecond)] : []),
    ]),
  }
}

const sameOperation =
  ({ operation }) =>
  (other) =>
    other.operation === operation

const peerTable = (peer) => ({
  title: `cognito-local ${peer.version}, ${number(peer.users)} users`,
  head: ['operation', 'a second', 'CPU ms', 'p50 ms', 'p99 ms'],
  rows: peer.results.map((result) =>
    result.error
      ? [result.operation, 'fails', '–', '–', '–']
      : [
          result.operation,
          number(result.perSecond),
          number(result.cpuMs, 3),
          number(result.halfLoad.p50Ms, 1),
          number(result.halfLoad.p99Ms, 1),
        ],
  ),
})

function growthTable(worlds) {
  const [small, large] = worlds.filter(({ engine }) => engine === 'sqlite')
  if (!large) return undefined
  return {
    title: `CPU from ${number(small.users)} to ${number(large.users)} users (SQLite)`,
    head: ['operation', `${number(small.users)}: CPU ms`, `${number(large.users)}: CPU ms`, 'times'],
    rows: small.results.map((result) => {
      const other = large.results.find(sameOperation(result))
      return [result.operation, number(result.cpuMs, 3), number(other.cpuMs, 3), number(growthOf(result, other), 2)]
    }),
  }
}

const growthOf = (small, large) => large.cpuMs / small.cpuMs

const startTable = ({ worlds, peer }) => ({
  title: 'Start and memory',
  head: ['server', 'first start ms', 'start ms', 'first sign-in ms', 'idle MB', 'after the load MB'],
  rows: [
    ...worlds.map((world) => [
      worldName(world),
      number(world.firstStartMs),
      number(world.startMs),
      number(world.firstSignInMs),
      number(world.idleMb),
      number(world.loadedMb),
    ]),
    ...(peer ? [['cognito-local', '–', number(peer.startMs), '–', '–', number(peer.loadedMb)]] : []),
  ],
})

const workTable = ({ engine, work }) => ({
  title: `Work of each operation on ${engineName[engine]}`,
  head: [
    'operation',
    'statements',
    ...(engine === 'postgres' ? ['round trips'] : ['flushes']),
    'exponentiations',
    'signatures',
    'verifications',
  ],
  rows: work.map((one) => [
    one.operation,
    number(one.statements.length),
    number(engine === 'postgres' ? one.roundTrips : one.flushes),
    number(one.exponentiations),
    number(one.signatures),
    number(one.verifications),
  ]),
})

function failuresOf({ worlds, peer }) {
  const of = (where, results) =>
    results
      .filter(({ failed, error }) => failed > 0 || error)
      .map(
        ({ operation, failed, firstFailure, error }) =>
          `${where}, ${operation}: ${error ?? `${failed} times, first: ${firstFailure}`}`,
      )
  return [
    ...worlds.flatMap((world) => of(worldName(world), world.results)),
    ...(peer ? of('cognito-local', peer.results) : []),
  ]
}

function asText(head, rows) {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)))
  const line = (cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])))
      .join('  ')
      .trimEnd()
  return [head, ...rows].map(line).join('\n')
}

const asMarkdown = (head, rows) =>
  [
    `| ${head.join(' | ')} |`,
    `|${head.map((_, column) => (column === 0 ? '---' : '---:')).join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
  ].join('\n')

// README.md

/** Puts tables between the markers of README.md, and plots beside. */
export function writeReport(report) {
  const file = join(root, 'bench/README.md')
  const results = join(root, 'bench/results')
  const failures = failuresOf(report)
  const text = [
    ...tables(report).map(({ title, head, rows }) => `### ${title}\n\n${asMarkdown(head, rows)}`),
    ...(failures.length > 0 ? [`### Failures\n\n${failures.map((failure) => `- ${failure}`).join('\n')}`] : []),
  ].join('\n\n')
  const before = readFileSync(file, 'utf8')
  const after = before.replace(
    /(<!-- figures -->\n)[\s\S]*?(\n<!-- end of figures -->)/,
    (_, start, end) => `${start}\n${text}\n${end}`,
  )
  writeFileSync(file, after)
  writeFileSync(join(results, 'floor.svg'), floorPlot(report))
  writeFileSync(join(results, 'growth.svg'), growthPlot(report))
}

const plotted = (world, value) =>
  operations.map(({ name }) => value(world.results.find(({ operation }) => operation === name)))

function floorPlot({ worlds }) {
  const withFloor = operations.filter(({ floor }) => Object.keys(floor).length > 0)
  return barChart({
    title: 'CPU that cryptography makes unavoidable, in percent of all that the server used',
    labels: withFloor.map(({ name }) => name),
    series: worlds.map((world) => ({
      name: worldName(world),
      values: withFloor.map(
        ({ name }) => (world.results.find(({ operation }) => operation === name)?.ofFloor ?? 0) * 100,
      ),
    })),
    unit: '%',
    mark: { value: 60, text: 'aim of sign-ins and refresh' },
  })
}

function growthPlot({ worlds }) {
  return barChart({
    title: 'CPU of the server for each operation, in ms',
    labels: operations.map(({ name }) => name),
    series: worlds.map((world) => ({ name: worldName(world), values: plotted(world, (result) => result?.cpuMs ?? 0) })),
    unit: 'ms',
  })
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  writeReport(JSON.parse(readFileSync(join(root, 'bench/results/latest.json'), 'utf8')))
