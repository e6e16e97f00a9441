/** Hides words that few contacts used: a word of one person says who they are, even where no pattern knows it. Pure. */

export interface Said {
  text: string
  /** Whose words they are; null for what the account wrote or imported itself. */
  contactId: string | null
}

/** A word that fewer contacts used does not leave the account (k-anonymity, Sweeney 2002). */
export const fewestContacts = 5
export const hidden = '▢'

const segmenters = {
  zh: new Intl.Segmenter('zh', { granularity: 'word' }),
  en: new Intl.Segmenter('en', { granularity: 'word' }),
}

/** Words with the signs between them, in order; what masking put in stays whole. */
function piecesOf(text: string): { piece: string; word: boolean }[] {
  return text.split(/(\[[a-z_]+\])/).flatMap((part) => {
    if (/^\[[a-z_]+\]$/.test(part)) return [{ piece: part, word: false }]
    const segmenter = /\p{Script=Han}/u.test(part) ? segmenters.zh : segmenters.en
    return [...segmenter.segment(part)].map(({ segment, isWordLike }) => ({
      piece: segment,
      word: isWordLike === true,
    }))
  })
}

/** The texts, in order, with rare words replaced by ▢. Words of the account's own texts are nobody's secret. */
export function hideRare(said: readonly Said[], least = fewestContacts): string[] {
  const users = new Map<string, Set<string>>()
  const own = new Set<string>()
  const pieces = said.map(({ text }) => piecesOf(text))
  for (const [at, { contactId }] of said.entries()) {
    for (const { piece, word } of pieces[at] ?? []) {
      if (!word) continue
      const key = piece.toLowerCase()
      if (contactId === null) own.add(key)
      else users.set(key, (users.get(key) ?? new Set()).add(contactId))
    }
  }
  const known = (piece: string) => {
    const key = piece.toLowerCase()
    return own.has(key) || (users.get(key)?.size ?? 0) >= least
  }
  return said.map(({ contactId, text }, at) =>
    contactId === null
      ? text
      : (pieces[at] ?? []).map(({ piece, word }) => (word && !known(piece) ? hidden : piece)).join(''),
  )
}
