/** Malformed requests out of the declared schemas: nearly right ones with one thing wrong, right ones with values at the edge, and rubbish. */
import { z } from 'zod'
import { Random } from '@/models/train/random'

export interface Schema {
  type?: string
  enum?: unknown[]
  const?: unknown
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  format?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  minimum?: number
  maximum?: number
  default?: unknown
}

/** Strings that something, somewhere, has taken badly. */
export const strings: readonly string[] = [
  ...['', ' ', '\0', 'a\0b', '\ud800', 'x\udfff', '\u202e', '\ufeff', '\u200b', '‱', '😀'.repeat(30), 'ﷺ'.repeat(50)],
  ...["' OR 1=1 --", '"; DROP TABLE message; --', '%', '_%', '\\', '\\x', '$1', ':id', '{{7*7}}', '../../etc/passwd'],
  ...[
    '{"$ne":null}',
    '[object Object]',
    'undefined',
    'null',
    'NaN',
    'true',
    '-0',
    '1e309',
    '9'.repeat(40),
    '0x10',
    '１２',
  ],
  ...[
    '00000000-0000-0000-0000-000000000000',
    'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF',
    '0199a000-0000-7000-8000-00000000000g',
  ],
  ...[
    '+275760-09-13T00:00:00Z',
    '0000-01-01T00:00:00Z',
    '9999-12-31T23:59:59.999Z',
    '2026-02-30T00:00:00Z',
    '2026-11-30T25:00:00+99:99',
  ],
  ...[
    'a'.repeat(300),
    'x'.repeat(9_000),
    'e\u0301'.repeat(200),
    'a@b',
    'a,b,,c',
    '\r\nset-cookie: x=y',
    'javascript:1',
    '<script>',
  ],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty'],
]
const numbers = [
  0,
  -0,
  -1,
  1,
  1.5,
  2 ** 31 - 1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 53 - 1,
  2 ** 53,
  1e21,
  1e308,
  -1e308,
  0.1 + 0.2,
]
const others = [
  null,
  true,
  false,
  [],
  {},
  [[]],
  [null],
  [{}],
  { a: { b: { c: [] } } },
  JSON.parse('{"__proto__":{"admin":true}}'),
]

export class Bodies {
  readonly #random: () => number
  /** Ids that exist, so that requests get further. */
  ids: string[] = []
  /** More strings to try, such as addresses that must not be asked. */
  more: string[] = []
  readonly #schemas = new WeakMap<z.ZodType, Schema>()

  constructor(seed: number) {
    const random = new Random(seed)
    this.#random = () => random.float()
  }

  below = (most: number): number => Math.floor(this.#random() * most)
  pick = <T>(from: readonly T[]): T => from[this.below(from.length)] as T
  chance = (share: number): boolean => this.#random() < share

  schemaOf(input: z.ZodType): Schema {
    const known = this.#schemas.get(input) ?? (z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' }) as Schema)
    this.#schemas.set(input, known)
    return known
  }

  anything = (): unknown => {
    const kind = this.below(10)
    if (kind < 6) return this.string()
    return kind < 8 ? this.pick(numbers) : this.pick(others)
  }
  string = (): string => (this.more.length && this.chance(0.3) ? this.pick(this.more) : this.pick(strings))

  /** A value as the schema asks for it; often at its edges, which only a deeper look would refuse. */
  fitting(schema: Schema): unknown {
    const choice = schema.anyOf ?? schema.oneOf
    if (choice) return this.fitting(this.pick(choice))
    if (schema.allOf) return Object.assign({}, ...schema.allOf.map((one) => this.fitting(one)))
    if (schema.const !== undefined) return schema.const
    if (schema.enum) return this.pick(schema.enum)
    if (schema.type === 'object' || schema.properties) {
      const all = Object.entries(schema.properties ?? {})
      const kept = all.filter(([name]) => schema.required?.includes(name) || this.chance(0.5))
      return Object.fromEntries(kept.map(([name, one]) => [name, this.fitting(one)]))
    }
    if (schema.type === 'array') return Array.from({ length: this.below(4) }, () => this.fitting(schema.items ?? {}))
    if (schema.type === 'boolean') return this.chance(0.5)
    if (schema.type === 'null') return null
    if (schema.type === 'integer' || schema.type === 'number')
      return this.chance(0.5) ? (schema.minimum ?? 1) : this.pick([...numbers, schema.maximum ?? 2 ** 31])
    if (schema.format === 'uuid') return this.pick(this.ids)
    if (schema.format === 'date-time') return this.pick(['2030-01-01T00:00:00Z', ...strings.slice(26, 31)])
    return this.chance(0.4) ? this.pick(['name', 'Order 42', '退款', 'refund', ...this.ids]) : this.string()
  }

  /** The value with one thing in it gone, turned into something else, or added. */
  bent(value: unknown): unknown {
    if (Array.isArray(value)) {
      if (!value.length || this.chance(0.3))
        return this.pick<unknown>([this.anything(), [...value, this.anything()], Array(600).fill('x')])
      const at = this.below(value.length)
      return value.map((one, place) => (place === at ? this.bent(one) : one))
    }
    if (value && typeof value === 'object') {
      const names = Object.keys(value)
      if (!names.length || this.chance(0.2))
        return { ...value, [this.pick([...strings, 'accountId', 'role', 'id'])]: this.anything() }
      const name = this.pick(names)
      const { [name]: one, ...rest } = value as Record<string, unknown>
      return this.chance(0.15) ? rest : { ...rest, [name]: this.bent(one) }
    }
    return this.anything()
  }

  /** What the schema refuses: a fitting value bent, or no JSON at all. Schemas that take anything are bent in vain. */
  malformed(input: z.ZodType): Buffer {
    if (this.chance(0.05)) return this.rubbish()
    for (let turn = 0; turn < 6; turn++) {
      const bent = this.bent(this.fitting(this.schemaOf(input)))
      if (!input.safeParse(bent).success) return Buffer.from(JSON.stringify(bent) ?? '')
    }
    return this.rubbish()
  }

  /** As the schema asks for it, at its edges. */
  edge(input: z.ZodType): Buffer {
    return Buffer.from(JSON.stringify(this.fitting(this.schemaOf(input))))
  }

  rubbish(): Buffer {
    const texts = [
      '',
      '{',
      '[1,',
      'null',
      '[]',
      '"x"',
      '1',
      '{"a":1,}',
      '\ufeff{}',
      '{"a":1,"a":2}',
      '['.repeat(2_000),
      'NaN',
      "{'a':1}",
    ]
    const broken = [
      Buffer.from([0xff, 0xfe, 0x00]),
      Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]),
      Buffer.alloc(64),
    ]
    return this.chance(0.7) ? Buffer.from(this.pick(texts)) : this.pick(broken)
  }

  /** As a query: what is no string is written as JSON or left as it prints. */
  query(input: z.ZodType): string {
    const value = this.fitting(this.schemaOf(input))
    const bent = this.chance(0.5) ? this.bent(value) : value
    const pairs = bent && typeof bent === 'object' ? Object.entries(bent) : [['q', bent]]
    const words = pairs.map(
      ([name, one]) => `${encode(String(name))}=${encode(typeof one === 'string' ? one : JSON.stringify(one))}`,
    )
    if (this.chance(0.1)) words.push(this.pick(['%', '&&', '%ff=%fe', 'q=1&q=2', 'limit=-1']))
    return words.join('&')
  }

  segment(): string {
    return encode(this.pick<string>([...this.ids, ...strings, '1', '2147483648', 'refund', '9'.repeat(20)]) || 'x')
  }
}

const encode = (text: string | undefined): string => encodeURIComponent((text ?? '').toWellFormed())
