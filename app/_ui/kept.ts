/** What somebody has written and not sent yet: kept in this browser for them and their account, until it is sent or they sign out. */
/** `lingxi.unsent.<person>.<account>.<kind>.<id>`: each thing has a place of its own, so that tabs do not undo each other. */
const prefix = 'lingxi.unsent.'
type KeptKind = 'draft' | 'message'
const placeOf = (owner: string, kind: KeptKind, id: string) => `${prefix}${owner}.${kind}.${id}`

/** Storage may be closed to us or full: then things last as long as the page. */
const ofThisPage = new Map<string, string>()
function attempt<T>(work: () => T, otherwise: T): T {
  try {
    return work()
  } catch {
    return otherwise
  }
}

const names = (start: string): string[] => Object.keys(localStorage).filter((name) => name.startsWith(start))

/** Keeps a text; an empty one is forgotten. */
export function keep(owner: string, kind: KeptKind, id: string, text: string): void {
  const place = placeOf(owner, kind, id)
  ofThisPage.set(place, text)
  attempt(() => (text ? localStorage.setItem(place, text) : localStorage.removeItem(place)), undefined)
}

export function readKept(owner: string, kind: KeptKind, id: string): string {
  const place = placeOf(owner, kind, id)
  return ofThisPage.get(place) ?? attempt(() => localStorage.getItem(place) ?? '', '')
}

export const allKept = (owner: string, kind: KeptKind): string[] =>
  attempt(() => names(placeOf(owner, kind, '')).map((name) => localStorage.getItem(name) ?? ''), [])

/** At signing out: the next person at this screen finds nothing. */
export function forgetKept(): void {
  attempt(() => {
    for (const name of names(prefix)) localStorage.removeItem(name)
  }, undefined)
}
