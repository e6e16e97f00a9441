/** Puts a text on the clipboard, also from pages that came over plain http: `navigator.clipboard` is missing there. */

/** Call it while a press or a key is handled; throws where the browser refuses. */
export async function copyText(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text)
  const element = document.createElement('span')
  element.textContent = text
  // Out of sight, with its line breaks, and selectable whatever the page says.
  element.style.cssText = 'position: fixed; top: 0; clip-path: inset(50%); white-space: pre; user-select: text'
  document.body.append(element)
  const selection = getSelection()
  const before = selection?.rangeCount ? selection.getRangeAt(0) : null
  selection?.selectAllChildren(element)
  const copied = document.execCommand('copy')
  element.remove()
  selection?.removeAllRanges()
  if (before) selection?.addRange(before)
  if (!copied) throw new Error('The browser copies nothing.')
}
