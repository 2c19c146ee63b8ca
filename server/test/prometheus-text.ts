// Reads Prometheus' text format (0.0.4) as strictly as it is written down: a family is HELP, TYPE and samples in one block,
// names and labels have their letters, a series comes once, and the buckets of a histogram add up. Throws for what is not so.

export interface Sample {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = String.raw`([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"`
// Prometheus reads numbers without regard to case, and prom-client writes Nan.
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(.*)\\})? (-?[0-9.eE+-]+|[Nn]a[Nn]|[+-]?Inf)$`)
const HEAD = new RegExp(`^# (HELP|TYPE) (${NAME}) (.+)$`)

/** Every sample of the text. */
export function samplesOf(text: string): readonly Sample[] {
  if (!text.endsWith('\n')) throw new Error('The last line does not end.')
  const types = new Map<string, string>()
  const samples: Sample[] = []
  const series = new Set<string>()
  let family = ''
  for (const line of text.split('\n')) {
    if (line === '') continue
    const [, word, named = '', rest = ''] = HEAD.exec(line) ?? []
    if (word === 'HELP') {
      if (types.has(named)) throw new Error(`${named} comes twice.`)
      family = named
    } else if (word === 'TYPE') {
      if (named !== family || !['counter', 'gauge', 'histogram', 'summary'].includes(rest)) throw new Error(line)
      types.set(named, rest)
    } else {
      const sample = sampleOf(line)
      const type = types.get(family)
      const base = type === 'histogram' ? sample.name.replace(/_(?:bucket|sum|count)$/, '') : sample.name
      if (base !== family) throw new Error(`${line} is no sample of ${family}.`)
      const key = JSON.stringify([sample.name, Object.entries(sample.labels).sort()])
      if (series.has(key)) throw new Error(`${line} comes twice.`)
      series.add(key)
      samples.push(sample)
    }
  }
  for (const [name, type] of types) if (type === 'histogram') checkHistogram(name, samples)
  return samples
}

function sampleOf(line: string): Sample {
  const [, name, inside = '', number] = SAMPLE.exec(line) ?? []
  if (name === undefined || number === undefined) throw new Error(`No sample: ${line}`)
  if (inside !== '' && !new RegExp(`^${LABEL}(?:,${LABEL})*$`).test(inside)) throw new Error(`No labels: ${line}`)
  const labels: Record<string, string> = {}
  for (const [, label = '', value = ''] of inside.matchAll(new RegExp(LABEL, 'g'))) {
    if (Object.hasOwn(labels, label)) throw new Error(`${label} comes twice: ${line}`)
    labels[label] = value.replaceAll(/\\([\\"n])/g, (_, letter: string) => (letter === 'n' ? '\n' : letter))
  }
  const value = Number(number.replace('Inf', 'Infinity'))
  return { name, labels, value }
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  for (const { labels, value: count } of samples.filter((sample) => sample.name === `${name}_count`)) {
    const buckets = samples.filter(
      (sample) =>
        sample.name === `${name}_bucket` &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    const bounds = buckets.map(({ labels: { le = '' } }) => Number(le.replace('Inf', 'Infinity')))
    const values = buckets.map(({ value }) => value)
    const rises = (list: readonly number[]): boolean =>
      list.every((one, i) => i === 0 || one >= (list[i - 1] as number))
    if (!rises(bounds) || !rises(values) || bounds.at(-1) !== Number.POSITIVE_INFINITY || values.at(-1) !== count)
      throw new Error(`The buckets of ${name} ${JSON.stringify(labels)} do not add up.`)
  }
}

/** The value of the one series with this name and these labels among others; undefined when there is none. */
export function valueIn(
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined {
  const found = samples.filter(
    (sample) =>
      sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )
  if (found.length > 1) throw new Error(`${found.length} series of ${name} have ${JSON.stringify(labels)}.`)
  return found[0]?.value
}
