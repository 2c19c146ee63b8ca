// What is counted for each combination of a few labels. The cell of a combination is found through maps of maps, so that
// counting what was counted before makes nothing anew.

type Labels<Names extends readonly string[]> = { readonly [Index in keyof Names]: string }

export interface Cells<Names extends readonly string[], Cell> {
  /** The cell of these labels, in the order of the names; made at its first use. */
  at(...labels: Labels<Names>): Cell
  /** Every cell with its labels, in the order in which they were first used. */
  all(): readonly { readonly labels: Readonly<Record<string, string>>; readonly cell: Cell }[]
}

type Branch = Map<string, unknown>

/** `names` are those of the labels, one or more; `make` makes a cell. */
export function createCells<const Names extends readonly string[], Cell>(
  names: Names,
  make: () => Cell,
): Cells<Names, Cell> {
  const root: Branch = new Map()
  const made: { labels: Record<string, string>; cell: Cell }[] = []
  const last = names.length - 1

  function add(branch: Branch, labels: readonly string[]): Cell {
    const cell = make()
    branch.set(labels[last] as string, cell)
    made.push({ labels: Object.fromEntries(names.map((name, i) => [name, labels[i] as string])), cell })
    return cell
  }

  return {
    at(...labels: readonly string[]) {
      let branch = root
      for (let i = 0; i < last; i++) {
        const label = labels[i] as string
        let next = branch.get(label) as Branch | undefined
        if (!next) {
          next = new Map()
          branch.set(label, next)
        }
        branch = next
      }
      return (branch.get(labels[last] as string) as Cell | undefined) ?? add(branch, labels)
    },
    all: () => made,
  }
}
