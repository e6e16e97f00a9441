/** What a search asks for of what was typed, pasted or linked: as much as the API takes, and no half word at its end. */

/** Longest search, UTF-16 units (`q` of the API). */
const longest = 200

export function searchable(text: string): string {
  const words = text.trim()
  if (words.length <= longest) return words
  // Half a word stands in no message. Chinese is searched by pairs of signs and may end anywhere, but not in a sign.
  const cut = words.slice(0, longest + 1)
  const end = cut.search(/\s\S*$/)
  return end > 0 ? cut.slice(0, end).trimEnd() : cut.slice(0, longest).replace(/[\ud800-\udbff]$/, '')
}
