/** Holds every request to Stripe's own parameter types: an unknown parameter, a wrong type or a missing one is refused. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { Ajv, type ValidateFunction } from 'ajv'
import { createGenerator, type Schema } from 'ts-json-schema-generator'

type Json = string | Json[] | { [key: string]: Json }

/** Stripe's form encoding: `items[0][price]=x` is a list of objects. */
export function parseForm(text: string): { [key: string]: Json } {
  const root: { [key: string]: Json } = {}
  for (const [name, value] of new URLSearchParams(text)) {
    const path = name.split(/\[|\]\[|\]$/).filter((part, at) => at === 0 || part !== '')
    let place: { [key: string]: Json } = root
    for (const part of path.slice(0, -1)) {
      place[part] ??= {}
      place = place[part] as { [key: string]: Json }
    }
    place[path.at(-1) as string] = value
  }
  return lists(root) as { [key: string]: Json }
}

/** Objects whose keys are 0, 1, 2 … are lists. */
function lists(value: Json): Json {
  if (typeof value !== 'object' || Array.isArray(value)) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, lists(inner)] as const)
  const isList = entries.length > 0 && entries.every(([key], at) => key === String(at))
  return isList ? entries.map(([, inner]) => inner) : Object.fromEntries(entries)
}

let validators: Map<string, ValidateFunction> | undefined

/** Reads the package's types, so that no request has to wait for it: on a slow machine longer than a client does. */
export function readTypes(): Map<string, ValidateFunction> {
  validators ??= readSchemas()
  return validators
}

function validatorOf(type: string): ValidateFunction {
  const found = readTypes().get(type)
  if (!found) throw new Error(`No parameters called ${type}`)
  return found
}

/** Reading the package's types takes seconds, on a busy machine a minute: the schemas are kept beside other built things. */
function readSchema(): Schema {
  const print = createHash('sha256').update(readFileSync('tests/kit/stripe/asked.ts'))
  print.update(readFileSync('node_modules/stripe/package.json'))
  const kept = resolve('.build', `stripe-schemas-${print.digest('hex').slice(0, 16)}.json`)
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'))
  const schema = createGenerator({
    path: resolve('tests/kit/stripe/asked.ts'),
    tsconfig: resolve('tsconfig.json'),
    type: '*',
    expose: 'export',
    topRef: false,
    skipTypeCheck: true,
    additionalProperties: false,
  }).createSchema('*')
  mkdirSync(resolve('.build'), { recursive: true })
  // Several test processes may do this at once.
  writeFileSync(`${kept}.${process.pid}`, JSON.stringify(schema))
  renameSync(`${kept}.${process.pid}`, kept)
  return schema
}

function readSchemas(): Map<string, ValidateFunction> {
  const schema = readSchema()
  const definitions = schema.definitions as Record<string, Schema>
  // A decimal is an object in the package and a text on the wire.
  for (const name of Object.keys(definitions))
    if (/(^|\.)Decimal$/.test(name)) definitions[name] = { type: 'string', pattern: '^-?\\d+(\\.\\d+)?$' }
  // Closed lists of words end in it there, so that code goes on to compile with words of later versions: any text would do.
  definitions.OtherString = { not: {} }
  const ajv = new Ajv({ coerceTypes: true, strict: false, allowUnionTypes: true, validateFormats: false })
  ajv.addSchema({ $id: 'stripe', definitions })
  const names = Object.keys(definitions).filter((name) => /^[A-Za-z.]+Params$/.test(name))
  return new Map(names.map((name) => [name, ajv.compile({ $ref: `stripe#/definitions/${name}` })]))
}

/** Null when it is right, or a sentence. Texts become numbers and truths where the schema says so. */
export function faultOf(type: string, asked: { [key: string]: Json }): string | null {
  const validate = validatorOf(type)
  if (validate(asked)) return null
  const [first] = validate.errors ?? []
  return `${first?.instancePath || 'request'} ${first?.message} ${JSON.stringify(first?.params)}`
}
