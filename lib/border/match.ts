/** Finds the declared route of a method and path. */
import type { Method, Params, Route } from './route'

interface Compiled {
  route: Route
  parts: string[]
}

export type Found = { route: Route; params: Params } | { allowed: Method[] }

/** Builds the look-up once; two routes of one method and shape are an error. */
export function compileRoutes(routes: readonly Route[]): (method: string, path: string) => Found {
  const exact = new Map<string, Route>()
  const byLength = new Map<number, Compiled[]>()
  const shapes = new Set<string>()
  for (const route of routes) {
    const shape = `${route.method} ${route.path.replace(/:[^/]+/g, ':')}`
    if (shapes.has(shape)) throw new Error(`declared twice: ${shape}`)
    shapes.add(shape)
    if (!route.path.includes(':')) exact.set(`${route.method} ${route.path}`, route)
    const parts = route.path.split('/')
    byLength.set(parts.length, [...(byLength.get(parts.length) ?? []), { route, parts }])
  }
  // Named segments are tried after fixed ones, so /members/me wins over /members/:id.
  for (const list of byLength.values())
    list.sort((a, b) => a.route.path.split(':').length - b.route.path.split(':').length)
  return (method, path) => {
    const fixed = exact.get(`${method} ${path}`)
    if (fixed) return { route: fixed, params: {} }
    const parts = path.split('/')
    const allowed: Method[] = []
    for (const candidate of byLength.get(parts.length) ?? []) {
      const params = matchParts(candidate.parts, parts)
      if (!params) continue
      if (candidate.route.method === method) return { route: candidate.route, params }
      allowed.push(candidate.route.method)
    }
    return { allowed }
  }
}

function matchParts(pattern: string[], parts: string[]): Params | null {
  const params: Params = {}
  for (let i = 0; i < pattern.length; i++) {
    const want = pattern[i] as string
    const have = parts[i] as string
    if (!want.startsWith(':')) {
      if (want !== have) return null
    } else {
      if (have === '') return null
      try {
        params[want.slice(1)] = decodeURIComponent(have)
      } catch {
        return null
      }
    }
  }
  return params
}
