/** How message texts are sealed: what each ciphertext is bound to, and the short form that lists show. */

/** Additional authenticated data: a value copied to another row does not open there. */
export const about = {
  body: (messageId: string) => `message ${messageId}`,
  // A preview moves with its thread, which is bound to the contact's own key already.
  preview: (contactId: string) => `preview ${contactId}`,
}

/** What is said: a text, files, or both. */
export interface Said {
  text: string
  files?: readonly { id: string; name: string }[] | undefined
}

/** Tells a retry from another message under the same client id. (No text holds a NUL.) */
export const samenessOf = ({ text, files = [] }: Said): string => [text, ...files.map(({ id }) => id).sort()].join('\0')

/** A message is found by its text and by the names of its files. */
export const wordsOf = ({ text, files = [] }: Said): string => [text, ...files.map(({ name }) => name)].join(' ')

/** First line for lists, at most 140 signs: of the text, or else the files' names. */
export function previewOf({ text, files = [] }: Said): string {
  const line = text.replace(/\s+/g, ' ').trim() || files.map(({ name }) => `📎 ${name}`).join(' ')
  return line.length > 140 ? `${line.slice(0, 139).replace(/[\ud800-\udbff]$/, '')}…` : line
}
