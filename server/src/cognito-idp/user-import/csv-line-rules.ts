// One line of an import's CSV as its fields. Pure. docs/reference/user-pools.md 16: fields are separated by commas and
// trimmed, and `\,` is a comma of the value. Fields in double quotes, as spreadsheets write them, are read too
// (docs/behaviour/user-import.md). A line is a row: a line break is never part of a field, so a quote that is not closed
// costs its own line and not all that follow.

export type Fields = { fields: string[] } | { problem: string }

/** The fields of a line without its line break. */
export function fieldsOf(line: string): Fields {
  const fields: string[] = []
  let at = 0
  for (;;) {
    while (line[at] === ' ' || line[at] === '\t') at++
    const field = line[at] === '"' ? quotedField(line, at + 1) : plainField(line, at)
    if (typeof field === 'string') return { problem: field }
    fields.push(field.value)
    if (field.end >= line.length) return { fields }
    at = field.end + 1
  }
}

/** `end`: the position of the comma after the field, or of the end of the line. */
interface Field {
  value: string
  end: number
}

function plainField(line: string, start: number): Field {
  let end = line.indexOf(',', start)
  while (end > start && line[end - 1] === '\\') end = line.indexOf(',', end + 1)
  if (end < 0) end = line.length
  const text = line.slice(start, end)
  return { value: (text.includes('\\,') ? text.replaceAll('\\,', ',') : text).trim(), end }
}

function quotedField(line: string, start: number): Field | string {
  let quote = line.indexOf('"', start)
  while (quote >= 0 && line[quote + 1] === '"') quote = line.indexOf('"', quote + 2)
  if (quote < 0) return 'A quoted field is not closed.'
  let end = quote + 1
  while (line[end] === ' ' || line[end] === '\t') end++
  if (end < line.length && line[end] !== ',') return 'A quoted field is followed by other characters.'
  return { value: line.slice(start, quote).replaceAll('""', '"').trim(), end }
}
