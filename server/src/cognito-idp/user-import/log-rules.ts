// The lines of an import's log: as Cognito writes them to CloudWatch Logs, and as they are stored. Pure.
// docs/reference/user-pools.md 16.

/** What became of a row; the header is line 1. */
export interface LogEntry {
  readonly line: number
  readonly word: 'SUCCEEDED' | 'SKIPPED' | 'FAILED'
  readonly text: string
}

const IMPORTED = 'The import succeeded.'

export const succeeded = (line: number): LogEntry => ({ line, word: 'SUCCEEDED', text: IMPORTED })

const shown = ({ line, word, text }: LogEntry): string => `[${word}] Line Number ${line} - ${text}`

/** One text of the entries of a step. Rows that follow one another and were imported are `<first>-<last>`: most are. */
export function packedLog(entries: readonly LogEntry[]): string {
  const lines: string[] = []
  let first = 0
  entries.forEach((entry, i) => {
    const next = entries[i + 1]
    if (entry.word !== 'SUCCEEDED') lines.push(shown(entry))
    else {
      if (first === 0) first = entry.line
      if (next?.word === 'SUCCEEDED' && next.line === entry.line + 1) return
      lines.push(`${first}-${entry.line}`)
      first = 0
    }
  })
  return lines.join('\n')
}

/** The lines of a packed log. */
export function logLines(packed: string): string[] {
  return packed.split('\n').flatMap((line) => {
    const [, first, last] = /^(\d+)-(\d+)$/.exec(line) ?? []
    if (first === undefined) return line
    return Array.from({ length: Number(last) - Number(first) + 1 }, (_, i) => shown(succeeded(Number(first) + i)))
  })
}
