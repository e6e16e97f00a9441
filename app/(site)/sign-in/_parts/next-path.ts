/** Where a person wanted to go: only a path of this site, never another one. */

/** The path, or null for anything that could lead away. */
export function nextPath(text: string | string[] | null | undefined): string | null {
  if (typeof text !== 'string' || !text.startsWith('/') || text.length > 2_000) return null
  // Browsers read a backslash as a slash and drop tabs and line ends: `/\evil` and `/⇥/evil` would lead away.
  if (/[\\\p{Cc}]/u.test(text)) return null
  const here = 'http://here.invalid'
  try {
    const url = new URL(text, here)
    if (url.origin !== here || url.pathname.startsWith('//') || url.pathname.startsWith('/api/')) return null
    return url.pathname + url.search + url.hash
  } catch {
    return null
  }
}
