/** Makes and finds elements. Text becomes text nodes, always; there is no way to pass markup. */

export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  props: Partial<HTMLElementTagNameMap[Tag]> = {},
  ...inside: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = Object.assign(document.createElement(tag), props)
  element.append(...inside)
  return element
}

export const find = <Kind extends HTMLElement = HTMLElement>(id: string) => document.getElementById(id) as Kind

/** Writes only what differs: a status that is written anew is read out anew. */
export function write(element: Element, text: string) {
  if (element.textContent !== text) element.textContent = text
}
