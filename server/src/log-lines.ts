// A line of the log as a person reads it in a terminal; machines get JSON (log.ts). Pure.
const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

/**
 * `21:06:27 info  request operation=SignUp outcome=ok ms=25.2`, with the stack of an error on the lines below. What could
 * steer a terminal is escaped: some values come from clients.
 */
export function readableLine(json: string): string {
  const { level, time, msg, err, ...fields } = JSON.parse(json) as Record<string, unknown>
  const at = new Date(Number(time)).toTimeString().slice(0, 8)
  const values = Object.entries(fields).map(([name, value]) => `${plain(name)}=${valueText(value)}`)
  const head = [at, (LEVELS[Number(level)] ?? String(level)).padEnd(5), plain(String(msg ?? '')), ...values].join(' ')
  return `${head}\n${err === undefined ? '' : errorText(err)}`
}

const valueText = (value: unknown): string =>
  typeof value === 'string' && /^[\w./:@+*|,-]+$/.test(value) ? value : plain(JSON.stringify(value))

function errorText(err: unknown): string {
  const { stack, message } = err as { stack?: string; message?: string }
  const lines = (stack ?? message ?? JSON.stringify(err)).split('\n')
  return lines.map((line) => `    ${plain(line)}\n`).join('')
}

// C0, DEL, C1, and the marks that turn the direction of text.
const STEERING = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu

const plain = (text: string): string =>
  text.replace(STEERING, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
