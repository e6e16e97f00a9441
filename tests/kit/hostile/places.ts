/** Where texts stand in what a route takes: in a body that is right, and in the schema, what may be left out included. */
import type { Schema } from './bodies'

export type Place = readonly (string | number)[]

/** Of a value as it is sent. */
export function placesIn(value: unknown, at: Place = []): Place[] {
  if (typeof value === 'string') return [at]
  if (!value || typeof value !== 'object') return []
  const entries = Array.isArray(value) ? value.map((one, n) => [n, one] as const) : Object.entries(value)
  return entries.flatMap(([name, one]) => placesIn(one, [...at, name]))
}

/** Of everything that a schema takes; words of a closed list are none. */
export function placesOf(schema: Schema, at: Place = []): Place[] {
  const several = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]
  if (several.length) return several.flatMap((one) => placesOf(one, at))
  if (schema.enum || schema.const !== undefined) return []
  if (schema.items) return placesOf(schema.items, [...at, 0])
  if (typeof schema.additionalProperties === 'object')
    return placesOf(schema.additionalProperties, [...at, String(schema.propertyNames?.enum?.[0] ?? 'en')])
  if (schema.properties) return Object.entries(schema.properties).flatMap(([name, one]) => placesOf(one, [...at, name]))
  return schema.type === undefined || schema.type === 'string' ? [at] : []
}

/** The value with the text there, and what leads to it made where it is missing. */
export function put(value: unknown, [name, ...deeper]: Place, text: string): unknown {
  if (name === undefined) return text
  if (typeof name === 'number') {
    const list = Array.isArray(value) ? [...value] : []
    list[name] = put(list[name], deeper, text)
    return list
  }
  const all = value && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  return { ...all, [name]: put(all[name], deeper, text) }
}
