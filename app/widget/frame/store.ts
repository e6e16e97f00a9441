/** What outlives a reload, by name. Each name has a place of its own, so that two tabs never overwrite each other's messages. */

/** This inbox's site key. */
export const siteKey = new URLSearchParams(globalThis.location?.search).get('key') ?? ''

const prefix = `lingxi:${siteKey}:`
/** Memory where the browser forbids storage, or has no room left. */
let box: Record<string, string> = {}
try {
  box = localStorage as unknown as Record<string, string>
} catch {}

export const get = (name: string): string | undefined => box[prefix + name]

/** An empty value removes. */
export function set(name: string, value?: string) {
  const key = prefix + name
  try {
    if (value) box[key] = value
    else delete box[key]
  } catch {
    box = { ...box, [key]: value ?? '' }
  }
}

export const names = (start: string): string[] =>
  Object.keys(box)
    .filter((key) => key.startsWith(prefix + start))
    .map((key) => key.slice(prefix.length))
