// What the two commands print: lines, and in a terminal a bar that is drawn again and again.

export interface Output {
  print(text: string): void
  /** Whether somebody watches a terminal. */
  readonly live: boolean
}

const WIDTH = 24
const number = (value: number): string => Math.round(value).toLocaleString('en')

/**
 * `[######------------------]  25 %  1,000 of 4,000 users  5,000 a second`. Without a total (0) it has no bar; `seconds`:
 * since the start. Pure.
 */
export function progressLine(done: number, total: number, what: string, seconds: number): string {
  const rate = seconds > 0 ? `  ${number(done / seconds)} a second` : ''
  if (total <= 0) return `${number(done)} ${what}${rate}`
  const share = Math.min(1, done / total)
  const full = Math.floor(share * WIDTH)
  const percent = String(Math.floor(share * 100)).padStart(3)
  return `[${'#'.repeat(full)}${'-'.repeat(WIDTH - full)}] ${percent} %  ${number(done)} of ${number(total)} ${what}${rate}`
}

export interface Progress {
  /** Draws anew, where somebody watches; not more often than a person sees. */
  show(done: number, total: number): void
  /** Writes the last state as a line of its own. */
  end(done: number, total: number): void
}

const DRAW_MS = 100

export function startProgress({ print, live }: Output, what: string): Progress {
  const startedAt = performance.now()
  let drawnAt = Number.NEGATIVE_INFINITY
  let length = 0
  const draw = (done: number, total: number): void => {
    const line = progressLine(done, total, what, (performance.now() - startedAt) / 1000)
    print(`${live ? '\r' : ''}${line.padEnd(length)}`)
    length = live ? line.length : 0
  }
  return {
    show(done, total) {
      if (!live || performance.now() - drawnAt < DRAW_MS) return
      drawnAt = performance.now()
      draw(done, total)
    },
    end(done, total) {
      draw(done, total)
      print('\n')
    },
  }
}
