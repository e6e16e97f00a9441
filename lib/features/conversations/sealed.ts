/** How message texts are sealed: what each ciphertext is bound to, and the short form that lists show. */

/** Additional authenticated data: a value copied to another row does not open there. */
export const about = {
  body: (messageId: string) => `message ${messageId}`,
  // A preview moves with its thread, which is bound to the contact's own key already.
  preview: (contactId: string) => `preview ${contactId}`,
}

/** First line of a text for lists, at most 140 signs. */
export function previewOf(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 140 ? `${line.slice(0, 139).replace(/[\ud800-\udbff]$/, '')}…` : line
}
