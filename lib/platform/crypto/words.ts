/** Cuts a text into the words it is found by: lower-case words of alphabetic scripts, and pairs of signs for Chinese and its kin. */

const limit = 400
// The second kind ends where a sign of the first begins: "order没到" holds two runs. Marks belong to their letters.
const runs =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]+|[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]]+/gv
const pairScript = /^[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]/u

/** Distinct search words of a text (at most 400). A single Han sign stands as itself, longer runs as overlapping pairs. */
export function searchWords(text: string): string[] {
  const words = new Set<string>()
  for (const [run] of text.normalize('NFKC').toLowerCase().matchAll(runs)) {
    if (!pairScript.test(run)) words.add(run.slice(0, 40))
    else {
      const signs = Array.from(run)
      if (signs.length === 1) words.add(run)
      for (let i = 1; i < signs.length; i++) words.add(`${signs[i - 1]}${signs[i]}`)
    }
    if (words.size >= limit) break
  }
  return [...words].slice(0, limit)
}
