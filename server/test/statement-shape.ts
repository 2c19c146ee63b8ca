// Whether a statement stays on one shard of an engine that distributes tables (database/placements.ts), decided from
// Kysely's query nodes. It does when the distribution column of each distributed table in it is compared with a
// parameter, or equated with the column of a co-located table, and all of them with the same parameter. A subquery must
// satisfy this by itself. Several values of one column go to several shards, each for its own rows.
import type {
  AliasNode,
  BinaryOperationNode,
  ColumnNode,
  DeleteQueryNode,
  FromNode,
  IdentifierNode,
  InsertQueryNode,
  JoinNode,
  OperationNode,
  OperatorNode,
  ReferenceNode,
  SelectQueryNode,
  TableNode,
  UpdateQueryNode,
} from 'kysely'
import { colocationOf, type Placement, placements, type TableName } from '../src/database/placements.ts'

type Query = SelectQueryNode | InsertQueryNode | UpdateQueryNode | DeleteQueryNode

/** Why a statement would leave its shard, in words; empty when it does not. */
export function shardProblems(statement: OperationNode): string[] {
  const withNames = new Set(nodesIn(statement).flatMap(nameOfWith))
  const scopes = nodesIn(statement).filter(isQuery)
  const problems = nodesIn(statement).flatMap(rawProblems)
  if (scopes.length === 0) problems.push('is no query')
  const shards = new Map<string, string>()
  for (const scope of scopes) {
    const tables = tablesOf(scope)
    if (tables.length === 0) problems.push('a select reads no table')
    for (const [alias, name] of tables) {
      if (name === undefined || withNames.has(name)) continue
      const placement = (placements as Record<string, Placement | undefined>)[name]
      if (placement === undefined) problems.push(`${name} has no placement`)
      if (placement === undefined || placement === 'reference') continue
      if (writtenColumns(scope).includes(placement.by)) problems.push(`${name}.${placement.by} is changed`)
      const value =
        scope.kind === 'InsertQueryNode'
          ? insertedValue(scope, placement.by)
          : valuesAsked(scope, tables).get(`${alias}.${placement.by}`)
      if (value === undefined) problems.push(`${alias}.${placement.by} is not given`)
      else shards.set(`${colocationOf(name as TableName)} ${value}`, `${alias}.${placement.by}`)
    }
  }
  if (shards.size > 1) problems.push(`asks different shards: ${[...shards.values()].join(', ')}`)
  return problems
}

const isQuery = (node: OperationNode): node is Query =>
  ['SelectQueryNode', 'InsertQueryNode', 'UpdateQueryNode', 'DeleteQueryNode'].includes(node.kind)

/** A node with all below it, nested queries, too. */
function nodesIn(node: OperationNode): OperationNode[] {
  const below = Object.values(node).flat().filter(isNode)
  return [node, ...below.flatMap(nodesIn)]
}

const isNode = (value: unknown): value is OperationNode =>
  typeof value === 'object' && value !== null && 'kind' in value

// `asc` and `desc` are raw, too; what reads a table has to be built.
function rawProblems(node: OperationNode): string[] {
  if (node.kind !== 'RawNode') return []
  const text = (node as OperationNode & { sqlFragments: readonly string[] }).sqlFragments.join('?')
  return /\b(select|from|join|update|insert|delete|with)\b/i.test(text) ? [`is raw: ${text}`] : []
}

function nameOfWith(node: OperationNode): string[] {
  if (node.kind !== 'CommonTableExpressionNode') return []
  const { name } = node as OperationNode & { name: { table: TableNode } }
  return [name.table.table.identifier.name]
}

/** The tables of a query, without those of its subqueries; a subquery in the place of a table has no name. */
function tablesOf(query: Query): [alias: string, name: string | undefined][] {
  const { into, table, from, using, joins } = query as {
    into?: TableNode
    table?: OperationNode
    from?: FromNode
    using?: { tables: readonly OperationNode[] }
    joins?: readonly JoinNode[]
  }
  const nodes = [
    into,
    table,
    ...(from?.froms ?? []),
    ...(using?.tables ?? []),
    ...(joins ?? []).map((join) => join.table),
  ]
  return nodes.filter((node) => node !== undefined).flatMap(tableOf)
}

function tableOf(node: OperationNode): [alias: string, name: string | undefined][] {
  if (node.kind === 'ListNode') return (node as OperationNode & { items: OperationNode[] }).items.flatMap(tableOf)
  const aliased = node.kind === 'AliasNode' ? (node as AliasNode).node : node
  const name = aliased.kind === 'TableNode' ? (aliased as TableNode).table.identifier.name : undefined
  const alias = node.kind === 'AliasNode' ? ((node as AliasNode).alias as IdentifierNode).name : (name ?? '')
  return [[alias, name]]
}

const writtenColumns = (query: Query): string[] =>
  query.kind === 'UpdateQueryNode'
    ? (query.updates ?? []).map(({ column }) => columnNameOf(column)).filter((name) => name !== undefined)
    : []

const columnNameOf = (node: OperationNode): string | undefined => {
  const column = node.kind === 'ReferenceNode' ? (node as ReferenceNode).column : node
  return column.kind === 'ColumnNode' ? (column as ColumnNode).column.name : undefined
}

/** What an insert writes into a column, for all of its rows; undefined when that is no parameter. */
function insertedValue({ columns, values }: InsertQueryNode, column: string): string | undefined {
  const place = (columns ?? []).findIndex((node) => columnNameOf(node) === column)
  if (place < 0 || values?.kind !== 'ValuesNode') return undefined
  const rows = (values as OperationNode & { values: (OperationNode & { values: unknown[] })[] }).values
  const written = rows.map((row) => parameterIn(row.values[place]))
  return written.includes(undefined) ? undefined : [...new Set(written)].join()
}

/** For each column of the query's tables (`alias.column`) that is bound to parameters: which. */
function valuesAsked(query: Query, tables: readonly [alias: string, name: string | undefined][]): Map<string, string> {
  const known = new Map<string, string>()
  const only = tables.length === 1 ? tables[0]?.[0] : undefined
  const nameOf = (node: OperationNode): string | undefined => {
    const column = columnNameOf(node)
    const alias = (node as Partial<ReferenceNode>).table?.table.identifier.name ?? only
    return column === undefined || !tables.some(([own]) => own === alias) ? undefined : `${alias}.${column}`
  }
  const conditions = conditionsOf(query)
  // Repeat as often as a value can be passed on from column to column by equations.
  for (const _ of conditions) {
    for (const { left, operator, right, binds } of conditions) {
      for (const [one, other] of [
        [left, right],
        [right, left],
      ] as const) {
        const name = nameOf(one)
        if (name === undefined || (binds !== undefined && !name.startsWith(`${binds}.`))) continue
        const fromColumn = operator === '=' ? known.get(nameOf(other) ?? '') : undefined
        const value = fromColumn ?? (operator === 'in' ? listOf(other) : parameterIn(other))
        if (value !== undefined) known.set(name, value)
      }
    }
  }
  return known
}

interface Condition {
  left: OperationNode
  operator: '=' | 'in'
  right: OperationNode
  /** The only table whose rows it chooses: the right side of a left join. Undefined: any. */
  binds: string | undefined
}

/** The comparisons of a query that every row of its result meets. */
function conditionsOf(query: Query): Condition[] {
  const { where, joins } = query as Partial<SelectQueryNode>
  return [...comparisonsIn(where?.where, undefined), ...(joins ?? []).flatMap(conditionsOfJoin)]
}

function conditionsOfJoin({ joinType, on, table }: JoinNode): Condition[] {
  if (joinType !== 'InnerJoin' && joinType !== 'LeftJoin') return []
  return comparisonsIn(on?.on, joinType === 'LeftJoin' ? tableOf(table)[0]?.[0] : undefined)
}

function comparisonsIn(node: OperationNode | undefined, binds: string | undefined): Condition[] {
  if (node === undefined) return []
  if (node.kind === 'ParensNode') return comparisonsIn((node as OperationNode & { node: OperationNode }).node, binds)
  if (node.kind === 'AndNode') {
    const { left, right } = node as OperationNode & { left: OperationNode; right: OperationNode }
    return [...comparisonsIn(left, binds), ...comparisonsIn(right, binds)]
  }
  if (node.kind !== 'BinaryOperationNode') return []
  const { leftOperand: left, operator: sign, rightOperand: right } = node as BinaryOperationNode
  const { operator } = sign as OperatorNode
  return operator === '=' || operator === 'in' ? [{ left, operator, right, binds }] : []
}

/** A parameter as text that is the same for the same value; undefined when a node is none. */
function parameterIn(node: unknown): string | undefined {
  if (!isNode(node)) return typeof node === 'object' && node !== null ? undefined : JSON.stringify(node)
  return node.kind === 'ValueNode' ? JSON.stringify((node as OperationNode & { value: unknown }).value) : undefined
}

function listOf(node: OperationNode): string | undefined {
  if (node.kind !== 'PrimitiveValueListNode' && node.kind !== 'ValueListNode') return undefined
  const values = (node as OperationNode & { values: unknown[] }).values.map(parameterIn)
  return values.includes(undefined) ? undefined : values.join()
}
