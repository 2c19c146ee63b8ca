// An input as a tree, to be written as JSON or as a form. It can also hold what no writer would make (`1e400`, a lone
// surrogate, deep nesting, fields without order), and values that are known only when a request is sent, such as a token
// of a user that must be alive then.

/** A piece of JSON text, right or wrong, written as it is. Long ones are made when they are sent. */
export class RawJson {
  readonly name: string
  /** So long that sending it to everything would take long as well. */
  readonly long: boolean
  readonly #make: () => string
  constructor(name: string, make?: () => string) {
    this.name = name
    this.long = make !== undefined
    this.#make = make ?? (() => name)
  }
  get text(): string {
    return this.#make()
  }
}

/** Changes a value in a way that its reader must notice. */
export interface Damage {
  readonly name: string
  apply(text: string): string
}

/** A value of the world that a request goes to (world.ts), possibly damaged. */
export class Known {
  readonly what: string
  readonly damage: Damage | undefined
  constructor(what: string, damage?: Damage) {
    this.what = what
    this.damage = damage
  }
}

/** Fields of a form for the member with the name `prefix`, right or wrong, written as they are. */
export class RawForm {
  readonly name: string
  /** So long that sending it to everything would take long as well. */
  readonly long: boolean
  readonly fields: (prefix: string) => string
  constructor(name: string, fields: (prefix: string) => string, long = false) {
    this.name = name
    this.fields = fields
    this.long = long
  }
}

const KEY_MARK = '\u{e000}'

/** The key of a member whose name is known only when a request is sent, such as the provider name of a new user pool. */
export const knownKey = (what: string): string => KEY_MARK + what

const keyText = (key: string, look: Look): string =>
  key.startsWith(KEY_MARK) ? look(new Known(key.slice(KEY_MARK.length))) : key

export type Tree =
  | null
  | boolean
  | number
  | string
  | RawJson
  | RawForm
  | Known
  | readonly Tree[]
  | { readonly [member: string]: Tree }

export const isMembers = (tree: Tree | undefined): tree is { readonly [member: string]: Tree } =>
  typeof tree === 'object' &&
  tree !== null &&
  !Array.isArray(tree) &&
  !(tree instanceof RawJson) &&
  !(tree instanceof RawForm) &&
  !(tree instanceof Known)

/** Finds the value of a known one. */
export type Look = (known: Known) => string

/** The JSON text of a tree. */
export function toText(tree: Tree, look: Look): string {
  if (tree instanceof RawJson) return tree.text
  if (tree instanceof RawForm) return JSON.stringify(tree.fields('field'))
  if (tree instanceof Known) return JSON.stringify(look(tree))
  if (Array.isArray(tree)) return `[${tree.map((item) => toText(item, look)).join(',')}]`
  if (isMembers(tree))
    return `{${Object.keys(tree)
      .map((member) => `${JSON.stringify(keyText(member, look))}:${toText(tree[member] as Tree, look)}`)
      .join(',')}}`
  return JSON.stringify(tree)
}

/** The fields of a tree in a form of the query protocol. */
export function toForm(tree: Tree, look: Look, prefix = ''): string[] {
  const field = (text: string): string[] => [`${encodeURIComponent(prefix)}=${encodeURIComponent(text.toWellFormed())}`]
  if (tree instanceof RawForm) return [tree.fields(prefix)]
  if (tree instanceof RawJson) return field(tree.text)
  if (tree instanceof Known) return field(look(tree))
  if (tree === null) return []
  if (Array.isArray(tree))
    return tree.length === 0
      ? field('')
      : tree.flatMap((item, at) => toForm(item as Tree, look, `${prefix}.member.${at + 1}`))
  if (isMembers(tree))
    return Object.keys(tree).flatMap((member) =>
      toForm(tree[member] as Tree, look, `${prefix === '' ? '' : `${prefix}.`}${keyText(member, look)}`),
    )
  return field(String(tree))
}

/** Every known value in a tree. */
export function knownIn(tree: Tree): Known[] {
  if (tree instanceof Known) return [tree]
  if (Array.isArray(tree)) return tree.flatMap(knownIn)
  if (!isMembers(tree)) return []
  const keys = Object.keys(tree).filter((key) => key.startsWith(KEY_MARK))
  return [...keys.map((key) => new Known(key.slice(KEY_MARK.length))), ...Object.values(tree).flatMap(knownIn)]
}

/** A tree for people: short, with names in place of known values. */
export function describe(tree: Tree): string {
  if (tree instanceof RawJson || tree instanceof RawForm) return `<${shorten(tree.name)}>`
  if (tree instanceof Known) return `<${tree.what}${tree.damage ? `, ${tree.damage.name}` : ''}>`
  if (Array.isArray(tree))
    return `[${tree.slice(0, 5).map(describe).join(', ')}${tree.length > 5 ? `, … ${tree.length} items` : ''}]`
  if (!isMembers(tree)) return shorten(JSON.stringify(tree))
  const members = Object.keys(tree)
  const shown = members.slice(0, 20).map((member) => `${shorten(member)}: ${describe(tree[member] as Tree)}`)
  return `{${shown.join(', ')}${members.length > 20 ? `, … ${members.length} members` : ''}}`
}

const shorten = (text: string): string =>
  text.length <= 120 ? text : `${text.slice(0, 60)}…(${text.length} characters)…${text.slice(-20)}`

/** The tree with `value` at a path; `undefined` takes the member away. A path that leads nowhere changes nothing. */
export function replaceAt(tree: Tree, [key, ...rest]: readonly (string | number)[], value: Tree | undefined): Tree {
  if (key === undefined) return value ?? null
  if (Array.isArray(tree))
    return tree.map((item, position) => (position === key ? replaceAt(item, rest, value) : item)) as Tree[]
  if (!isMembers(tree)) return tree
  const members = { ...tree }
  if (rest.length === 0 && value === undefined) delete members[key]
  else if (rest.length === 0) define(members, String(key), value as Tree)
  else if (Object.hasOwn(members, key)) define(members, String(key), replaceAt(members[key] as Tree, rest, value))
  return members
}

// A plain assignment of `__proto__` would set the prototype.
function define(members: Record<string, Tree>, member: string, value: Tree): void {
  Object.defineProperty(members, member, { value, enumerable: true, configurable: true, writable: true })
}
