/** What a stored bundle is called: its owner and the sha256 of its manifest, so that a name fits one owner and one set of weights. */
const NAMED = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([0-9a-f]{64})$/

export function bundleName(owner: string, digest: string): string {
  return `${owner}.${digest}`
}

/** Undefined for a name that promises nothing. */
export function promiseOf(name: string): { id: string; digest: string } | undefined {
  const [, id, digest] = NAMED.exec(name) ?? []
  return id && digest ? { id, digest } : undefined
}
