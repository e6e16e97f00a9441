/** Each place of a request where somebody may write a text, and the request with a text there. */
import type { Route } from '@/lib/border/route'
import { Bodies } from '../../kit/hostile/bodies'
import { type Place, placesIn, placesOf, put } from '../../kit/hostile/places'
import { requestOf, type Sample } from './samples'
import type { Things } from './things'

export interface Said {
  path: string
  headers?: Record<string, string>
  body?: unknown
}

export interface Field {
  /** The form takes any text there; false for ids, times and names of things in the path. */
  free: boolean
  with(text: string): Said
}

const bodies = new Bodies(5)
/** A body's as well as a query's. */
const right = (sample: Sample, things: Things): object => sample.body?.(things) ?? {}

/** The request as it should be. */
export function asItIs(route: Route, sample: Sample, slug: string, things: Things): Said {
  const { path } = requestOf(sample, slug, things)
  if (sample.bytes) return { path, headers: { 'x-file-name': 'a.png' }, body: sample.bytes() }
  return { path, body: route.file ? Buffer.from('hello') : right(sample, things) }
}

export function fieldsOf(route: Route, sample: Sample, slug: string, things: Things): Field[] {
  const plain = asItIs(route, sample, slug, things)
  // The last thing that a path names; an account is named by its slug.
  const param = /:(?!account)\w+(?!.*:)/.exec(route.path)?.[0]
  const named = (text: string): Said => {
    const renamed = { ...sample, route: sample.route.replace(param as string, encodeURIComponent(text)) }
    return { ...plain, path: requestOf(renamed, slug, things).path }
  }
  const inPath: Field[] = param ? [{ free: false, with: named }] : []
  if (route.file) {
    const name = (text: string): Said => ({ ...plain, headers: { 'x-file-name': encodeURIComponent(text) } })
    const lines = (text: string): Said => ({
      ...plain,
      headers: { 'x-file-name': 'a.csv' },
      body: Buffer.from(`text,label\n${text},${text}\n`),
    })
    return [...inPath, { free: true, with: name }, { free: true, with: lines }]
  }
  const places = [...placesIn(right(sample, things)), ...placesOf(bodies.schemaOf(route.input))]
  const once = new Map(places.map((place): [string, Place] => [place.join('.'), place]))
  const inBody = [...once.values()].map((place): Field => {
    const body = (text: string) => put(right(sample, things), place, text)
    // As short as the shortest spelling of an address.
    return {
      free: route.input.safeParse(body('http://0:12345/')).success,
      with: (text) => ({ path: plain.path, body: body(text) }),
    }
  })
  return [...inPath, ...inBody]
}
