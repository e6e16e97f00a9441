/** What one rule of the masking is: a kind, and where in a folded text it stands. Pure. */

export const maskedKinds = [
  'secret',
  'handle',
  'email',
  'iban',
  'resident_id',
  'card',
  'ip',
  'phone',
  'address',
  'name',
] as const
export type MaskedKind = (typeof maskedKinds)[number]

/** From and to, in the folded text. */
export type Span = readonly [from: number, to: number]

export interface Finder {
  kind: MaskedKind
  find(text: string): Iterable<Span>
}

/** Looks only at what a check of the match lets through. `group` names the thing itself, which ends the match. */
export function byPattern(
  kind: MaskedKind,
  pattern: RegExp,
  { group = 0, holds }: { group?: number; holds?: (what: string, from: number, text: string) => boolean } = {},
): Finder {
  return {
    kind,
    *find(text) {
      for (const match of text.matchAll(pattern)) {
        const what = match[group]?.trimEnd()
        if (!what) continue
        const from = match.index + match[0].lastIndexOf(what)
        if (!holds || holds(what, from, text)) yield [from, from + what.length]
      }
    },
  }
}
