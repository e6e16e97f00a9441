/** Finds the addresses in a text. Only http, https, mailto and tel become links; everything else stays text. */

export interface Piece {
  text: string
  href?: string
}

// Characters of an address are ASCII: Chinese words and punctuation around it end it. It may hold (pairs of brackets) and does
// not end with a mark that belongs to the sentence.
const ADDRESS =
  /((?:https?:\/\/|mailto:|tel:)(?:[\w.~:/?#@!$&'*+,;=%-]|\([\w.%-]+\))*(?:[\w~/#$&+=%-]|\([\w.%-]+\))|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+)/i

export function linkify(text: string): Piece[] {
  // Split at a group: texts and addresses take turns.
  return text
    .split(ADDRESS)
    .map((text, place) => (place % 2 ? { text, href: /^\w+:/.test(text) ? text : `mailto:${text}` } : { text }))
}
