/** Reads schema.prisma far enough to compare it with a database: tables, columns, types, nullability, defaults, keys. */

export interface Column {
  type: string
  nullable: boolean
  hasDefault: boolean
  /** A default that is an expression of the database, as it prints it. */
  computed?: string | undefined
}

export interface Table {
  columns: Map<string, Column>
  /** Column lists of @id, @@id, @unique and @@unique. */
  unique: string[]
  /** Column lists; "gin " stands before one of that kind. Partial ones are beyond Prisma and not here. */
  indexes: string[]
}

/** Prisma's scalar types as PostgreSQL names them (udt_name). */
const scalars: Record<string, string> = {
  String: 'text',
  Int: 'int4',
  BigInt: 'int8',
  Float: 'float8',
  Boolean: 'bool',
  DateTime: 'timestamptz',
  Bytes: 'bytea',
  Json: 'jsonb',
}
const natives: Record<string, string> = { Uuid: 'uuid', Real: 'float4', Timestamptz: 'timestamptz', Date: 'date' }

const snake = (line: string, name: string): string => /@map\("(\w+)"\)/.exec(line)?.[1] ?? name

export function readDatamodel(text: string): Map<string, Table> {
  const tables = new Map<string, Table>()
  for (const [, model, body] of text.matchAll(/^model (\w+) \{\n([\s\S]*?)^\}/gm)) {
    const columns = new Map<string, Column>()
    const mapped = new Map<string, string>()
    const unique: string[] = []
    const indexes: string[] = []
    const lines = (body as string).split('\n').map((line) => line.trim())
    for (const line of lines) {
      const field = /^(\w+)\s+(\w+)(\[\])?(\?)?(?:\s|$)/.exec(line)
      if (!field || line.startsWith('//') || line.startsWith('@@')) continue
      const [, name = '', type = '', list, optional] = field
      const scalar = scalars[type]
      if (!scalar) continue
      const column = snake(line, name)
      mapped.set(name, column)
      const native = natives[/@db\.(\w+)/.exec(line)?.[1] ?? ''] ?? scalar
      // A list is never null for Prisma; it writes an empty one, and the column itself stays nullable.
      columns.set(column, {
        type: list ? `_${native}` : native,
        nullable: Boolean(optional || list),
        hasDefault: line.includes('@default('),
        computed: /@default\(dbgenerated\("(.+?)"\)\)/.exec(line)?.[1],
      })
      if (/@(id|unique)\b/.test(line)) unique.push(column)
    }
    for (const line of lines) {
      const block = /^@@(id|unique|index)\(\[([^\]]+)\]/.exec(line)
      if (!block) continue
      const list = (block[2] as string)
        .split(/,\s*(?![^(]*\))/)
        .map((part) => mapped.get(part.trim().replace(/\(.*/, '')) ?? `?${part}`)
      const kind = line.includes('type: Gin') ? 'gin ' : ''
      ;(block[1] === 'index' ? indexes : unique).push(kind + list.join())
    }
    tables.set(/@@map\("(\w+)"\)/.exec(body as string)?.[1] ?? (model as string), { columns, unique, indexes })
  }
  return tables
}

/** One sentence per difference. */
export function compare(wanted: Map<string, Table>, have: Map<string, Table>): string[] {
  const faults: string[] = []
  for (const name of have.keys()) if (!wanted.has(name)) faults.push(`${name} is in the database only`)
  for (const [name, table] of wanted) {
    const real = have.get(name)
    if (!real) {
      faults.push(`${name} is in the schema only`)
      continue
    }
    for (const column of real.columns.keys())
      if (!table.columns.has(column)) faults.push(`${name}.${column} is in the database only`)
    for (const [column, asked] of table.columns) {
      const found = real.columns.get(column)
      if (!found) faults.push(`${name}.${column} is in the schema only`)
      else if (found.type !== asked.type)
        faults.push(`${name}.${column} is ${found.type}, the schema says ${asked.type}`)
      else if (found.nullable !== asked.nullable)
        faults.push(`${name}.${column} is ${found.nullable ? '' : 'not '}nullable, the schema disagrees`)
      else if (asked.hasDefault && !found.hasDefault) faults.push(`${name}.${column} has no default in the database`)
      else if (asked.computed && asked.computed !== found.computed)
        faults.push(`${name}.${column} is by default ${found.computed}, the schema says ${asked.computed}`)
    }
    for (const key of table.unique) if (!real.unique.includes(key)) faults.push(`${name} has no unique key (${key})`)
    for (const key of table.indexes) if (!real.indexes.includes(key)) faults.push(`${name} has no index (${key})`)
    for (const key of real.unique)
      if (!table.unique.includes(key)) faults.push(`${name} has a unique key (${key}) in the database only`)
    for (const key of real.indexes)
      if (!table.indexes.includes(key)) faults.push(`${name} has an index (${key}) in the database only`)
  }
  return faults
}
